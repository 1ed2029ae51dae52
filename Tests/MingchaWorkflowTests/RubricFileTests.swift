import Foundation
import MingchaWorkflow
import PovertyAssessment
import SurveyData
import Testing

private let rulesPath = "Surveys/inner-mongolia-2018/rules/inner-mongolia-2018.yaml"

private func text(of path: String) throws -> String {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  return try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
}

private func findings(_ text: String) -> [Finding] {
  do {
    _ = try RubricFile.read(text, file: "rules.yaml")
    return []
  } catch let refusal as InputRefusal {
    return refusal.findings
  } catch {
    Issue.record(error)
    return []
  }
}

@Suite("the rules file")
struct RubricFileTests {
  @Test("18 rows: 100 points a regular round, 100 at the end of the year, blocks as in the regulation")
  func bundled() throws {
    let rubric = try RubricFile.read(try text(of: rulesPath), file: rulesPath)
    #expect(rubric.rows.map(\.id) == (1...18).map { $0 < 10 ? "0\($0)" : "\($0)" })
    #expect(rubric.rows.reduce(0) { $0 + $1.regularPoints } == 100)
    #expect(rubric.rows.reduce(0) { $0 + $1.yearEndPoints } == 100)
    var blocks = [(name: String, points: Double)]()
    for row in rubric.rows {
      if blocks.last?.name != row.block.zh { blocks.append((row.block.zh, 0)) }
      blocks[blocks.count - 1].points += row.regularPoints + row.yearEndPoints
    }
    #expect(blocks.map(\.name) == ["减贫成效", "精准识别退出", "精准施策", "扶贫资金", "精准帮扶", "作风建设"])
    #expect(blocks.map(\.points) == [20, 20, 70, 50, 20, 20])
  }

  @Test("every rule that the regulation does not give is marked as assumed, in both languages")
  func assumptions() throws {
    let rubric = try RubricFile.read(try text(of: rulesPath), file: rulesPath)
    for row in rubric.rows {
      if case .administrative = row.measurement { continue }
      #expect(
        row.assumption?.zh.hasPrefix("假设") == true && row.assumption?.en.hasPrefix("Assumed") == true,
        "\(row.id)"
      )
    }
    #expect(rubric.assumptions.allSatisfy { $0.zh.hasPrefix("假设") })
    #expect(rubric.grades.map(\.atLeast) == [0.9, 0.8, 0.6, 0])
  }

  @Test("every estimate that a row scores is an indicator of the survey file, and says the row's number")
  func indicators() throws {
    let rubric = try RubricFile.read(try text(of: rulesPath), file: rulesPath)
    let survey = try text(of: "Surveys/inner-mongolia-2018/survey.yaml")
    for row in rubric.rows {
      switch row.measurement {
      case .administrative: break
      case .survey(let estimate, _), .mixed(let estimate, _, _):
        let start = try #require(survey.range(of: "\n  \(estimate):"), "\(row.id)")
        let rest = survey[start.upperBound...]
        let end = rest.range(of: "\n  [a-z]", options: .regularExpression)?.lowerBound ?? rest.endIndex
        #expect(rest[..<end].contains("row: \"\(row.id)\""), "\(row.id) and \(estimate)")
      }
    }
  }

  private static let head =
    "rubric: {id: r, name: {zh: 表, en: Table}}\ngrades: [{name: {zh: 好, en: Good}, at-least: 0}]\n"

  private func row(_ more: String) -> String {
    Self.head + "rows:\n  - {id: \"01\", name: {zh: 项, en: Row}, regular: 1, year-end: 1, \(more)}\n"
  }

  @Test("a rules file that is right is read, and each thing that is wrong is named")
  func problems() {
    #expect(findings(row("measured-by: administrative")).isEmpty)
    #expect(findings(row("measured-by: survye, estimate: e")).map(\.code) == ["measurement-unknown"])
    let near = findings(row("measured-by: administrativ"))
    #expect(near.first?.fix.en.contains("administrative") == true)
    #expect(
      findings(row("measured-by: survey, estimate: e, rule: {kind: propotional, zero: 0, full: 1}")).map(\.code)
        == ["rule-unknown"]
    )
    #expect(
      findings(row("measured-by: survey, estimate: e, rule: {kind: proportional, zero: 1, full: 0.5}")).map(\.code)
        == ["rule-values"]
    )
    #expect(
      findings(row("measured-by: survey, estimate: e, rule: {kind: threshold, at-least: 85}")).map(\.code)
        == ["share-range"]
    )
  }

  @Test("an unknown key names the one that was meant; rows of one id and grades out of order are refused")
  func keys() {
    let unknown = findings(row("measured-by: administrative, measure-by: x"))
    #expect(unknown.count == 1 && unknown.first?.fix.en.contains("measured-by") == true)
    let line = "  - {id: \"01\", name: {zh: 项, en: Row}, regular: 1, year-end: 1, measured-by: administrative}\n"
    #expect(findings(Self.head + "rows:\n" + line + line).map(\.code) == ["id-duplicate"])
    let wrongOrder = """
      rubric: {id: r, name: {zh: 表, en: Table}}
      grades: [{name: {zh: 差, en: Poor}, at-least: 0}, {name: {zh: 好, en: Good}, at-least: 0.9}]
      rows:

      """
    #expect(findings(wrongOrder + line).map(\.code) == ["grades-order"])
    #expect(
      findings(row("measured-by: administrative").replacing("regular: 1", with: "regular: -1")).map(\.code) == [
        "points-negative"
      ]
    )
  }

  @Test("a file without rows or rubric is refused")
  func empty() {
    #expect(findings("grades: []\n").count >= 2)
  }
}
