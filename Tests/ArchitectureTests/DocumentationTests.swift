import Foundation
import Testing

@Suite struct DocumentationTests {
  private func markdownFiles() throws -> [String] {
    let docs = try FileManager.default.subpathsOfDirectory(atPath: SourceTree.root.path + "/docs")
    return ["README.md"].filter { FileManager.default.fileExists(atPath: SourceTree.root.path + "/" + $0) }
      + docs.filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }.sorted()
  }

  @Test("an excerpt that names its file stands in that file, word for word")
  func excerpts() throws {
    var count = 0
    for page in try markdownFiles() {
      for block in try SourceTree.text(page).components(separatedBy: "```").enumerated().filter({ $0.offset % 2 == 1 })
      {
        let lines = block.element.split(separator: "\n", omittingEmptySubsequences: false).dropFirst()
        guard let first = lines.first, let path = first.split(separator: " ").last,
          first.hasPrefix("// Sources/") || first.hasPrefix("// Tests/") || first.hasPrefix("# Surveys/")
        else { continue }
        count += 1
        let excerpt = lines.dropFirst().joined(separator: "\n").trimmingCharacters(in: .newlines)
        #expect(try SourceTree.text(String(path)).contains(excerpt), "\(page) quotes \(path)")
      }
    }
    #expect(count >= 3)
  }

  @Test("links between pages lead somewhere")
  func links() throws {
    for page in try markdownFiles() {
      let folder = SourceTree.root.appendingPathComponent(page).deletingLastPathComponent()
      for piece in try SourceTree.text(page).components(separatedBy: "](").dropFirst() {
        guard let target = piece.split(separator: ")").first?.split(separator: "#").first,
          !target.contains("://"), !target.contains(" ")
        else { continue }
        let file = folder.appendingPathComponent(String(target))
        #expect(FileManager.default.fileExists(atPath: file.path), "\(page) links to \(target)")
      }
    }
  }
}
