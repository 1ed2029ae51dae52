/// Counts what agreed with the reference, what did not, and what is not supported yet.
struct Tally {
  private(set) var passed = 0
  private(set) var failed = 0
  private var skippedByOperation: [String: Int] = [:]

  var skipped: Int { skippedByOperation.values.reduce(0, +) }

  /// Counts one case; the failures found in it are printed, each on a line.
  mutating func record(_ failures: [String], in caseName: String) {
    if failures.isEmpty {
      passed += 1
    } else {
      failed += 1
      for failure in failures { print("FAIL \(caseName): \(failure)") }
    }
  }

  mutating func skip(_ operation: String) {
    skippedByOperation[operation, default: 0] += 1
  }

  func printSummary() {
    for (operation, count) in skippedByOperation.sorted(by: { $0.key < $1.key }) {
      print("skipped \(operation): \(count)")
    }
    print("\(passed) passed, \(failed) failed, \(skipped) skipped")
  }
}

/// Two numbers that should agree: `nil` when |a − b| ≤ tolerance × max(1e-12, |b|) or below the floor.
func disagreement(
  _ what: String, _ value: Double?, _ expected: Double, tolerance: Double, floor: Double = 0
) -> String? {
  // Where R has no number, ours is one with a reason, or none.
  if value == nil, expected.isNaN { return nil }
  guard let value else { return "\(what): no value, expected \(expected)" }
  if value == expected || value.isNaN && expected.isNaN { return nil }
  let difference = abs(value - expected)
  if difference <= tolerance * max(1e-12, abs(expected)) || difference <= floor { return nil }
  return "\(what): got \(value), expected \(expected), relative tolerance \(tolerance)"
}
