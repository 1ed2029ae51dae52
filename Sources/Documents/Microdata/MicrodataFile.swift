/// Rows of data with what their columns mean, to be written for a statistics program.
package struct MicrodataFile: Sendable {
  /// How a number is to be read.
  package enum NumberKind: Sendable, Hashable {
    case number
    /// Days since 1970-01-01.
    case day
    /// Milliseconds since 1970-01-01.
    case moment
  }

  package enum Values: Sendable {
    /// Missing values are NaN.
    case numbers([Double], NumberKind)
    /// Codes into levels; a negative code is missing.
    case texts(levels: [String], codes: [Int32])

    var count: Int {
      switch self {
      case .numbers(let numbers, _): numbers.count
      case .texts(_, let codes): codes.count
      }
    }

    var isText: Bool {
      if case .texts = self { true } else { false }
    }
  }

  /// A value with a label.
  package enum LabelledValue: Sendable, Hashable {
    case number(Double)
    case text(String)
    /// Stata's .a to .z.
    case tag(Character)
  }

  package enum Measure: Sendable { case unknown, nominal, ordinal, scale }

  /// One column.
  package struct Variable: Sendable {
    package var name: String
    package var label: String
    package var values: Values
    package var valueLabels: [(value: LabelledValue, label: String)]
    /// Numbers that count as missing, from one to another.
    package var missingNumbers: [ClosedRange<Double>]
    package var measure: Measure

    package init(
      name: String,
      label: String = "",
      values: Values,
      valueLabels: [(value: LabelledValue, label: String)] = [],
      missingNumbers: [ClosedRange<Double>] = [],
      measure: Measure = .unknown
    ) {
      self.name = name
      self.label = label
      self.values = values
      self.valueLabels = valueLabels
      self.missingNumbers = missingNumbers
      self.measure = measure
    }
  }

  package var variables: [Variable]
  package var label: String
  /// The variable by which the file's program is to weight.
  package var weight: String?
  /// Sentences kept in the file: SPSS's documents, Stata's notes.
  package var notes: [String]

  package init(variables: [Variable], label: String = "", weight: String? = nil, notes: [String] = []) {
    self.variables = variables
    self.label = label
    self.weight = weight
    self.notes = notes
  }

  package var rowCount: Int { variables.first?.values.count ?? 0 }
}

/// A form of statistics file that can be written.
package enum MicrodataForm: String, Sendable, CaseIterable {
  /// SPSS.
  case sav
  /// SPSS, packed.
  case zsav
  /// Stata 14 and later.
  case dta

  /// How many bytes a text may have.
  var longestText: Int { self == .dta ? 2_000_000_000 : 32_767 }

  /// Texts beyond it go to Stata's strL.
  static let longestFixedText = 2_045
}

/// What a form could not hold as it was.
package enum MicrodataChange: Sendable, Hashable {
  /// A column has a name that the program does not take.
  case renamed(from: String, to: String)
  /// Labels are longer than the form's limit.
  case labelsCut(variable: String)
  /// The form has no labels for such values: texts and fractions in Stata, tags in SPSS.
  case labelsDropped(variable: String, count: Int)
}
