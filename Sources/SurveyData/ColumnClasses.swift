/// How near a column leads to a person.
package enum ColumnClass: String, Sendable, CaseIterable {
  /// By itself: names, identity numbers, telephone numbers, exact coordinates.
  case direct
  /// Together with others: age, village, rare causes.
  case quasi
  /// Not at all.
  case value
}

/// The classes that a survey file gives to columns; what it says goes before what a name or a value suggests.
package struct ColumnClasses: Sendable, Hashable {
  /// Names or patterns with `*`, by class.
  package var names: [ColumnClass: [String]]

  package init(_ names: [ColumnClass: [String]] = [:]) { self.names = names }

  /// The class that was declared for a column; of several that fit, the one nearest to a person.
  package func declared(_ column: String) -> ColumnClass? {
    ColumnClass.allCases.first { own in (names[own] ?? []).contains { fits($0, column) } }
  }

  /// Declared names without a pattern that none of some columns has.
  package func absent(from columns: Set<String>) -> [(class: ColumnClass, name: String)] {
    ColumnClass.allCases.flatMap { own in
      (names[own] ?? []).filter { !$0.contains("*") && !columns.contains($0) }.map { (own, $0) }
    }
  }
}

/// Whether a name fits a pattern in which `*` stands for any text.
private func fits(_ pattern: String, _ name: String) -> Bool {
  let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
  guard parts.count > 1, let first = parts.first, let last = parts.last else { return pattern == name }
  guard name.hasPrefix(first) else { return false }
  var rest = name.dropFirst(first.count)
  for part in parts.dropFirst().dropLast() where !part.isEmpty {
    guard let found = rest.firstRange(of: part) else { return false }
    rest = rest[found.upperBound...]
  }
  return rest.hasSuffix(last)
}
