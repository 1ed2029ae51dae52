import Foundation
import Testing

/// A protocol whose conforming types stand one a file in a folder and all in one list.
struct OpenSet: Sendable, CustomTestStringConvertible {
  var folder: String
  /// What a declaration must say to be a member.
  var conformance: String
  /// The file that holds the list.
  var list: String
  var testDescription: String { conformance }
}

@Suite struct ListTests {
  static let sets = [
    OpenSet(
      folder: "Sources/SampleDrawing/Methods",
      conformance: "SelectionMethod",
      list: "Sources/SampleDrawing/Methods/SelectionMethods.swift"
    ),
    OpenSet(
      folder: "Sources/SurveyDesign/Allocation",
      conformance: "AllocationRule",
      list: "Sources/SurveyDesign/Allocation/Allocations.swift"
    ),
    OpenSet(
      folder: "Sources/SurveyEstimation/Intervals",
      conformance: "ProportionInterval",
      list: "Sources/SurveyEstimation/Intervals/Intervals.swift"
    ),
    OpenSet(
      folder: "Sources/SurveyEstimation/Replication",
      conformance: "ReplicationMethod",
      list: "Sources/SurveyEstimation/Replication/ReplicationMethod.swift"
    ),
    OpenSet(
      folder: "Sources/PovertyAssessment/Rules",
      conformance: "ScoringRule",
      list: "Sources/PovertyAssessment/Rules/ScoringRule.swift"
    ),
    OpenSet(
      folder: "Sources/TabularFiles",
      conformance: "TableFormat",
      list: "Sources/TabularFiles/TableFormat.swift"
    ),
    OpenSet(
      folder: "Sources/Documents/Writers",
      conformance: "DocumentWriter",
      list: "Sources/Documents/Writers/DocumentWriter.swift"
    ),
  ]

  @Test("every member of an open set stands in its list, in a file of its own name", arguments: sets)
  func members(set: OpenSet) throws {
    let list = try SourceTree.text(set.list)
    guard let start = list.range(of: "static let all") else {
      Issue.record("\(set.list) has no list")
      return
    }
    let end =
      list[start.upperBound...].range(of: "\n  ]")?.lowerBound
      ?? list[start.upperBound...].firstIndex(of: "\n") ?? list.endIndex
    let entries = Set(words(list[start.upperBound..<end]))
    var count = 0
    for file in try SourceTree.swiftFiles(in: set.folder) {
      for line in file.lines {
        guard let type = declaredType(line, conformingTo: set.conformance) else { continue }
        count += 1
        #expect(entries.contains(type), "\(type) is missing from \(set.list)")
        #expect(file.name == "\(type).swift", "\(type) stands in \(file.path)")
      }
    }
    #expect(count > 0, "no member was found in \(set.folder)")
  }

  private func declaredType(_ line: Substring, conformingTo name: String) -> String? {
    let words = words(line)
    guard let place = words.firstIndex(of: "struct") ?? words.firstIndex(of: "enum"), place + 1 < words.count,
      line.contains(":"), words[(place + 2)...].contains(name)
    else { return nil }
    return words[place + 1]
  }

  private func words(_ text: Substring) -> [String] {
    text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
  }
}
