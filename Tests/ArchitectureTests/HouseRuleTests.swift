import Foundation
import Testing

@Suite struct HouseRuleTests {
  @Test("no Swift file is longer than 600 lines: past that it has a second subject")
  func length() throws {
    for file in try SourceTree.swiftFiles(in: "Sources") + SourceTree.swiftFiles(in: "Tests") {
      #expect(file.lines.count <= 601, "\(file.path): \(file.lines.count) lines")
    }
  }

  @Test(
    "what bad input could reach never ends the process, and nothing is left for later",
    arguments: ["fatalError(", "try!", "as!", "TODO", "FIXME", "XXX", "not implemented"]
  )
  func words(word: String) throws {
    for file in try SourceTree.swiftFiles(in: "Sources") {
      for (index, line) in file.lines.enumerated() {
        #expect(!line.contains(word), "\(file.path):\(index + 1)")
      }
    }
  }

  @Test(
    "a draw or a simulation takes its chance from a seed only",
    arguments: ["SystemRandomNumberGenerator", ".random(", ".shuffled(", ".randomElement(", "arc4random", "drand48"]
  )
  func chance(word: String) throws {
    for file in try SourceTree.swiftFiles(in: "Sources") {
      for (index, line) in file.lines.enumerated() {
        #expect(!line.contains(word), "\(file.path):\(index + 1)")
      }
    }
  }

  @Test("no path of one machine stands in code")
  func paths() throws {
    for file in try SourceTree.swiftFiles(in: "Sources") {
      for (index, line) in file.lines.enumerated() {
        #expect(!line.contains("\"/home/") && !line.contains("\"/root/"), "\(file.path):\(index + 1)")
      }
    }
  }

  @Test("the format's rules are complete: one that is left out would be switched off silently")
  func formatRules() throws {
    let text = try SourceTree.text(".swift-format")
    for rule in [
      "AllPublicDeclarationsHaveDocumentation", "BeginDocumentationCommentWithOneLineSummary",
      "ValidateDocumentationComments", "NeverForceUnwrap", "NeverUseForceTry",
      "NeverUseImplicitlyUnwrappedOptionals", "UseEarlyExits",
    ] {
      #expect(text.contains("\"\(rule)\": true"), "\(rule)")
    }
    #expect(text.components(separatedBy: "\": true").count + text.components(separatedBy: "\": false").count > 45)
  }
}
