import Foundation

/// A number slot of a case: a number, or one of R's words for what is none; `nil` where there is nothing.
func referenceNumber(_ value: Any?) -> Double? {
  switch value {
  case let text as String:
    switch text {
    case "NaN", "NA": return .nan
    case "Inf": return .infinity
    case "-Inf": return -.infinity
    default: return Double(text)
    }
  case let number as NSNumber: return number.doubleValue
  default: return nil
  }
}

/// A list of number slots; a single one counts as a list.
func referenceNumbers(_ value: Any?) -> [Double]? {
  if let list = value as? [Any] { return list.map { referenceNumber($0) ?? .nan } }
  return referenceNumber(value).map { [$0] }
}

/// A list of texts; a single one counts as a list.
func referenceTexts(_ value: Any?) -> [String] {
  if let list = value as? [Any] { return list.compactMap { $0 as? String } }
  return (value as? String).map { [$0] } ?? []
}

/// How far results may lie from R's, as the reference's own README sets it out.
enum ReferenceTolerance {
  /// Estimates, standard errors, covariances, design effects, t limits.
  static let estimate = 1e-9
  /// Xlogit, arcsine and beta limits, Korn–Graubard, Wilson.
  static let interval = 1e-8
  /// R takes its logit interval from a regression that stops at a relative change of 1e-8 in the deviance: its
  /// estimate lies up to 3e-8 from the mean of the same case (reference case `hh3.wrong_exit`), so that the
  /// tolerance of regressions applies.
  static let regression = 1e-7
}

/// Compares a list of figures; standard errors that are zero in theory have an absolute floor.
func disagreements(
  _ what: String, _ found: [Double?], _ expected: [Double]?, tolerance: Double, floors: [Double] = []
) -> [String] {
  guard let expected else { return [] }
  guard found.count == expected.count else {
    return ["\(what): \(found.count) figures, expected \(expected.count)"]
  }
  return found.indices.compactMap { place in
    disagreement(
      expected.count > 1 ? "\(what) \(place + 1)" : what, found[place], expected[place], tolerance: tolerance,
      floor: place < floors.count ? floors[place] : 0)
  }
}
