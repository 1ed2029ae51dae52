import Foundation
import MingchaWorkflow
import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

/// A frame that goes by in chunks and one that is read as a table must give the same draw.
@Suite struct StreamingTests {
  private let folder: URL
  private let seedText = "00112233445566778899aabbccddeeff"

  init() throws {
    folder = URL(fileURLWithPath: NSTemporaryDirectory()).appendingPathComponent("mingcha-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func write(_ bytes: [UInt8], _ name: String = "frame.csv") throws -> String {
    let file = folder.appendingPathComponent(name)
    try Data(bytes).write(to: file)
    return file.path
  }

  private func streamed(
    _ path: String,
    _ plan: StagePlan,
    keep: String? = nil,
    parents: [String]? = nil,
    workers: Int = 2,
    blockSize: Int = 4_096
  ) throws -> StreamedStage? {
    try source(path, plan, keep: keep).drawStreaming(
      plan,
      key: try DrawKey(seed: seedText, group: "g/b", stage: plan.name),
      parents: parents,
      workers: workers,
      needsFileDigest: true,
      blockSize: blockSize
    )
  }

  private func source(_ path: String, _ plan: StagePlan, keep: String? = nil) throws -> FrameSource {
    FrameSource(
      paths: [path],
      label: "frame.csv",
      id: plan.id,
      parent: plan.parent,
      keep: try keep.map { try Expression(parsing: $0) }
    )
  }

  /// What a draw gives, for comparison: the drawn units and the receipt.
  private struct Outcome: Equatable {
    var units: [String]
    var cells: [String]
    var facts: FrameFacts
    var list: String
    var changes: [String]
    var fileDigest: String?
  }

  private func outcome(_ stage: StageDraw, _ frame: ReceiptFrame, _ plan: StagePlan) throws -> Outcome {
    let draw = Draw(seed: try Seed(declared: seedText), group: "g/b", stages: [stage])
    return Outcome(
      units: stage.cells.flatMap { cell in
        cell.units.map { "\($0.id) \($0.role) \($0.order) \($0.inclusionProbability) \($0.isCertainty)" }
      },
      cells: stage.cells.map {
        "\($0.parent ?? "") \($0.stratumText) \($0.populationSize) \($0.sizeTotal ?? 0) \($0.sizeZeroCount)"
          + " \($0.sampleSize) \($0.nothingLeftToChance)"
      },
      facts: try frame.facts(id: plan.id),
      list: canonicalText(of: DrawnList.table(of: draw, frames: [frame.units])),
      changes: frame.changes,
      fileDigest: frame.fileDigest
    )
  }

  private func inMemory(
    _ path: String,
    _ plan: StagePlan,
    keep: String? = nil,
    parents: [String]? = nil
  ) throws -> Outcome {
    let (frame, _) = try source(path, plan, keep: keep).read()
    let key = try DrawKey(seed: seedText, group: "g/b", stage: plan.name)
    return try outcome(try drawStage(plan, frame: frame.units, parents: parents, key: key), frame, plan)
  }

  private static let methods: [(String, Take, String?)] = [
    ("srs", .count(3), nil), ("srs", .upTo(40), nil), ("srs", .all, nil), ("bernoulli", .rate(0.1), nil),
    ("all", .all, nil), ("systematic", .count(3), nil), ("pps-systematic", .count(2), "size"),
    ("poisson", .count(2), "size"),
    ("srs", .byStratum(["a": .count(2), "b": .all, "*": .upTo(1)]), nil),
  ]

  @Test("random frames of every form draw alike in chunks and as a table", arguments: 0..<24)
  func agreement(number: Int) throws {
    var random = Generator(state: UInt64(number) &* 0x9E37_79B9_7F4A_7C15 &+ 7)
    let frame = RandomFrame(&random, rows: 300 + Int(random.next() % 900))
    let (method, take, size) = StreamingTests.methods[number % StreamingTests.methods.count]
    let hasReserves = SelectionMethods.named(method)?.reserveRule != ReserveRule.none
    let plan = StagePlan(
      name: "unit",
      id: "id",
      strata: ["stratum"],
      method: method,
      take: take,
      reserves: hasReserves ? 2 : 0,
      size: size,
      sort: method == "systematic" ? [SortKey("size", numeric: true, descending: true)] : []
    )
    let keep = number % 3 == 1 ? "size != 3" : nil
    let path = try write(frame.bytes)
    let table = try inMemory(path, plan, keep: keep)
    for (workers, blockSize) in [(1, 1 << 20), (2, 3_000), (3, 700)] {
      let drawn = try #require(
        try streamed(path, plan, keep: keep, workers: workers, blockSize: blockSize),
        "frame \(number)"
      )
      #expect(try outcome(drawn.stage, drawn.frame, plan) == table)
    }
    #expect(table.facts.digest == frame.canonicalDigest)
  }

