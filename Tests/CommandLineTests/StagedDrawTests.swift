import Foundation
import Testing

/// Villages drawn first, registers of those alone, lists recorded on arrival, printed tables.
@Suite("mingcha draw, stage by stage")
struct StagedDrawTests {
  private let fixture: DrawFixture

  init() throws {
    fixture = try DrawFixture()
    var villages = "village,county,poor\n"
    for county in 1...12 {
      for village in 1...5 { villages += "15\(100 + county)0\(village),15\(100 + county),\(village % 2)\n" }
    }
    let folder = fixture.folder.path + "/round"
    for name in ["frame", "frame/registers"] {
      try FileManager.default.createDirectory(atPath: folder + "/" + name, withIntermediateDirectories: true)
    }
    _ = try fixture.folder.write(try fixture.text("counties.csv"), to: "round/frame/counties.csv")
    _ = try fixture.folder.write(villages, to: "round/frame/villages.csv")
    _ = try fixture.folder.write(
      """
      survey: {id: s, name: Round}
      frames:
        counties: {file: frame/counties.csv, id: code}
        villages: {file: frame/villages.csv, id: village, parent: county}
        households: {files: frame/registers/*.csv, id: household, parent: village}
      draws:
        visit:
          stages:
            - {frame: counties, strata: [league], take: 1, must-include: "code == '15102'"}
            - {frame: villages, allocate: {total: 3, rule: proportional}, strata: [poor]}
            - {frame: households, strata: [class], take: {P2: up-to 4, "*": up-to 2}, reserves: {P2: 2}}
      """,
      to: "round/survey.yaml"
    )
  }

