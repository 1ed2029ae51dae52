import SurveyData
import SurveyDesign

/// One line of a draw's list with two stages, village and household.
struct Line {
  var village: String
  var kind = "poor"
  var villages = 4.0
  var villageProbability = 0.5
  /// `nil`: the village stands in reserve.
  var household: String?
  var householdClass = "P2"
  var households = 10.0
  var householdProbability = 0.2
  var role = "selected"
}

let stages = [
  ListedStage(name: "village", id: "village_code"), ListedStage(name: "household", id: "household"),
]

func list(_ lines: [Line]) -> Table {
  Table(
    columns: [
      Column("role", texts: lines.map(\.role)), Column("village_code", texts: lines.map(\.village)),
      Column("village_stratum", texts: lines.map(\.kind)),
      Column("village_population", numbers: lines.map(\.villages)),
      Column("village_probability", numbers: lines.map(\.villageProbability)),
      Column("household", texts: lines.map(\.household)),
      Column("name", texts: lines.map { $0.household.map { "户" + $0 } }),
      Column("household_stratum", texts: lines.map { $0.household == nil ? nil : $0.householdClass }),
      Column("household_population", numbers: lines.map { $0.household == nil ? .nan : $0.households }),
      Column("household_probability", numbers: lines.map { $0.household == nil ? .nan : $0.householdProbability }),
    ],
    file: "list.csv"
  )
}

/// Two villages of four, in each two households of ten: weights 2 · 5, four households for forty.
func twoVillages() -> [Line] {
  [
    Line(village: "v1", household: "v1-1"), Line(village: "v1", household: "v1-2"),
    Line(village: "v2", household: "v2-1"), Line(village: "v2", household: "v2-2"),
  ]
}

func responses(_ lines: [(id: String?, code: String?)]) -> Table {
  Table(
    columns: [
      Column("id", texts: lines.map(\.id)), Column("result", texts: lines.map(\.code)),
      Column("answer", numbers: lines.map { _ in 1 }), Column("word", texts: lines.map { _ in "是" }),
    ],
    file: "responses.csv"
  )
}

let outcome = OutcomeCodes(
  column: "result",
  dispositions: ["1": .respondent, "3": .nonrespondent, "8": .unknown, "6": .ineligible]
)

func joined(
  _ lines: [Line],
  _ answers: Table,
  outcome codes: OutcomeCodes? = outcome,
  unitStage: Int = 1,
  group: String? = nil,
  stages listed: [ListedStage] = stages,
  takesDifferences: Bool = false
) throws -> FieldworkTable {
  try fieldworkTable(
    list: list(lines),
    stages: listed,
    unitStage: unitStage,
    responses: answers,
    responseID: "id",
    outcome: codes,
    groupColumn: group,
    lonelyUnits: .fail,
    takesDifferences: takesDifferences
  )
}

func numbers(_ name: String, _ table: Table) throws -> [Double] {
  switch try table.column(name).numbers() {
  case .numbers(let values): values
  case .notNumbers: []
  }
}

func texts(_ name: String, _ table: Table) throws -> [String?] {
  let column = try table.column(name)
  return (0..<table.rowCount).map { column.text(at: $0) }
}
