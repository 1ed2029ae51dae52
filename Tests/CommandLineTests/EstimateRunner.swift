import Foundation

/// The built command, run as a user runs it.
struct CommandRun {
  let status: Int32
  let output: String
  let messages: String

  init(
    _ arguments: [String],
    input: [UInt8]? = nil,
    in folder: String? = nil,
    environment: [String: String] = [:]
  ) throws {
    let process = Process()
    if !environment.isEmpty {
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    }
    process.executableURL = URL(fileURLWithPath: Self.command)
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let temporary = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: temporary) }
    // Files instead of pipes: a full pipe would stop the command for ever.
    func file(_ name: String) throws -> FileHandle {
      let url = temporary.appendingPathComponent(name)
      _ = FileManager.default.createFile(atPath: url.path, contents: nil)
      return try FileHandle(forWritingTo: url)
    }
    process.standardOutput = try file("out")
    process.standardError = try file("err")
    let source = temporary.appendingPathComponent("in")
    try Data(input ?? []).write(to: source)
    process.standardInput = try FileHandle(forReadingFrom: source)
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: temporary.appendingPathComponent(name)), as: UTF8.self)
    }
    output = try text("out")
    messages = try text("err")
  }

  /// The product stands beside the tests' own executable.
  static let command: String = {
    let bundle = CommandLine.arguments.first { $0.contains(".xctest") } ?? CommandLine.arguments[0]
    let parts = bundle.components(separatedBy: "/")
    let end = parts.firstIndex { $0.hasSuffix(".xctest") } ?? parts.count - 1
    return parts[..<end].joined(separator: "/") + "/mingcha"
  }()
}

/// A folder that a test may fill, gone when the test is over.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("mingcha-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ text: String, to name: String) throws -> String {
    let file = path + "/" + name
    try FileManager.default.createDirectory(
      atPath: (file as NSString).deletingLastPathComponent,
      withIntermediateDirectories: true
    )
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    return file
  }

  var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? [] }
}

/// The package's folder, which holds the bundled surveys.
let repositoryPath = #filePath.components(separatedBy: "/Tests/")[0]
