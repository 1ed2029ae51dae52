import SurveyData
import SurveyDesign
import SurveyReporting
import Testing

@Suite struct TeamListsTests {
  /// A list of one stage of villages and one of households; one number of households a village.
  private func list(_ sizes: [Int]) -> Table {
    var villages = [String]()
    var households = [String]()
    for (place, size) in sizes.enumerated() {
      for number in 0..<size {
        villages.append("v\(place)")
        households.append("v\(place)-\(number)")
      }
    }
    let count = villages.count
    return Table(
      columns: [
        Column("order", numbers: (1...count).map(Double.init)),
        Column("role", texts: [String?](repeating: "selected", count: count)), Column("village", texts: villages),
        Column("villages_stratum", texts: [String?](repeating: "", count: count)),
        Column("household", texts: households),
        Column("households_stratum", texts: [String?](repeating: "", count: count)),
      ],
      file: "list.csv"
    )
  }

  private let stages = [
    ListedStage(name: "villages", id: "village"), ListedStage(name: "households", id: "household"),
  ]

  private func teams(_ sizes: [Int], _ count: Int) throws -> [TeamList] {
    try TeamLists(
      list(sizes),
      stages: stages,
      rule: .count(count),
      pageColumn: nil,
      headings: [:],
      title: "t",
      language: .english
    ).teams
  }

  @Test(
    "villages go whole and in their order, every team has one, none is further from the mean than the largest village",
    arguments: [1, 2, 3, 5, 8]
  )
  func balance(count: Int) throws {
    var state: UInt64 = 12_345
    for _ in 0..<60 {
      var sizes = [Int]()
      for _ in 0..<(count + Int(state % 23)) {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        sizes.append(1 + Int((state >> 33) % 40))
      }
      let teams = try teams(sizes, count)
      #expect(teams.count == count && teams.allSatisfy { !$0.pages.isEmpty })
      #expect(teams.flatMap { $0.pages.map(\.id) } == sizes.indices.map { "v\($0)" })
      let mean = Double(sizes.reduce(0, +)) / Double(count)
      let largest = Double(sizes.max() ?? 0)
      #expect(teams.allSatisfy { abs(Double($0.unitCount) - mean) <= largest }, "\(sizes) \(teams.map(\.unitCount))")
    }
  }

  @Test("names of teams are names of files on every system, and differ")
  func names() throws {
    var table = list([1, 1, 1])
    table.set(Column("team", texts: ["a/b: \"c\"", "a-b-c", "../.."]))
    let lists = try TeamLists(
      table,
      stages: stages,
      rule: .column("team"),
      pageColumn: nil,
      headings: [:],
      title: "t",
      language: .english
    )
    #expect(lists.teams.map(\.name) == ["a-b-c", "a-b-c-2", "team"])
  }

  @Test("where nothing lies above the units, a stratum and its reserves go to one team, on one page")
  func oneStage() throws {
    let table = Table(
      columns: [
        Column("order", numbers: [1, 1, 2, 1, 3, 1]),
        Column("role", texts: ["selected", "reserve", "selected", "reserve", "selected", "reserve"]),
        Column("code", texts: ["a1", "a2", "b1", "b2", "c1", "c2"]),
        Column("unit_stratum", texts: ["a", "a", "b", "b", "c", "c"]),
      ],
      file: "list.csv"
    )
    let lists = try TeamLists(
      table,
      stages: [ListedStage(name: "unit", id: "code")],
      rule: .count(2),
      pageColumn: nil,
      headings: [:],
      title: "t",
      language: .english
    )
    #expect(lists.teams.map { $0.pages.count } == [1, 1])
    #expect(lists.teams.map { $0.pages[0].rows } == [[0, 1], [2, 4, 3, 5]])
    #expect(lists.teams.map { $0.pages[0].selectedCount }.reduce(0, +) == 3)
  }
}
