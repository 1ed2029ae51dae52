import Foundation
import TestSupport
import Testing

/// A file with one kind of fault, and what must come of it.
struct BadFile: Sendable, CustomTestStringConvertible {
  enum Command: Sendable { case draw, estimate }

  /// A finding without its words; `nil` where it has no such place.
  struct Place: Sendable, Equatable {
    var code: String
    var row: Int?
    var column: String?

    init(_ code: String, _ row: Int? = nil, _ column: String? = nil) {
      self.code = code
      self.row = row
      self.column = column
    }
  }

  let what: String
  let bytes: [UInt8]
  var suffix = "csv"
  var commands: [Command]
  var options: [String]
  let status: Int32
  /// All findings, in their order.
  let found: [Place]
  /// Part of the first one's mend.
  let mend: String

  init(
    _ what: String,
    _ bytes: [UInt8],
    suffix: String = "csv",
    by commands: [Command] = [.draw, .estimate],
    options: [String] = [],
    status: Int32 = 65,
    _ found: [Place],
    mend: String = ""
  ) {
    self.what = what
    self.bytes = bytes
    self.suffix = suffix
    self.commands = commands
    self.options = options
    self.status = status
    self.found = found
    self.mend = mend
  }

  init(
    _ what: String,
    _ text: String,
    by commands: [Command] = [.draw, .estimate],
    options: [String] = [],
    status: Int32 = 65,
    _ found: [Place],
    mend: String = ""
  ) {
    self.init(
      what,
      Array(text.utf8),
      by: commands,
      options: options,
      status: status,
      found,
      mend: mend
    )
  }

  init(
    _ what: String,
    _ book: WorkbookMaker,
    by commands: [Command] = [.draw, .estimate],
    options: [String] = [],
    status: Int32 = 65,
    _ found: [Place],
    mend: String = ""
  ) {
    self.init(
      what,
      book.bytes,
      suffix: "xlsx",
      by: commands,
      options: options,
      status: status,
      found,
      mend: mend
    )
  }

  var testDescription: String { what }
  var name: String { "in." + suffix }
}

/// What one command made of a file.
struct BadFileRun {
  let run: CommandRun
  let findings: [[String: Any]]
  /// The files that a draw wrote.
  let written: [String: Data]

  var places: [BadFile.Place] {
    findings.map {
      BadFile.Place($0["code"] as? String ?? "?", $0["row"] as? Int, $0["column"] as? String)
    }
  }

  var list: String { String(decoding: written["list.csv"] ?? Data(), as: UTF8.self) }

  func text(_ key: String, of place: Int = 0) -> String {
    findings.indices.contains(place) ? findings[place][key] as? String ?? "" : ""
  }
}

/// A folder with a seed, in which files are drawn from by `code` and estimated by the mean of `x`.
struct BadInputFolder {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try folder.write("00112233445566778899aabbccddeeff\n", to: "seed.txt")
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/" + name))
  }

  func arguments(_ command: BadFile.Command, _ name: String, _ options: [String]) -> [String] {
    switch command {
    case .draw:
      let takes = options.contains("--take") ? [] : ["--take", "1"]
      return ["draw", name, "--id", "code", "--group", "bad/input", "--seed-file", "seed.txt", "-o", "out"]
        + takes + options
    case .estimate:
      let design = options.contains("--weights") ? [] : ["--unweighted"]
      return ["estimate", name, "--mean", "x"] + design + options
    }
  }

  /// Runs one command; what a draw wrote is read and taken away again.
  func run(_ command: BadFile.Command, _ name: String, _ options: [String] = []) throws -> BadFileRun {
    let before = try names()
    let run = try CommandRun(
      arguments(command, name, options) + ["--format", "json", "--lang", "en"],
      in: folder.path
    )
    var written: [String: Data] = [:]
    let made = folder.path + "/out"
    for file in (try? FileManager.default.contentsOfDirectory(atPath: made)) ?? [] {
      written[file] = FileManager.default.contents(atPath: made + "/" + file)
    }
    try? FileManager.default.removeItem(atPath: made)
    #expect(try names() == before, "left over after exit \(run.status)")
    return BadFileRun(run: run, findings: Self.findings(run.messages), written: written)
  }

  private func names() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
  }

  /// Messages are one array of findings after another.
  private static func findings(_ messages: String) -> [[String: Any]] {
    messages.replacingOccurrences(of: "\n]\n[", with: "\n]\u{1}[").split(separator: "\u{1}").flatMap { part in
      (try? JSONSerialization.jsonObject(with: Data(part.utf8)) as? [[String: Any]]) ?? []
    }
  }

  /// Holds every command to what the file must come to, and gives what each did.
  @discardableResult
  func check(_ file: BadFile) throws -> [BadFileRun] {
    try write(file.bytes, to: file.name)
    return try file.commands.map { command in
      let made = try run(command, file.name, file.options)
      let said: Comment = "\(command): \(made.run.messages)"
      #expect(made.run.status == file.status, said)
      // What a draw says of its strata belongs to no file.
      let own = made.findings.indices.filter { made.findings[$0]["file"] != nil }
      #expect(own.map { made.places[$0] } == file.found, said)
      #expect(own.allSatisfy { made.findings[$0]["file"] as? String == file.name }, said)
      if !file.mend.isEmpty { #expect(made.text("fix").contains(file.mend), said) }
      if file.status == 0 {
        #expect(made.run.output.isEmpty == false, said)
        #expect(own.allSatisfy { made.findings[$0]["severity"] as? String == "note" }, said)
        #expect(command == .estimate || made.written.count == 3, said)
      } else {
        #expect(made.run.output.isEmpty && made.written.isEmpty, said)
        #expect(made.findings.allSatisfy { ($0["fix"] as? String)?.isEmpty == false }, said)
        try checkLines(command, file)
      }
      return made
    }
  }

  /// In Chinese, for people: a line each, which begins with the place and ends with the code.
  private func checkLines(_ command: BadFile.Command, _ file: BadFile) throws {
    let run = try CommandRun(arguments(command, file.name, file.options), in: folder.path)
    #expect(run.status == file.status)
    let lines = run.messages.split(separator: "\n")
    #expect(lines.count == file.found.count, "\(run.messages)")
    for (line, place) in zip(lines, file.found) {
      let row = place.row.map { ":\($0)" } ?? ""
      let column = place.column.map { " \($0)" } ?? ""
      let begin = file.suffix == "xlsx" ? file.name : file.name + row + column + ":"
      #expect(line.hasPrefix(begin) && line.contains(row + column + ":"), "\(line)")
      #expect(line.hasSuffix("。 [\(place.code)]"), "\(line)")
    }
  }
}
