import Foundation
import ReferenceChecks
import SampleDrawing
import SurveyData

/// Checks the test vectors of the draw protocol, or of its annexes where the file has `cases`.
///
/// Every key of the file is one rule or case; cases are recognised by the beginning of their name
/// (`systematic…`, `pps_systematic…`, `rotation…`, `frame…`) or by holding ids and sizes of their own, so
/// that other files of the schema may hold more of each kind. What has no code yet is skipped by name.
func checkDrawVectors(file: String, into tally: inout Tally) throws {
  let data = try Data(contentsOf: URL(fileURLWithPath: file))
  guard let top = try JSONSerialization.jsonObject(with: data) as? [String: Any] else {
    tally.record(["the file is no JSON object"], in: file)
    return
  }
  if top["cases"] != nil {
    try JSONDecoder().decode(AnnexVectors.self, from: data).check(into: &tally)
    return
  }
  let vectors = try DrawVectors(top)
  for name in top.keys.sorted() {
    guard let value = top[name] else { continue }
    do {
      try vectors.check(name, value, into: &tally)
    } catch let refusal as InputRefusal {
      tally.record(refusal.findings.map { $0.line(in: .english) }, in: name)
    }
  }
}

/// The parts of a vector file that its cases share.
struct DrawVectors {
  let seed: String
  let group: String
  let stage: String
  let ids: [String]
  let sizes: [UInt64]
  let key: DrawKey
  let top: [String: Any]

  init(_ top: [String: Any]) throws {
    self.top = top
    seed = top["seed"] as? String ?? ""
    group = top["group"] as? String ?? ""
    stage = top["stage"] as? String ?? ""
    ids = top["ids"] as? [String] ?? []
    sizes = wholeNumbers(top["sizes"])
    key = try DrawKey(seed: seed, group: group, stage: stage)
  }

  func check(_ name: String, _ value: Any, into tally: inout Tally) throws {
    switch name {
    case "group", "stage", "ids", "sizes", "contributions": return
    case "seed": try checkSeed(into: &tally)
    case "commitments": checkCommitments(value, into: &tally)
    case "key": tally.record(difference("key", key.hex, value as? String ?? ""), in: name)
    case "tickets": checkTickets(value, key: key, name: name, into: &tally)
    case "uniforms": checkUniforms(value, into: &tally)
    case "srs": try checkSimple(value, ids: ids, into: &tally)
    case "take_all": try checkSelection(name, DrawCase(self, method: "all"), value, into: &tally)
    case "bernoulli": try checkBernoulli(value, into: &tally)
    case "none": try checkNone(value, into: &tally)
    case "sort_keys": try checkSortKeys(value, into: &tally)
    case "refused_ids": checkRefusedIds(value, into: &tally)
    case "shuffled": try checkShuffled(value, into: &tally)
    case "text_ids": try checkTextIds(value, into: &tally)
    case "single_text_seed": try checkSingleSeed(value, into: &tally)
    case "stream": checkStream(value, into: &tally)
    default: try checkCase(name, value, into: &tally)
    }
  }

  /// Cases known by the beginning of their name, or by their own ids and sizes.
  private func checkCase(_ name: String, _ value: Any, into tally: inout Tally) throws {
    guard let fields = value as? [String: Any] else { return tally.skip(name) }
    if name.hasPrefix("frame") {
      try checkFrame(name, fields, into: &tally)
    } else if fields["ids"] != nil, fields["sizes"] != nil {
      try checkSizedCase(name, fields, into: &tally)
    } else if let method = methodNames.first(where: { name.hasPrefix($0.vector) }) {
      try checkMethodCase(name, method: method.code, fields, into: &tally)
    } else {
      tally.skip(name)
    }
  }
}

/// How the vectors begin the names of cases, and the method that answers them.
let methodNames: [(vector: String, code: String)] = [
  ("pps_systematic", "pps-systematic"), ("systematic", "systematic"), ("poisson", "poisson"),
  ("pareto", "pps-pareto"), ("sequential_poisson", "sequential-poisson"),
  ("rotation", "srs"), ("srs", "srs"),
]

/// One difference between two values, or none.
func difference<Value: Equatable>(_ what: String, _ got: Value, _ expected: Value) -> [String] {
  got == expected ? [] : ["\(what): got \(got), expected \(expected)"]
}

func wholeNumbers(_ value: Any?) -> [UInt64] {
  (value as? [Any] ?? []).map { ($0 as? NSNumber)?.uint64Value ?? 0 }
}

func wholeNumber(_ value: Any?) -> Int? { (value as? NSNumber)?.intValue }
