import Foundation

/// The repository as files: what the checks of this target read.
enum SourceTree {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  struct File: Sendable {
    /// From the repository's root, such as `Sources/SurveyData/Table.swift`.
    var path: String
    var text: String
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    var name: String { String(path.split(separator: "/").last ?? "") }
  }

  static func text(_ path: String) throws -> String {
    try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
  }

  /// The Swift files under a folder, at any depth, in the order of their paths.
  static func swiftFiles(in folder: String) throws -> [File] {
    let start = root.appendingPathComponent(folder)
    let walker = FileManager.default.enumerator(at: start, includingPropertiesForKeys: nil)
    var paths = [String]()
    while let url = walker?.nextObject() as? URL {
      guard url.pathExtension == "swift" else { continue }
      paths.append(String(url.path.dropFirst(root.path.count + 1)))
    }
    return try paths.sorted().map { File(path: $0, text: try text($0)) }
  }
}