  private func villages(_ list: String = "round/draws/visit-until-villages/list.csv") throws -> [String] {
    try fixture.list(list).compactMap { $0["village"] }.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// Writes the register of a village: household k has the id VILLAGE/k.
  private func collect(_ village: String, households: Int) throws {
    var text = "household,village,class\n"
    for number in 1...households { text += "\(village)/\(number),\(village),\(number % 3 == 0 ? "P2" : "N0")\n" }
    _ = try fixture.folder.write(text, to: "round/frame/registers/\(village).csv")
  }

  private func draw(_ options: [String] = [], seed: String = "seed.txt") throws -> CommandRun {
    try fixture.run(["draw", "round", "visit", "--seed-file", seed] + options)
  }

  @Test
  func `villages first, then the registers of those alone, and the villages are the same`() throws {
    let first = try draw(["--until", "villages"])
    #expect(first.status == 0, "\(first.messages)")
    let chosen = try villages()
    #expect(chosen.count == 9)
    #expect(
      try fixture.run(["verify", "round", "visit", "--until", "villages", "--seed-file", "seed.txt"]).status == 0
    )
    for village in chosen.dropLast(2) { try collect(village, households: 30) }
    let missing = try draw()
    #expect(missing.status == 65)
    for village in chosen.suffix(2) { #expect(missing.messages.contains("\"\(village)\"")) }
    #expect(!fixture.folder.names.contains("round/draws/visit"))
    for village in chosen.suffix(2) { try collect(village, households: 25) }
    let whole = try draw()
    #expect(whole.status == 0 && whole.messages.contains("the 9 units of stage \"villages\" are the very ones"))
    #expect(try villages("round/draws/visit/list.csv") == chosen)
    #expect(try fixture.text("round/draws/visit/receipt.json").contains("\"continues\""))
    #expect(try fixture.run(["verify", "round", "visit", "--seed-file", "seed.txt"]).status == 0)
  }

  @Test
  func `a later draw with another seed, plan or frame does not go on from the first`() throws {
    #expect(try draw(["--until", "villages"]).status == 0)
    for village in try villages() { try collect(village, households: 12) }
    _ = try fixture.folder.write("ffeeddccbbaa99887766554433221100\n", to: "other.txt")
    // Another seed draws other villages, whose registers are not there; with all registers the seed is named.
    for county in 1...12 { for village in 1...5 { try collect("15\(100 + county)0\(village)", households: 12) } }
    let seed = try draw(seed: "other.txt")
    #expect(seed.status == 65 && seed.messages.contains("the seed is another one"))
    let survey = try fixture.text("round/survey.yaml")
    _ = try fixture.folder.write(survey.replacingOccurrences(of: "total: 3", with: "total: 4"), to: "round/survey.yaml")
    let plan = try draw()
    #expect(plan.status == 65 && plan.messages.contains("the plan of stage \"villages\" is another one"))
    _ = try fixture.folder.write(survey, to: "round/survey.yaml")
    let frame = try fixture.text("round/frame/villages.csv")
    _ = try fixture.folder.write(frame + "1511306,15113,1\n", to: "round/frame/villages.csv")
    let changed = try draw()
    #expect(changed.status == 65 && changed.messages.contains("frame/villages.csv has changed"))
    #expect(try draw(["--until", "vilages"]).messages.contains("Did you mean \"villages\"?"))
  }

  @Test
  func `a list made on arrival is recorded, drawn from, and cannot be exchanged`() throws {
    #expect(try draw(["--until", "villages"]).status == 0)
    let chosen = try villages()
    try collect(chosen[0], households: 20)
    let file = "round/frame/registers/\(chosen[0]).csv"
    let record = try fixture.run(["record", "round", file, "--date", "2019-01-12 09:40"])
    #expect(record.status == 0 && record.output.contains("recorded, 20 rows"))
    let again = try fixture.run(["record", "round", file, "--date", "later"])
    #expect(again.output.contains("recorded before"))
    let village = try draw(["--within", chosen[0]])
    #expect(village.status == 0 && village.messages.contains("1 lists are those recorded on arrival"))
    let own = try fixture.list("round/draws/visit-in-\(chosen[0])/list.csv")
    #expect(own.allSatisfy { $0["village"] == chosen[0] } && own.count { $0["role"] == "selected" } == 6)
    #expect(!fixture.folder.names.contains("round/draws/visit-in-\(chosen[0])/receipt.json"))
    #expect(try draw(["--within", "1510199"]).messages.contains("was not drawn"))

    try collect(chosen[0], households: 21)
    for village in chosen.dropFirst() { try collect(village, households: 18) }
    let exchanged = try draw()
    #expect(exchanged.status == 65 && exchanged.messages.contains("[arrival-differs]"))
    // Recorded again, the correction stands in the log, but a list that was visited is not exchanged.
    #expect(try fixture.run(["record", "round", file, "--date", "2019-01-13"]).status == 0)
    try collect(chosen[0], households: 6)
    #expect(try fixture.run(["record", "round", file, "--date", "2019-01-14"]).status == 0)
    #expect(try draw().messages.contains("[within-differs]"))
    try collect(chosen[0], households: 20)
    #expect(try fixture.run(["record", "round", file, "--date", "2019-01-15"]).status == 0)
    #expect(try draw().status == 0)
    #expect(try fixture.text("round/draws/visit/receipt.json").contains("\"arrivals\""))

    let log = try fixture.text("round/arrivals.csv")
    _ = try fixture.folder.write(log.replacingOccurrences(of: ",6,", with: ",20,"), to: "round/arrivals.csv")
    let altered = try draw(["--until", "counties"])
    #expect(altered.status == 65 && altered.messages.contains("arrivals.csv:4"), "\(altered.messages)")
  }

  @Test
  func `lists that arrive in a folder with a Chinese name stand in the log under their own names`() throws {
    let folder = "内蒙古脱贫攻坚成效第三方评估调查2018"
    #expect(try draw(["--until", "villages"]).status == 0)
    let chosen = try villages()
    for village in chosen.prefix(2) { try collect(village, households: 20) }
    let root = fixture.folder.path + "/"
    try FileManager.default.moveItem(atPath: root + "round", toPath: root + folder)
    for village in chosen.prefix(2) {
      let file = "\(folder)/frame/registers/\(village).csv"
      #expect(try fixture.run(["record", folder, file, "--date", "2019-01-12"]).status == 0)
    }
    let log = try fixture.text(folder + "/arrivals.csv")
    for village in chosen.prefix(2) { #expect(log.contains("frame/registers/\(village).csv")) }
    let within = try fixture.run([
      "draw", folder, "visit", "--seed-file", "seed.txt", "--within", chosen[0],
    ])
    #expect(within.status == 0 && within.messages.contains("lists are those recorded on arrival"), "\(within.messages)")
  }

  @Test
  func `bad lists on arrival are named before anything is recorded`() throws {
    _ = try fixture.folder.write(
      "household,village\n1/1,1510101\n1/1,1510101\n",
      to: "round/frame/registers/1510101.csv"
    )
    let bad = try fixture.run(["record", "round", "round/frame/registers/1510101.csv", "--date", "d"])
    #expect(bad.status == 65 && bad.messages.contains("[id-duplicate]"))
    let foreign = try fixture.run(["record", "round", "seed.txt", "--date", "d"])
    #expect(foreign.status == 65 && foreign.messages.contains("[arrival-no-frame]"))
    let absent = try fixture.run(["record", "round", "round/frame/registers/1510102.csv", "--date", "d"])
    #expect(absent.status == 66 && absent.messages.contains("[file-missing]"))
    #expect(absent.messages.contains("Did you mean \"round/frame/registers/1510101.csv\"?"))
    #expect(!fixture.folder.names.contains("round/arrivals.csv"))
  }

  @Test
  func `a printed table gives the households that the whole draw gives`() throws {
    #expect(
      try fixture.run(["selection-table", "round", "visit", "--up-to", "60", "--seed-file", "seed.txt"]).status == 65
    )
    #expect(try draw(["--until", "villages"]).status == 0)
    let run = try fixture.run(["selection-table", "round", "visit", "--up-to", "60", "--seed-file", "seed.txt"])
    #expect(run.status == 0, "\(run.messages)")
    let chosen = try villages()
    // A file a county, named by it, with its villages alone.
    let until = try fixture.list("round/draws/visit-until-villages/list.csv")
    var files = Set<String>()
    for village in chosen {
      let county = try #require(until.first { $0["village"] == village })
      let file = "selection-tables-\(county["code"] ?? "")-\(county["name_zh"] ?? "").html"
      files.insert(file)
      let page = try fixture.text("round/draws/visit-tables/" + file)
      #expect(page.contains("\(village): selection table"))
      #expect(page.components(separatedBy: ": selection table").count - 1 == 3)
    }
    #expect(files.count == 3)
    #expect(run.output.split(separator: "\n").count == 4)
    for village in chosen { try collect(village, households: 40) }
    #expect(try draw().status == 0)
    let numbers = try fixture.list("round/draws/visit-tables/selection-tables.csv")
    let list = try fixture.list("round/draws/visit/list.csv")
    for village in chosen {
      let order = numbers.filter { $0["unit"] == village }.compactMap { $0["number"].flatMap { Int($0) } }
        .filter { $0 <= 40 }
      let ordinary = order.filter { $0 % 3 != 0 }.prefix(2)
      let poor = order.filter { $0 % 3 == 0 }.prefix(6)
      let drawn = list.filter { $0["village"] == village }.compactMap { $0["household"] }
      #expect(Set(drawn) == Set((ordinary + poor).map { "\(village)/\($0)" }))
    }
  }
}
