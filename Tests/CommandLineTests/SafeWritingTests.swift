import Foundation
import Testing

/// Calls that change files, one of which fails or ends the process: Tests/Fixtures/faults/faults.c.
private enum Faults {
  static let library: String = {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("faults-\(UUID().uuidString).so").path
    let source = repositoryPath + "/Tests/Fixtures/faults/faults.c"
    let made = try? shell(
      "for c in clang gcc cc; do command -v $c >/dev/null && $c -shared -fPIC -O1 -o '\(place)' '\(source)' -ldl "
        + "&& echo made && break; done",
      in: "/"
    )
    return made == "made\n" ? place : ""
  }()

  enum Kind: String { case fail, kill, trap }

  struct Outcome {
    let run: CommandRun
    /// Name of the call that was struck; `nil` where the command made fewer calls.
    let call: String?
  }

  static func strike(
    _ call: Int,
    _ kind: Kind,
    few: Bool,
    _ arguments: [String],
    in folder: TemporaryFolder
  ) throws -> Outcome {
    let log = FileManager.default.temporaryDirectory.appendingPathComponent("faults-\(UUID().uuidString).log")
    defer { try? FileManager.default.removeItem(at: log) }
    var environment = [
      "LD_PRELOAD": library, "FAULT_AT": "\(call)", "FAULT_KIND": kind.rawValue, "FAULT_LOG": log.path,
    ]
    if few { environment["FAULT_FEW"] = "1" }
    let run = try CommandRun(arguments + ["--lang", "en"], in: folder.path, environment: environment)
    let struck = try? String(contentsOf: log, encoding: .utf8)
    return Outcome(run: run, call: struck?.split(separator: " ").last.map { $0.trimmingCharacters(in: .newlines) })
  }

  /// Everything under a folder, by name; a folder is an empty entry.
  static func files(_ folder: String) -> [String: Data] {
    var found: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      found[name] = FileManager.default.contents(atPath: folder + "/" + name) ?? Data()
    }
    return found
  }

  /// In a run of `make test-long` every call is struck, and three hundred moments.
  static let isLong = ProcessInfo.processInfo.environment["MINGCHA_ROUNDS"] != nil
}

/// A command that changes a folder, from a state that can be set again.
private struct Change {
  let folder: TemporaryFolder
  let arguments: [String]
  /// Sets the folder back.
  let reset: () throws -> Void
  let old: [String: Data]
  let new: [String: Data]
  /// Files that stand for themselves; without any, the folder changes as a whole.
  let standsAlone: Bool

  init(_ folder: TemporaryFolder, _ arguments: [String], standsAlone: Bool, reset: @escaping () throws -> Void) throws {
    self.folder = folder
    self.arguments = arguments
    self.standsAlone = standsAlone
    self.reset = reset
    try reset()
    old = Faults.files(folder.path)
    let run = try CommandRun(arguments + ["--lang", "en"], in: folder.path)
    #expect(run.status == 0, "\(run.messages)")
    new = Faults.files(folder.path)
    #expect(old != new)
  }

  /// Temporary files, which a killed run may leave; the lock, whose words are nobody's result.
  private func isOwn(_ name: String) -> Bool {
    name.contains(".mingcha-tmp") || name.hasSuffix(".mingcha.lock")
  }

  /// Nothing is there that is neither old nor new.
  func isOldOrNew(leftovers: Bool) -> Bool {
    let found = Faults.files(folder.path)
    if !leftovers, found.keys.contains(where: { $0.contains(".mingcha-tmp") }) { return false }
    let now = found.filter { !isOwn($0.key) }
    let before = old.filter { !isOwn($0.key) }
    let after = new.filter { !isOwn($0.key) }
    if now == before || now == after { return true }
    guard standsAlone else { return false }
    return now.allSatisfy { before[$0.key] == $0.value || after[$0.key] == $0.value }
      && before.keys.allSatisfy { now[$0] != nil }
  }

  func wasDone() -> Bool { Faults.files(folder.path).filter { !isOwn($0.key) } == new.filter { !isOwn($0.key) } }

  static func draw() throws -> Change {
    let fixture = try DrawFixture()
    let arguments = [
      "draw", "counties.csv", "--id", "code", "--group", "2018/visit-1", "--strata", "league", "--take", "1",
      "--seed-file", "seed.txt", "-o", "visits",
    ]
    return try Change(fixture.folder, arguments, standsAlone: false) { [folder = fixture.folder] in
      try? FileManager.default.removeItem(atPath: folder.path + "/visits")
    }
  }

  static func record() throws -> Change {
    let field = try FieldworkFixture()
    let (unit, other) = (try field.selected()[0], try field.selected()[1])
    #expect(try field.record(unit, "completed").status == 0)
    let place = field.fixture.folder.path + "/round/draws/homes/fieldwork.csv"
    let before = FileManager.default.contents(atPath: place) ?? Data()
    let arguments = ["field", "record", "round", "homes", "--unit", other, "--outcome", "refused"]
    return try Change(field.fixture.folder, arguments, standsAlone: false) {
      try before.write(to: URL(fileURLWithPath: place))
    }
  }

