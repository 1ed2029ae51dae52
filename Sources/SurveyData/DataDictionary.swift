/// What a file says of its own columns: labels, codes, missing values, formats.
///
/// Files of statistics programs have one; a CSV file has none.
package struct DataDictionary: Sendable, Hashable {
  /// How a variable is measured, where the file says so.
  package enum Measure: String, Sendable, Hashable { case unknown, nominal, ordinal, scale }

  /// One value and what it stands for.
  package struct ValueLabel: Sendable, Hashable {
    package var value: Value
    package var label: String

    package init(_ value: Value, _ label: String) {
      self.value = value
      self.label = label
    }
  }

  /// A value that carries a label or is declared missing.
  package enum Value: Sendable, Hashable {
    case number(Double)
    case text(String)
    /// One of Stata's .a to .z or SAS's .A to .Z: a missing value that says why.
    case tag(Character)

    /// As it would stand in a cell.
    package var text: String {
      switch self {
      case .number(let value): shortest(value)
      case .text(let text): text
      case .tag(let tag): ".\(tag)"
      }
    }
  }

  /// Values that the file's author declared missing, from one to another; a single value is both.
  package struct MissingRange: Sendable, Hashable {
    package var low: Value
    package var high: Value

    package init(_ low: Value, _ high: Value) {
      self.low = low
      self.high = high
    }
  }

  /// One column.
  package struct Variable: Sendable, Hashable {
    package var name: String
    package var label: String?
    package var isText: Bool
    /// The width of a text in bytes; 0 where the file does not say.
    package var width: Int
    /// The print format in the words of its program, such as F8.2, %td or YYMMDD10.
    package var format: String?
    package var measure: Measure
    package var displayWidth: Int
    package var valueLabels: [ValueLabel]
    package var missing: [MissingRange]

    package init(
      name: String,
      label: String? = nil,
      isText: Bool,
      width: Int = 0,
      format: String? = nil,
      measure: Measure = .unknown,
      displayWidth: Int = 0,
      valueLabels: [ValueLabel] = [],
      missing: [MissingRange] = []
    ) {
      self.name = name
      self.label = label
      self.isText = isText
      self.width = width
      self.format = format
      self.measure = measure
      self.displayWidth = displayWidth
      self.valueLabels = valueLabels
      self.missing = missing
    }

    /// Each labelled value's text in a cell with the label shown for it.
    ///
    /// A label that several values share is told apart by the value behind it, so that no two classes become one.
    package var shownLabels: [(value: Value, label: String)] {
      var uses: [String: Int] = [:]
      for entry in valueLabels { uses[entry.label, default: 0] += 1 }
      return valueLabels.map { entry in
        (entry.value, uses[entry.label, default: 0] > 1 ? "\(entry.label) (\(entry.value.text))" : entry.label)
      }
    }
  }

  package var variables: [Variable]
  package var fileLabel: String?
  /// The variable that the file's own program weights by.
  package var weight: String?

  package init(variables: [Variable], fileLabel: String? = nil, weight: String? = nil) {
    self.variables = variables
    self.fileLabel = fileLabel
    self.weight = weight
  }

  package subscript(name: String) -> Variable? { variables.first { $0.name == name } }
}
