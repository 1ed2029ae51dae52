import Foundation
import ReferenceChecks
import SampleDrawing
import SurveyData
import SurveyDesign

/// One draw of a vector file as a plan and a frame, so that it takes the way every user's draw takes.
struct DrawCase {
  var ids: [String]
  var sizes: [UInt64] = []
  /// The stratum's text in labels.
  var stratum = ""
  var method: String
  var take: Take = .all
  var reserves = 0
  var rotation = 0.0
  var sortValues: [String] = []
  var key: DrawKey

  init(_ vectors: DrawVectors, method: String, take: Take = .all) {
    ids = vectors.ids
    key = vectors.key
    self.method = method
    self.take = take
    if SelectionMethods.named(method)?.needsSize == true { sizes = vectors.sizes }
  }

  func drawn() throws -> DrawnCell {
    var columns = [Column("id", texts: ids)]
    var plan = StagePlan(
      name: "unit",
      id: "id",
      method: method,
      take: take,
      reserves: reserves,
      rotation: rotation
    )
    // A label of several lines stands for several strata columns: the label joins their values again.
    if !stratum.isEmpty {
      for (place, value) in stratum.components(separatedBy: "\n").enumerated() {
        columns.append(Column("s\(place)", texts: ids.map { _ in value }))
        plan.strata.append("s\(place)")
      }
    }
    if !sizes.isEmpty {
      columns.append(Column("size", texts: sizes.map { String($0) }))
      plan.size = "size"
    }
    if !sortValues.isEmpty {
      columns.append(Column("key", texts: sortValues))
      plan.sort = [SortKey("key")]
    }
    let stage = try drawStage(plan, frame: Table(columns: columns), key: key)
    guard let cell = stage.cells.first, stage.cells.count == 1 else {
      throw InputRefusal(
        Finding("vectors", message: LocalizedText("a case gave not one stratum"), fix: LocalizedText(""))
      )
    }
    return cell
  }
}

extension DrawVectors {
  func checkSelection(
    _ name: String,
    _ drawCase: DrawCase,
    _ expected: Any,
    reserves: Any? = nil,
    into tally: inout Tally
  ) throws {
    let cell = try drawCase.drawn()
    var failures = difference("selected", cell.selected.map(\.id), expected as? [String] ?? ["?"])
    if let reserves {
      failures += difference("reserve", cell.reserves.map(\.id), reserves as? [String] ?? ["?"])
    }
    tally.record(failures, in: name)
  }

  func checkSimple(_ value: Any, ids: [String], into tally: inout Tally) throws {
    for (size, selected) in (value as? [String: Any] ?? [:]).sorted(by: { $0.key < $1.key }) {
      try checkSelection(
        "srs \(size)",
        DrawCase(self, method: "srs", take: .count(Int(size) ?? -1)),
        selected,
        into: &tally
      )
    }
  }

  func checkBernoulli(_ value: Any, into tally: inout Tally) throws {
    let fields = value as? [String: Any] ?? [:]
    let rate = (fields["rate"] as? NSNumber)?.doubleValue ?? .nan
    try checkSelection(
      "bernoulli",
      DrawCase(self, method: "bernoulli", take: .rate(rate)),
      fields["selected"] ?? [],
      into: &tally
    )
  }

  /// A case with n, and perhaps a stratum, a shift, a start, reserves.
  func checkMethodCase(
    _ name: String,
    method: String,
    _ fields: [String: Any],
    into tally: inout Tally
  ) throws {
    var drawCase = DrawCase(self, method: method, take: .count(wholeNumber(fields["n"]) ?? -1))
    drawCase.stratum = fields["stratum"] as? String ?? ""
    drawCase.reserves = wholeNumber(fields["reserves"]) ?? 0
    drawCase.rotation = (fields["shift"] as? NSNumber)?.doubleValue ?? 0
    let cell = try drawCase.drawn()
    var failures = [String]()
    if let selected = fields["selected"] as? [String] {
      failures += difference("selected", cell.selected.map(\.id), selected)
    }
    if let reserve = fields["reserve"] as? [String] {
      failures += difference("reserve", cell.reserves.map(\.id), reserve)
    }
    if fields["selected"] == nil, fields["reserve"] == nil { failures.append("the case expects nothing") }
    if let start = wholeNumber(fields["start"]) {
      let total = method == "systematic" ? UInt64(cell.populationSize) : drawCase.sizes.reduce(0, +)
      let found = systematicStart(key.startTicket(stratum: drawCase.stratum), total: total)
      failures += difference("start", found, UInt64(start))
    }
    if let numbers = fields["q"] as? [String: Any] { failures += rankingDifferences(numbers, drawCase) }
    tally.record(failures, in: name)
  }

  /// The numbers by which Pareto sampling orders the units that are not certain.
  private func rankingDifferences(_ expected: [String: Any], _ drawCase: DrawCase) -> [String] {
    guard case .count(let sample) = drawCase.take,
      let lambdas = SizedList(sizes: drawCase.sizes, sample: sample).inclusionProbabilities
    else { return ["no probabilities"] }
    var failures = expected.isEmpty ? ["no numbers"] : []
    for (id, lambda) in zip(drawCase.ids, lambdas) {
      guard let text = expected[id] as? String else { continue }
      failures += difference("q \(id)", Pareto.ranking(drawCase.key.ticket(id).uniform, lambda), Double(text) ?? .nan)
    }
    return failures
  }

