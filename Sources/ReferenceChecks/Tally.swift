/// Counts what agreed with the reference, what did not, and what is not supported yet.
package struct Tally: Sendable {
  package private(set) var passed = 0
  package private(set) var failed = 0
  /// One line a difference: the case, both numbers and the tolerance.
  package private(set) var failures: [String] = []
  package private(set) var skippedByOperation: [String: Int] = [:]

  package var skipped: Int { skippedByOperation.values.reduce(0, +) }

  package init() {}

  /// Counts one case; every difference found in it becomes a line.
  package mutating func record(_ differences: [String], in caseName: String) {
    if differences.isEmpty {
      passed += 1
    } else {
      failed += 1
      failures += differences.map { "FAIL \(caseName): \($0)" }
    }
  }

  package mutating func skip(_ operation: String) {
    skippedByOperation[operation, default: 0] += 1
  }

  /// The failures, what was skipped, and the three counts on the last line.
  package var report: String {
    let skips = skippedByOperation.sorted { $0.key < $1.key }.map { "skipped \($0.key): \($0.value)" }
    return (failures + skips + ["\(passed) passed, \(failed) failed, \(skipped) skipped"])
      .map { $0 + "\n" }.joined()
  }
}
