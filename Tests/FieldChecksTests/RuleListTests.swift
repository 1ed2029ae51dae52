import FieldChecks
import Foundation
import SurveyData
import Testing

@Suite struct RuleListTests {
  @Test("every built-in rule has an id of its own and says in both languages what it is and how it is mended")
  func words() {
    var seen = Set<String>()
    for rule in CheckRules.builtIn {
      #expect(seen.insert(rule.id).inserted, "\(rule.id)")
      #expect(!rule.name.zh.isEmpty && !rule.name.en.isEmpty && !rule.fix.zh.isEmpty && !rule.fix.en.isEmpty)
      #expect(rule.level != .pass)
    }
    #expect(seen.count > 40)
  }
}

/// docs/checking.md, from the place of this file.
private let guide = #filePath.components(separatedBy: "/Tests/")[0] + "/docs/checking.md"

@Suite struct RuleGuideTests {
  @Test("the guide names every built-in rule with its level, every role and every threshold")
  func named() throws {
    let text = try String(contentsOfFile: guide, encoding: .utf8)
    let lines = text.split(separator: "\n")
    for rule in CheckRules.builtIn {
      let line = lines.first { $0.hasPrefix("| `") && $0.contains("`\(rule.id)`") }
      #expect(line?.contains("| \(rule.level.rawValue) |") == true, "\(rule.id)")
    }
    for role in CheckedRole.allCases { #expect(text.contains("`\(role.rawValue)`"), "\(role.rawValue)") }
    for threshold in CheckThreshold.allCases {
      #expect(text.contains("`\(threshold.rawValue)`"), "\(threshold.rawValue)")
    }
  }
}