  /// A case with ids and sizes of its own, answered by one method or more.
  func checkSizedCase(_ name: String, _ fields: [String: Any], into tally: inout Tally) throws {
    for field in fields.keys.sorted() {
      let method: String
      switch field {
      case "poisson", "systematic", "srs": method = field
      case let known where methodNames.contains { $0.vector == known }:
        method = methodNames.first { $0.vector == known }?.code ?? known
      case "certainties": method = "pps-systematic"
      case "ids", "sizes", "stratum", "n", "start": continue
      default:
        tally.skip("\(field)")
        continue
      }
      var drawCase = DrawCase(self, method: method, take: .count(wholeNumber(fields["n"]) ?? -1))
      drawCase.ids = fields["ids"] as? [String] ?? []
      if !drawCase.sizes.isEmpty { drawCase.sizes = wholeNumbers(fields["sizes"]) }
      drawCase.stratum = fields["stratum"] as? String ?? ""
      let cell = try drawCase.drawn()
      var failures = [String]()
      if field == "certainties" {
        let expected = fields[field] as? [String] ?? ["?"]
        failures += difference(
          field,
          cell.selected.filter(\.isCertainty).map(\.id).sorted(),
          expected.sorted()
        )
      } else {
        failures += difference(field, cell.selected.map(\.id), fields[field] as? [String] ?? ["?"])
      }
      if field == "pps_systematic", let start = wholeNumber(fields["start"]), cell.certaintyCount == 0 {
        let total = drawCase.sizes.reduce(0, +)
        failures += difference(
          "start",
          systematicStart(key.startTicket(stratum: drawCase.stratum), total: total),
          UInt64(start)
        )
      }
      tally.record(failures, in: "\(name) \(field)")
    }
  }

  func checkNone(_ value: Any, into tally: inout Tally) throws {
    let fields = value as? [String: Any] ?? [:]
    for field in fields.keys.sorted() where field != "n" {
      let known = methodNames.first { $0.vector == field }?.code
      let method = known ?? field.replacingOccurrences(of: "_", with: "-")
      guard SelectionMethods.named(method) != nil else {
        tally.skip(field)
        continue
      }
      let take = Take.count(wholeNumber(fields["n"]) ?? -1)
      try checkSelection(
        "none \(field)",
        DrawCase(self, method: method, take: take),
        fields[field] ?? [],
        into: &tally
      )
    }
  }

  func checkSortKeys(_ value: Any, into tally: inout Tally) throws {
    let fields = value as? [String: Any] ?? [:]
    var drawCase = DrawCase(self, method: "systematic", take: .count(wholeNumber(fields["n"]) ?? -1))
    drawCase.ids = fields["ids"] as? [String] ?? []
    drawCase.sortValues = fields["keys"] as? [String] ?? []
    drawCase.stratum = fields["stratum"] as? String ?? ""
    try checkSelection("sort_keys", drawCase, fields["selected"] ?? [], into: &tally)
    if let order = fields["list_order"] {
      // Taking every unit systematically gives the whole list in its order.
      drawCase.take = .all
      try checkSelection("sort_keys list_order", drawCase, order, into: &tally)
    }
  }

  func checkShuffled(_ value: Any, into tally: inout Tally) throws {
    let fields = value as? [String: Any] ?? [:]
    for method in ["srs", "systematic"] {
      guard let expected = fields[method] as? [String] else { continue }
      var drawCase = DrawCase(self, method: method, take: .count(expected.count))
      drawCase.ids = fields["ids"] as? [String] ?? []
      if method == "systematic" {
        drawCase.stratum = (top["systematic"] as? [String: Any])?["stratum"] as? String ?? ""
      }
      try checkSelection("shuffled \(method)", drawCase, expected, into: &tally)
    }
  }

  func checkRefusedIds(_ value: Any, into tally: inout Tally) {
    for (place, id) in (value as? [String] ?? []).enumerated() {
      var drawCase = DrawCase(self, method: "srs", take: .count(1))
      drawCase.ids = ["150101", id]
      let isRefused: Bool
      do {
        _ = try drawCase.drawn()
        isRefused = false
      } catch {
        isRefused = true
      }
      tally.record(isRefused ? [] : ["\(id.debugDescription) was accepted"], in: "refused_ids \(place)")
    }
  }

  func checkTextIds(_ value: Any, into tally: inout Tally) throws {
    let fields = value as? [String: Any] ?? [:]
    checkTickets(fields["tickets"] ?? [:], key: key, name: "text_ids tickets", into: &tally)
    var drawCase = DrawCase(self, method: "srs")
    drawCase.ids = fields["ids"] as? [String] ?? []
    if let selected = fields["srs"] as? [String] {
      drawCase.take = .count(selected.count)
      try checkSelection("text_ids srs", drawCase, selected, into: &tally)
    }
    if let order = fields["list_order"] {
      drawCase.method = "systematic"
      drawCase.take = .all
      try checkSelection("text_ids list_order", drawCase, order, into: &tally)
    }
  }

  func checkSingleSeed(_ value: Any, into tally: inout Tally) throws {
    let fields = value as? [String: Any] ?? [:]
    let text = fields["seed"] as? String ?? ""
    let ownKey = try DrawKey(
      seed: Seed(declared: text, weakReason: "test vector").text,
      group: group,
      stage: stage
    )
    tally.record(difference("key", ownKey.hex, fields["key"] as? String ?? ""), in: "single_text_seed key")
    if let selected = fields["srs"] as? [String] {
      var drawCase = DrawCase(self, method: "srs", take: .count(selected.count))
      drawCase.key = ownKey
      try checkSelection("single_text_seed srs", drawCase, selected, into: &tally)
    }
  }
}