  /// Results that are there, of inputs that have changed since.
  static func estimates() throws -> Change {
    let fixture = try DrawFixture()
    let folder = fixture.folder
    #expect(try fixture.run(["init", "api", "--template", "california-schools"]).status == 0)
    #expect(try fixture.run(["estimate", "api"]).status == 0)
    let results = URL(fileURLWithPath: folder.path + "/api/results")
    let kept = URL(fileURLWithPath: folder.path + "/kept")
    try FileManager.default.copyItem(at: results, to: kept)
    let survey = folder.path + "/api/survey.yaml"
    let text = try String(contentsOfFile: survey, encoding: .utf8)
    try (text + "# changed\n").write(toFile: survey, atomically: true, encoding: .utf8)
    return try Change(folder, ["estimate", "api"], standsAlone: true) {
      try? FileManager.default.removeItem(at: results)
      try FileManager.default.copyItem(at: kept, to: results)
    }
  }
}

private let changes: [@Sendable () throws -> Change] = [Change.draw, Change.record, Change.estimates]

@Suite("writing: the old file or the new one, whatever fails", .serialized)
struct SafeWritingTests {
  @Test(
    "every open, write, sync and rename failing once leaves the old files or the new ones, and nothing else",
    arguments: 0..<3
  )
  func failing(place: Int) throws {
    let change = try changes[place]()
    var struck: [String: Int] = [:]
    for few in [true, false] {
      var call = 1
      while true {
        try change.reset()
        let outcome = try Faults.strike(call, .fail, few: few, change.arguments, in: change.folder)
        guard let name = outcome.call else { break }
        struck[name, default: 0] += 1
        let status = outcome.run.status
        #expect(change.isOldOrNew(leftovers: false), "\(name), call \(call)")
        // A failure that did no harm (a temporary name that is tried again) is not reported.
        #expect([73, 74].contains(status) || status == 0 && change.wasDone(), "\(name), call \(call): \(status)")
        // The library that packs workbooks has its own word first; ours is the last line.
        let last = outcome.run.messages.split(separator: "\n").last ?? ""
        if [73, 74].contains(status) { #expect(!last.contains("mingcha-tmp")) }
        call += few || Faults.isLong ? 1 : 23
      }
    }
    #expect(Faults.library != "" && struck["fsync", default: 0] > 0 && struck["write", default: 0] > 0)
  }

  @Test(
    "killed at every call, and at random moments, the files are old or new, and doctor clears the rest",
    arguments: 0..<3
  )
  func killed(place: Int) throws {
    let change = try changes[place]()
    var call = 1
    var kills = 0
    while true {
      try change.reset()
      let outcome = try Faults.strike(call, .kill, few: !Faults.isLong, change.arguments, in: change.folder)
      if outcome.call == nil { break }
      kills += 1
      #expect(change.isOldOrNew(leftovers: true), "call \(call)")
      call += 1
    }
    #expect(kills > 0)
    let moments = Faults.isLong ? 100 : 8
    for moment in 0..<moments {
      try change.reset()
      // Multiples of 37 spread the moments over the run.
      let delay = 0.001 + 0.06 * Double((moment * 37) % moments) / Double(moments)
      let command = (change.arguments + ["--lang", "en"]).map { "'\($0)'" }.joined(separator: " ")
      _ = try shell(
        "timeout -s KILL \(delay) \(CommandRun.command) \(command) >/dev/null 2>&1; true",
        in: change.folder.path
      )
      #expect(change.isOldOrNew(leftovers: true), "moment \(delay)")
    }
    let survey = ["round", "api"].first { FileManager.default.fileExists(atPath: change.folder.path + "/\($0)") }
    guard let survey else { return }
    let doctor = try CommandRun(["doctor", survey, "--lang", "en"], in: change.folder.path)
    #expect([0, 1].contains(doctor.status))
    #expect(!Faults.files(change.folder.path + "/" + survey).keys.contains { $0.contains(".mingcha-tmp") })
  }

  @Test("a folder of temporary files that is full is an error of the workbook, not a workbook with half of its rows")
  func fullTemporaryFolder() throws {
    let folder = try TemporaryFolder()
    let rows = (0..<4_000).map { "c\($0 % 200),\($0 % 7)" }.joined(separator: "\n")
    _ = try folder.write("county,y\n" + rows + "\n", to: "rows.csv")
    let command = "\(CommandRun.command) estimate rows.csv --unweighted --mean y --by county -o out.xlsx --lang en"
    var failures = 0
    for blocks in [1, 8, 16, 40, 80, 100, 1_000] {
      let printed = try shell(
        "(ulimit -f \(blocks); \(command) >/dev/null 2>err; echo $?); ls -A | tr '\\n' ' '",
        in: folder.path
      )
      if printed.hasPrefix("0\n") {
        #expect(printed == "0\nerr out.xlsx rows.csv ")
        try FileManager.default.removeItem(atPath: folder.path + "/out.xlsx")
      } else {
        failures += 1
        #expect(printed == "74\nerr rows.csv ", "\(blocks)")
      }
    }
    #expect(failures >= 4 && failures < 7)
  }

  @Test("a trap of our own ends with 70 and a line without data")
  func trap() throws {
    let change = try Change.draw()
    try change.reset()
    // The first call belongs to the start of the runtime.
    let outcome = try Faults.strike(2, .trap, few: true, change.arguments, in: change.folder)
    #expect(outcome.call != nil && outcome.run.status == 70)
    #expect(outcome.run.messages.contains("An error of our own"))
  }

  @Test("standard output that is full or closed ends with 74 and one line")
  func standardOutput() throws {
    let fixture = try DrawFixture()
    let command = "\(CommandRun.command) estimate counties.csv --unweighted --mean villages --lang en"
    let full = try shell("\(command) >/dev/full 2>err; echo $?; wc -l <err", in: fixture.folder.path)
    #expect(full == "74\n1\n")
    let closed = try shell("\(command) >&- 2>err; echo $?; wc -l <err", in: fixture.folder.path)
    #expect(closed == "74\n1\n")
  }
}

@Suite("survey folders: one run at a time, and looking after them")
struct FolderLockTests {
  @Test("a second run is told who holds the folder and ends with 75; with --wait it waits")
  func lock() throws {
    let field = try FieldworkFixture()
    let folder = field.fixture.folder.path
    let unit = try field.selected()[0]
    let command = "\(CommandRun.command) field record round homes --unit \(unit) --outcome completed --lang en"
    let held = "exec 9>>round/.mingcha.lock; flock 9; echo 'pid 4711, tent, 2018-08-13T00:00:00Z' >&9;"
    let printed = try shell("\(held) \(command) 9>&- 2>&1; echo $?", in: folder)
    #expect(printed.contains("another run is writing in this survey folder"), "\(printed)")
    #expect(printed.contains("pid 4711, tent") && printed.contains("--wait") && printed.hasSuffix("75\n"))
    let waited = try shell("\(held) (sleep 1; flock -u 9) & \(command) --wait 20 9>&- 2>&1; echo $?", in: folder)
    #expect(waited.contains("waiting for another run (pid 4711"), "\(waited)")
    #expect(waited.contains("was interrupted") && waited.hasSuffix("0\n"))
    let doctor = try field.run("doctor", "round")
    #expect(doctor.status == 0 && doctor.output == "no temporary files are left over.\n")
  }

