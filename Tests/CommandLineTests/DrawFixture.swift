import Foundation

/// A folder with a frame of twelve counties in three leagues, and a seed of 128 bits.
struct DrawFixture {
  let folder: TemporaryFolder
  static let seed = "00112233445566778899aabbccddeeff"

  init() throws {
    folder = try TemporaryFolder()
    var frame = "code,name_zh,league,villages\n"
    for number in 1...12 { frame += "15\(100 + number),旗\(number),\((number + 3) / 4),\(number * 10)\n" }
    _ = try folder.write(frame, to: "counties.csv")
    _ = try folder.write(Self.seed + "\n", to: "seed.txt")
  }

  /// `mingcha draw counties.csv …` in the folder, with the usual options unless told otherwise.
  func draw(
    _ options: [String] = [],
    frame: String = "counties.csv",
    seed: [String] = ["--seed-file", "seed.txt"],
    output: String = "visits",
    input: [UInt8]? = nil
  ) throws -> CommandRun {
    let take = options.contains { ["--take", "--up-to", "--rate"].contains($0) } ? [] : ["--take", "1"]
    return try run(
      ["draw", frame, "--id", "code", "--group", "2018/visit-1", "--strata", "league", "-o", output] + take
        + seed + options,
      input: input
    )
  }

  func run(_ arguments: [String], input: [UInt8]? = nil) throws -> CommandRun {
    try CommandRun(arguments + ["--lang", "en"], input: input, in: folder.path)
  }

  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name))
  }

  func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

  /// The rows of the list as written, by column name.
  func list(_ name: String = "visits/list.csv") throws -> [[String: String]] {
    let lines = try text(name).replacingOccurrences(of: "\r\n", with: "\n").split(separator: "\n")
    let header = lines[0].drop { $0 == "\u{FEFF}" }.split(separator: ",", omittingEmptySubsequences: false)
    return lines.dropFirst().map { line in
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      return Dictionary(uniqueKeysWithValues: zip(header.map(String.init), cells.map(String.init)))
    }
  }
}

/// What a shell prints.
func shell(_ script: String, in folder: String) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/bin/bash")
  process.arguments = ["-c", script]
  process.currentDirectoryURL = URL(fileURLWithPath: folder)
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return String(decoding: data, as: UTF8.self)
}
