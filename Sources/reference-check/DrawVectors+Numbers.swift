import Foundation
import ReferenceChecks
import SampleDrawing
import SurveyData

extension DrawVectors {
  func checkSeed(into tally: inout Tally) throws {
    guard let contributions = top["contributions"] as? [String] else { return tally.skip("seed as given") }
    let combined = try Seed(contributions: contributions, weakReason: "test vector")
    tally.record(difference("seed", combined.text, seed), in: "seed")
  }

  func checkCommitments(_ value: Any, into tally: inout Tally) {
    let contributions = top["contributions"] as? [String] ?? []
    let expected = value as? [String] ?? []
    tally.record(
      difference("commitments", contributions.map { Seed.commitment(to: $0).hex }, expected),
      in: "commitments"
    )
  }

  func checkTickets(_ value: Any, key: DrawKey, name: String, into tally: inout Tally) {
    let tickets = value as? [String: String] ?? [:]
    var failures = tickets.isEmpty ? ["no tickets"] : []
    for (id, ticket) in tickets.sorted(by: { $0.key < $1.key }) {
      failures += difference(id, key.ticket(id).hex, ticket)
    }
    tally.record(failures, in: name)
  }

  func checkUniforms(_ value: Any, into tally: inout Tally) {
    let uniforms = value as? [String: Any] ?? [:]
    var failures = uniforms.isEmpty ? ["no uniforms"] : []
    for (id, text) in uniforms.sorted(by: { $0.key < $1.key }) {
      failures += difference(id, key.ticket(id).uniform, number(text))
    }
    tally.record(failures, in: "uniforms")
  }

  func checkStream(_ value: Any, into tally: inout Tally) {
    let fields = value as? [String: Any] ?? [:]
    let stratum = fields["stratum"] as? String ?? ""
    let expected = (fields["u"] as? [Any] ?? []).map { number($0) }
    let found = expected.indices.map { key.streamUniform(stratum: stratum, at: $0) }
    tally.record(expected.isEmpty ? ["no numbers"] : difference("u", found, expected), in: "stream")
  }

  func checkFrame(_ name: String, _ fields: [String: Any], into tally: inout Tally) throws {
    let header = fields["header"] as? [String] ?? []
    let rows = fields["rows"] as? [[String]] ?? []
    let columns = header.indices.map { place in Column(header[place], texts: rows.map { $0[place] }) }
    let id = fields["id"] as? String ?? header.first ?? ""
    let frame = try CanonicalFrame(Table(columns: columns, rowCount: rows.count), id: id)
    for field in fields.keys.sorted() {
      let expected = fields[field] as? String ?? ""
      switch field {
      case "header", "rows", "id", "secret": continue
      case "canonical":
        // Compared as bytes: string equality would forgive another Unicode form.
        let isSame = Array(frame.text.utf8) == Array(expected.utf8)
        tally.record(isSame ? [] : ["got \(frame.text.debugDescription)"], in: "\(name) canonical")
      case "digest": tally.record(difference(field, frame.digest.hex, expected), in: "\(name) digest")
      case "merkle_root":
        tally.record(difference(field, frame.merkleRoot.hex, expected), in: "\(name) merkle_root")
      default: tally.skip("\(name) \(field)")
      }
    }
  }

  private func number(_ value: Any) -> Double {
    if let text = value as? String { return Double(text) ?? .nan }
    return (value as? NSNumber)?.doubleValue ?? .nan
  }
}