  @Test("--wait takes whole seconds of a day")
  func wait() throws {
    let field = try FieldworkFixture()
    #expect(try field.run("estimate", "round", "--wait=-1").status == 64)
  }

  @Test("doctor removes what a dead process left, leaves what a living one writes, and names results older than inputs")
  func doctor() throws {
    let fixture = try DrawFixture()
    #expect(try fixture.run(["init", "api", "--template", "california-schools"]).status == 0)
    #expect(try fixture.run(["estimate", "api"]).status == 0)
    let dead = ".estimates.json.999999999-0.mingcha-tmp"
    let living = ".score.json.\(ProcessInfo.processInfo.processIdentifier)-0.mingcha-tmp"
    _ = try fixture.folder.write("x", to: "api/results/" + dead)
    _ = try fixture.folder.write("x", to: "api/results/" + living)
    _ = try fixture.folder.write("x", to: "api/draws/.visit.999999999.mingcha-tmp/list.csv")
    let look = try fixture.run(["doctor", "api", "--dry-run"])
    #expect(look.status == 0 && look.output.contains("results/\(dead): left over"), "\(look.output)")
    let held = "exec 9>>api/.mingcha.lock; flock 9; echo 'pid 4711, tent' >&9;"
    let kept = try shell("\(held) \(CommandRun.command) doctor api --lang en 9>&-", in: fixture.folder.path)
    #expect(kept.contains("held by pid 4711, tent") && kept.contains("results/\(dead): left over"), "\(kept)")
    let again = try fixture.run(["doctor", "api", "--dry-run"])
    #expect(again.output.contains("interrupted run: pid 4711"), "\(again.output)")
    let first = try fixture.run(["doctor", "api"])
    #expect(first.status == 0 && first.output.contains("results/\(dead): removed"), "\(first.output)")
    #expect(first.output.contains("draws/.visit.999999999.mingcha-tmp: removed"))
    #expect(first.output.contains("is writing it") && first.output.contains("results/estimates.json: up to date"))
    let left = Faults.files(fixture.folder.path + "/api").keys.filter { $0.contains(".mingcha-tmp") }
    #expect(left == ["results/" + living])
    let survey = try fixture.text("api/survey.yaml")
    _ = try fixture.folder.write(survey + "# changed\n", to: "api/survey.yaml")
    let second = try fixture.run(["doctor", "api"])
    #expect(second.status == 1 && second.output.contains("survey.yaml has changed; run it again"), "\(second.output)")
    let json = try fixture.run(["doctor", "api", "--format", "json"])
    #expect(json.output.contains("\"state\": \"changed\""))
    #expect(try fixture.run(["doctor", "nowhere"]).status == 66)
  }
}
