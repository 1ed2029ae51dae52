import Foundation
import Testing

/// What `reference-check` printed and its exit status.
private struct CheckRun {
  var status: Int32
  var lines: [String]

  var failures: [String] { lines.filter { $0.hasPrefix("FAIL") } }

  /// Passed, failed and skipped from the closing line.
  var counts: [Int] {
    (lines.last ?? "").split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
  }
}

private let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()

private func check(_ arguments: [String]) throws -> CheckRun {
  let process = Process()
  process.executableURL = productFolder().appendingPathComponent("reference-check")
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  process.standardError = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
  return CheckRun(status: process.terminationStatus, lines: lines)
}

private func productFolder() -> URL {
  // The folder of the test product: where every product of this build stands.
  for bundle in CommandLine.arguments where bundle.hasSuffix(".xctest") {
    return URL(fileURLWithPath: bundle).deletingLastPathComponent()
  }
  return URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
}

@Suite struct ReferenceCheckTests {
  @Test("R survey's figures come back: every case that has code here passes")
  func estimation() throws {
    let run = try check(["estimation", root.appendingPathComponent("Fixtures/reference").path])
    #expect(run.failures.isEmpty, "\(run.failures.prefix(10).joined(separator: "\n"))")
    #expect(run.status == 0)
    #expect(run.counts.count == 3)
    // What passed on the day this was written: fewer means that cases are no longer recognised.
    #expect((run.counts.first ?? 0) >= 1210, "\(run.lines.last ?? "")")
  }

  @Test("the draw protocol's vectors come back")
  func draw() throws {
    let run = try check(["draw", root.appendingPathComponent("Fixtures/draw-protocol/vectors.json").path])
    #expect(run.failures.isEmpty)
    #expect(run.status == 0)
    #expect((run.counts.first ?? 0) == 56, "\(run.lines.last ?? "")")
  }

  @Test("the vectors of the protocol's annexes come back, of every method")
  func annexes() throws {
    let run = try check(["draw", root.appendingPathComponent("Fixtures/draw-protocol/annex-vectors.json").path])
    #expect(run.failures.isEmpty, "\(run.failures.prefix(10).joined(separator: "\n"))")
    #expect(run.status == 0)
    #expect(run.counts == [610, 0, 0], "\(run.lines.last ?? "")")
  }

  @Test("a folder that is not there and a figure that differs do not pass")
  func refusals() throws {
    #expect(try check(["estimation", "/no/such/folder"]).status == 66)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reference-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("cases"),
      withIntermediateDirectories: true
    )
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("data"),
      withIntermediateDirectories: true
    )
    try Data("y,w\n1,2\n2,2\n4,2\n".utf8).write(to: folder.appendingPathComponent("data/d.csv"))
    let suite = """
      {"suite": "own", "designs": {"d": {"data": "data/d.csv", "type": "linear", "ids": [], "weights": "w"}},
       "cases": [{"id": "wrong", "design": "d", "op": "mean", "variables": ["y"],
                  "expected": {"estimate": [2.5], "se": [0.1]}},
                 {"id": "other", "design": "d", "op": "total", "variables": ["y"], "expected": {"estimate": 14}},
                 {"id": "new", "op": "tea", "expected": {}}]}
      """
    try Data(suite.utf8).write(to: folder.appendingPathComponent("cases/own.json"))
    let run = try check(["estimation", folder.path])
    #expect(run.status == 1)
    #expect(run.counts == [1, 1, 1], "\(run.lines)")
    #expect(run.lines.contains { $0.hasPrefix("FAIL own wrong") && $0.contains("2.5") })
  }
}