  @Test("a second stage takes only units of the parents drawn", arguments: ["srs", "pps-systematic"])
  func nested(method: String) throws {
    var text = "village,id,stratum,size\n"
    for village in 0..<40 {
      for house in 0..<30 { text += "v\(village),v\(village)/\(house),\(house % 2),\(1 + house % 5)\n" }
    }
    let path = try write(Array(text.utf8))
    let plan = StagePlan(
      name: "household",
      id: "id",
      parent: "village",
      strata: ["stratum"],
      method: method,
      take: .count(3),
      reserves: 1,
      size: method == "srs" ? nil : "size"
    )
    let parents = ["v7", "v31", "v11"]
    let drawn = try #require(try streamed(path, plan, parents: parents))
    #expect(try outcome(drawn.stage, drawn.frame, plan) == (try inMemory(path, plan, parents: parents)))
    #expect(drawn.stage.cells.count == 6)
    // A parent without units is for the reading as a table to name.
    #expect(try streamed(path, plan, parents: ["v7", "v99"]) == nil)
  }

  @Test("a frame in order of numbers is merged, one without order is sorted, both to the same digest")
  func orders() throws {
    let count = 30_000
    let lines = (0..<count).map { "\($0),\($0 % 7),\($0 % 11)\n" }
    let ordered = try write(Array(("id,stratum,size\n" + lines.joined()).utf8), "ordered.csv")
    var random = Generator(state: 5)
    let mixed = try write(Array(("id,stratum,size\n" + random.shuffled(lines).joined()).utf8), "mixed.csv")
    let plan = StagePlan(name: "unit", id: "id", strata: ["stratum"], take: .count(5))
    let first = try #require(try streamed(ordered, plan))
    let second = try #require(try streamed(mixed, plan))
    #expect(try first.frame.facts(id: "id") == second.frame.facts(id: "id"))
    #expect(first.stage.cells.map { $0.units.map(\.id) } == second.stage.cells.map { $0.units.map(\.id) })
    let sorted = lines.sorted { $0.prefix { $0 != "," }.utf8.lexicographicallyPrecedes($1.prefix { $0 != "," }.utf8) }
    #expect(try first.frame.facts(id: "id").digest == Digest(of: "id,stratum,size\n" + sorted.joined()).hex)
  }

  @Test("an id that stands twice far apart is refused with both rows", arguments: [true, false])
  func duplicates(isOrdered: Bool) throws {
    var lines = (0..<60_000).map { "h\(100_000 + $0),a\n" }
    if !isOrdered {
      var random = Generator(state: 9)
      lines = random.shuffled(lines)
    }
    lines.append(lines[17])
    let path = try write(Array(("id,stratum\n" + lines.joined()).utf8))
    let plan = StagePlan(name: "unit", id: "id", strata: ["stratum"], take: .count(2))
    #expect(try streamed(path, plan) == nil)
    let order = [DrawOrder.Stage(plan: plan, source: try source(path, plan))]
    let refusal = #expect(throws: InputRefusal.self) {
      try drawStages(order, seed: try Seed(declared: seedText), group: "g/b")
    }
    #expect(refusal?.findings.map(\.code) == ["id-duplicate"] || refusal?.findings.map(\.code) == ["key-duplicate"])
    #expect(refusal?.findings.first?.row == 60_002)
    #expect(refusal?.findings.first?.message.en.contains("19") == true)
  }

  @Test(
    "what has to be named row by row is left to the reading as a table",
    arguments: [
      "id,stratum,size\n1,a,1\n,a,2\n", "id,stratum,size\n1,a,1\n2,,2\n", "id,stratum,size\n1,a,1\n2,a,x\n",
      "id,stratum,size\n1,a,1\n2,a,-3\n", "id,stratum,size\n1.5E+17,a,1\n2,a,1\n", "id,stratum\n1,a\n2,a\n",
      "id,stratum,size\n1,a,1\n2,a\n", "id,stratum,size\ne\u{301},a,1\n2,a,3\n",
      "id,stratum,size\n1\u{200B},a,1\n2,a,3\n",
    ]
  )
  func troubles(text: String) throws {
    let plan = StagePlan(
      name: "unit",
      id: "id",
      strata: ["stratum"],
      method: "pps-systematic",
      take: .count(1),
      size: "size"
    )
    let path = try write(Array(text.utf8))
    #expect(try streamed(path, plan) == nil)
    let order = [DrawOrder.Stage(plan: plan, source: try source(path, plan))]
    #expect(throws: InputRefusal.self) {
      try drawStages(order, seed: try Seed(declared: seedText), group: "g/b")
    }
  }
}
