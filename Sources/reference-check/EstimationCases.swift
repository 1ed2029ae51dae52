import Foundation
import SurveyData
import TabularFiles

/// Checks every case of a reference folder against the estimators.
///
/// Operations and designs without code here are skipped by name; a case whose data file is absent too.
func checkEstimation(folder: String, into tally: inout Tally) throws {
  let root = URL(fileURLWithPath: folder)
  let files = try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("cases").path)
    .filter { $0.hasSuffix(".json") }.sorted()
  var tables = ReferenceTables(root: root)
  for file in files {
    let data = try Data(contentsOf: root.appendingPathComponent("cases/" + file))
    guard let suite = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
      tally.record(["the file is no JSON object"], in: file)
      continue
    }
    let name = suite["suite"] as? String ?? file
    let designs = suite["designs"] as? [String: [String: Any]] ?? [:]
    for fields in suite["cases"] as? [[String: Any]] ?? [] {
      check(fields, suite: name, designs: designs, tables: &tables, into: &tally)
    }
  }
}

private func check(
  _ fields: [String: Any], suite: String, designs: [String: [String: Any]], tables: inout ReferenceTables,
  into tally: inout Tally
) {
  let operation = fields["op"] as? String ?? "without op"
  let name = "\(suite) \(fields["id"] as? String ?? "?")"
  let expected = fields["expected"] as? [String: Any] ?? [:]
  if operation == "distribution" {
    return checkDistribution(fields, expected, name: name, into: &tally)
  }
  guard EstimationCase.operations.contains(operation), let spec = designs[fields["design"] as? String ?? ""] else {
    return tally.skip(operation)
  }
  let mayBeRefused =
    fields["expect_error"] as? Bool ?? false || expected["error"] != nil
    || expected["degenerate"] as? Bool ?? false
  do {
    let design = try ReferenceDesign(spec)
    guard let table = try tables.table(design.data) else { throw Unsupported(what: "without data") }
    let estimationCase = try EstimationCase(fields, operation: operation, design: design, table: table)
    if mayBeRefused {
      tally.record(try estimationCase.refusalFailures(expected), in: name)
    } else {
      tally.record(try estimationCase.failures(expected), in: name)
    }
  } catch let unsupported as Unsupported {
    tally.skip("\(operation): \(unsupported.what)")
  } catch let refusal as InputRefusal {
    tally.record(mayBeRefused ? [] : refusal.findings.map { $0.line(in: .english) }, in: name)
  } catch {
    tally.record(["\(error)"], in: name)
  }
}

/// The data files of a reference folder, each read once.
private struct ReferenceTables {
  let root: URL
  private var tables: [String: Table] = [:]

  init(root: URL) { self.root = root }

  mutating func table(_ name: String) throws -> Table? {
    if let table = tables[name] { return table }
    let path = root.appendingPathComponent(name).path
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let table = try readTable(path: path).table
    tables[name] = table
    return table
  }
}
