/// What of one case was held to the reference, and what differs.
///
/// The number of figures is kept so that a case in which nothing is compared cannot pass.
package struct Comparison: Sendable, ExpressibleByArrayLiteral {
  package private(set) var differences: [String]
  /// Figures, absent ones among them, and rules of the reference that are no figures.
  package private(set) var figures: Int

  init(differences: [String], figures: Int) {
    self.differences = differences
    self.figures = figures
  }

  package init(arrayLiteral differences: String...) {
    self.init(differences: differences, figures: 0)
  }

  /// One thing that was looked at and is as it should be.
  static let agreement = Comparison(differences: [], figures: 1)

  /// One thing that was looked at and is not.
  static func difference(_ text: String) -> Comparison { Comparison(differences: [text], figures: 1) }

  mutating func append(_ difference: String) { differences.append(difference) }

  /// The same with a name before every difference.
  func labelled(_ label: String) -> Comparison {
    Comparison(differences: differences.map { "\(label) \($0)" }, figures: figures)
  }

  static func + (left: Comparison, right: Comparison) -> Comparison {
    Comparison(differences: left.differences + right.differences, figures: left.figures + right.figures)
  }

  static func += (left: inout Comparison, right: Comparison) { left = left + right }
}

extension Sequence {
  /// The comparisons of all elements as one.
  func compared(_ compare: (Element) throws -> Comparison) rethrows -> Comparison {
    var found: Comparison = []
    for element in self { found += try compare(element) }
    return found
  }
}
