import Foundation
import ReferenceChecks
import SampleDrawing
import SurveyData
import SurveyDesign

/// The vectors of the protocol's annexes: frames by name, and cases that draw from them.
///
/// They are written by `Notebooks/vectors.py` from the annexes' text. A method without code here is skipped by name.
struct AnnexVectors: Decodable {
  struct Frame: Decodable {
    var ids: [String]
    var sizes: [UInt64]
    var stratum: [String]
    var parent: String?
    var x: [String]
    var y: [String]
    var rank: [String]
  }

  struct Case: Decodable {
    var method: String
    var frame: String
    var n: Int
    var sized: Bool
    var sort: SortKey?
    var reserves: Int?
    var cells: [Cell]
  }

  struct Cell: Decodable {
    var stratum: [String]
    var selected: [String]
    var certainties: Int
    var probability: [String]
    var reserve: [String]?
    var hits: [Int]?
  }

  var seed: String
  var group: String
  var stage: String
  var key: String
  var frames: [String: Frame]
  var cases: [Case]

  /// Draws every case the way every user's draw takes.
  func check(into tally: inout Tally) throws {
    let own = try DrawKey(seed: seed, group: group, stage: stage)
    tally.record(difference("key", own.hex, key), in: "annex key")
    for drawCase in cases {
      guard SelectionMethods.named(drawCase.method) != nil else {
        tally.skip(drawCase.method)
        continue
      }
      let name = "\(drawCase.method) \(drawCase.frame) n = \(drawCase.n)\(drawCase.sized ? "" : " without sizes")"
      guard let frame = frames[drawCase.frame] else {
        tally.record(["there is no such frame"], in: name)
        continue
      }
      do throws(InputRefusal) {
        let drawn = try drawStage(
          plan(of: drawCase, frame: frame),
          frame: table(of: frame),
          parents: frame.parent.map { [$0] },
          key: own
        )
        tally.record(differences(drawn.cells, drawCase.cells), in: name)
      } catch {
        tally.record(error.findings.map { $0.line(in: .english) }, in: name)
      }
    }
  }

  private func table(of frame: Frame) -> Table {
    Table(columns: [
      Column("id", texts: frame.ids), Column("parent", texts: frame.ids.map { _ in frame.parent }),
      Column("stratum", texts: frame.stratum), Column("size", texts: frame.sizes.map { String($0) }),
      Column("rank", texts: frame.rank), Column("x", texts: frame.x), Column("y", texts: frame.y),
    ])
  }

  private func plan(of drawCase: Case, frame: Frame) -> StagePlan {
    var plan = StagePlan(
      name: stage,
      id: "id",
      parent: frame.parent.map { _ in "parent" },
      strata: frame.stratum.contains("") ? [] : ["stratum"],
      method: drawCase.method,
      take: .count(drawCase.n),
      reserves: drawCase.reserves ?? 0,
      size: drawCase.sized ? "size" : nil
    )
    if let sort = drawCase.sort { plan.sort = [sort] }
    let measures = SelectionMethods.named(drawCase.method)?.measures
    if measures == .balance { plan.balance = ["x", "y"] }
    if measures == .coordinates { plan.coordinates = ["x", "y"] }
    return plan
  }

  private func differences(_ cells: [DrawnCell], _ expected: [Cell]) -> [String] {
    var found = difference("strata", cells.map(\.stratum), expected.map(\.stratum))
    for (cell, wanted) in zip(cells, expected) {
      found += difference("selected", cell.selected.map(\.id), wanted.selected)
      found += difference("certainties", cell.certaintyCount, wanted.certainties)
      found += difference("reserve", cell.reserves.map(\.id), wanted.reserve ?? [])
      if let hits = wanted.hits { found += difference("hits", cell.selected.map(\.hits), hits) }
      for (unit, text) in zip(cell.selected, wanted.probability) {
        let probability = Double(text) ?? .nan
        if !isNear(unit.inclusionProbability, probability) {
          found.append("probability of \(unit.id): got \(unit.inclusionProbability), expected \(text)")
        }
      }
    }
    return found
  }

  /// Equal, or, for exact probabilities that are rounded to twelve digits, two apart in the twelfth.
  private func isNear(_ value: Double, _ expected: Double) -> Bool {
    if value == expected { return true }
    let digits = String(format: "%.11e", expected)
    guard Double(digits) == expected, let exponent = digits.split(separator: "e").last.flatMap({ Int($0) }) else {
      return false
    }
    return abs(value - expected) <= 2.000001 * pow(10, Double(exponent - 11))
  }
}
