/// Counts what agreed with the reference, what did not, and what is not supported yet.
package struct Tally: Sendable {
  package private(set) var passed = 0
  package private(set) var failed = 0
  /// Figures, and refusals where one is right, that were held to the reference.
  package private(set) var figures = 0
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

  /// Counts one case by what was compared in it.
  package mutating func record(_ comparison: Comparison, in caseName: String) {
    figures += comparison.figures
    record(comparison.differences, in: caseName)
  }

  package mutating func skip(_ operation: String) {
    skippedByOperation[operation, default: 0] += 1
  }

  /// The failures, what was skipped and compared, and the three counts on the last line.
  package var report: String {
    let skips = skippedByOperation.sorted { $0.key < $1.key }.map { "skipped \($0.key): \($0.value)" }
    let compared = figures == 0 ? [] : ["compared \(figures) figures and refusals"]
    return (failures + skips + compared + ["\(passed) passed, \(failed) failed, \(skipped) skipped"])
      .map { $0 + "\n" }.joined()
  }
}
