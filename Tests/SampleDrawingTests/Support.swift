import Foundation
import SampleDrawing
import SurveyData
import SurveyDesign

/// A seed with enough bits for every test that is not about seeds.
let strongSeed = "00112233445566778899aabbccddeeff"

/// The fictional banners: codes, a league each, and a number of households.
func bannerFrame(perLeague: Int = 8, leagues: Int = 3) -> Table {
  var codes = [String?]()
  var leagueCodes = [String?]()
  var names = [String?]()
  var households = [String?]()
  for league in 1...leagues {
    for banner in 1...perLeague {
      codes.append("15\(pad(league))\(pad(banner))")
      leagueCodes.append("15\(pad(league))")
      names.append("旗\(league)-\(banner)")
      households.append(String(40 + 17 * ((banner * 5 + league * 3) % 11)))
    }
  }
  return Table(
    columns: [
      Column("code", texts: codes), Column("league_code", texts: leagueCodes), Column("name", texts: names),
      Column("synthetic_households", texts: households),
    ],
    file: "counties.csv"
  )
}

/// Villages of the banners of ``bannerFrame(perLeague:leagues:)``, six in each.
func villageFrame(of banners: Table, perBanner: Int = 6) -> Table {
  var codes = [String?]()
  var parents = [String?]()
  var kinds = [String?]()
  var sizes = [String?]()
  for row in 0..<banners.rowCount {
    let banner = banners["code"]?.text(at: row) ?? ""
    for village in 1...perBanner {
      codes.append("\(banner)\(pad(village))")
      parents.append(banner)
      kinds.append(village % 2 == 0 ? "poor" : "other")
      sizes.append(String(10 + 7 * (village % 4)))
    }
  }
  return Table(
    columns: [
      Column("village", texts: codes), Column("county_code", texts: parents), Column("kind", texts: kinds),
      Column("size", texts: sizes), Column("name", texts: codes.map { ($0 ?? "") + "嘎查" }),
    ],
    file: "villages.csv"
  )
}

private func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }

func reversed(_ table: Table) -> Table { table.rows(Array((0..<table.rowCount).reversed())) }

let countyPlan = StagePlan(
  name: "county",
  id: "code",
  strata: ["league_code"],
  method: "srs",
  take: .count(2),
  reserves: 1
)

let villagePlan = StagePlan(
  name: "village",
  id: "village",
  parent: "county_code",
  strata: ["kind"],
  method: "pps-systematic",
  take: .count(2),
  reserves: 1,
  size: "size"
)

func key(_ seed: String = strongSeed, stage: String = "county") throws -> DrawKey {
  try DrawKey(seed: seed, group: "test/draw", stage: stage)
}

/// The codes of everything a call refuses; empty when it refuses nothing.
func refusals(_ body: () throws -> Void) -> [String] {
  do {
    try body()
    return []
  } catch let refusal as InputRefusal {
    return refusal.findings.map(\.code)
  } catch {
    return ["not a refusal: \(error)"]
  }
}

func vectorFile() throws -> [String: Any] {
  let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/draw-protocol/vectors.json")
  return try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any] ?? [:]
}

extension StagePlan {
  /// The same plan with columns to balance on or to spread over, where its method needs some.
  func withMeasures(_ columns: [String]) -> StagePlan {
    let measures = SelectionMethods.named(method)?.measures
    return changed {
      if measures == .balance { $0.balance = columns }
      if measures == .coordinates { $0.coordinates = columns }
    }
  }

  /// The same plan with something changed.
  func changed(_ change: (inout StagePlan) -> Void) -> StagePlan {
    var plan = self
    change(&plan)
    return plan
  }
}
