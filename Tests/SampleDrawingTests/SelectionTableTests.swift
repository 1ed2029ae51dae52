import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

@Suite("printed selection tables")
struct SelectionTableTests {
  private let village = "150121001001"

  /// The register that is typed in later: ids VILLAGE/1 … VILLAGE/N, every third household of class P.
  private func register(_ population: Int) -> Table {
    Table(
      columns: [
        Column("household", texts: (1...population).map { "\(village)/\($0)" }),
        Column("village", texts: (1...population).map { _ in village }),
        Column("class", texts: (1...population).map { $0 % 3 == 0 ? "P" : "N" }),
      ],
      file: "register.csv"
    )
  }

  private func plan(_ take: Take, strata: [String] = [], reserves: Int = 0, rotation: Double = 0) -> StagePlan {
    StagePlan(
      name: "household",
      id: "household",
      parent: "village",
      strata: strata,
      take: take,
      reserves: reserves,
      rotation: rotation
    )
  }

  @Test(
    "the first numbers up to N are the simple random sample of a list of N, for every N and n",
    arguments: [0, 0.35]
  )
  func everySize(rotation: Double) throws {
    let key = try key(stage: "household")
    let table = try SelectionTable(unit: village, limit: 60, key: key, rotation: rotation)
    #expect(table.numbers.sorted() == Array(1...60))
    for population in 1...60 {
      let take = min(population, 1 + population % 7)
      let drawn = try drawStage(
        plan(.count(take), reserves: 3, rotation: rotation),
        frame: register(population),
        parents: [village],
        key: key
      )
      let ids = table.drawn(take + 3, among: population).map { SelectionTable.id($0, in: village) }
      #expect(drawn.cells[0].units.map(\.id) == ids, "N = \(population)")
    }
  }

  @Test("read once a class, it draws every class")
  func classes() throws {
    let key = try key(stage: "household")
    let table = try SelectionTable(unit: village, limit: 100, key: key)
    let drawn = try drawStage(
      plan(.byStratum(["P": .count(6), "N": .count(11)]), strata: ["class"]),
      frame: register(80),
      parents: [village],
      key: key
    )
    for cell in drawn.cells {
      let numbers = table.drawn(100, among: 80).filter { ($0 % 3 == 0) == (cell.stratum == ["P"]) }
      #expect(cell.selected.map(\.id) == numbers.prefix(cell.sampleSize).map { "\(village)/\($0)" })
    }
  }

  @Test("a village's id and a limit that cannot be used are refused")
  func faults() throws {
    let key = try key(stage: "household")
    #expect(refusals { _ = try SelectionTable(unit: "", limit: 9, key: key) } == ["id-invalid"])
    #expect(refusals { _ = try SelectionTable(unit: "a\nb", limit: 9, key: key) } == ["id-invalid"])
    #expect(refusals { _ = try SelectionTable(unit: village, limit: 0, key: key) } == ["table-limit"])
  }
}
