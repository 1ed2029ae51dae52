import MingchaWorkflow
import PovertyAssessment
import SurveyData
import Testing

@Suite("households judged again from their items")
struct HouseholdCheckTests {
  private let judgement = HouseholdJudgement(policy: .any, incomeLine: 2995)

  /// Four households: fine, wrongly exited and confirmed, left out but still suspected, one item open.
  private func answers(
    verdicts: [String?] = ["met", "not-met", "not-met", "undetermined"],
    reviews: [Double] = [0, 3, 1, 0],
    wrongExits: [Double] = [0, 4, .nan, .nan],
    omitted: [Double] = [.nan, .nan, 0, .nan]
  ) -> Table {
    let yes = [String?](repeating: "1", count: 4)
    return Table(
      columns: [
        Column("class", texts: ["P2", "P2", "N0", "P1"]), Column("food", texts: yes),
        Column("water", texts: ["1", "1", "1", nil]), Column("clothing", texts: yes),
        Column("medical", texts: ["1", "1", "2", "1"]), Column("education", texts: ["1", "9", "1", "1"]),
        Column("housing", texts: ["A", "D", "B", "B"]),
        Column("income_per_head", numbers: [4000, 4000, 4000, 4000]), Column("verdict", texts: verdicts),
        Column("review_status", numbers: reviews), Column("wrong_exit_persons", numbers: wrongExits),
        Column("omitted_persons", numbers: omitted),
      ],
      file: "r.csv"
    )
  }

  private func refusals(_ table: Table) -> [String] {
    do throws(InputRefusal) {
      _ = try judgement.checked(table)
      return []
    } catch {
      return error.findings.map { "\($0.code) \($0.row ?? 0)" }
    }
  }

  @Test func `what agrees passes, and open cases are counted`() throws {
    let (table, notes) = try judgement.checked(answers())
    let verdicts = try table.column("verdict")
    #expect((0..<4).map { verdicts.text(at: $0) } == ["met", "not-met", "not-met", "undetermined"])
    #expect(notes.map(\.code) == ["verdict-undetermined", "review-pending"])
  }

  @Test func `a file without verdicts gets them`() throws {
    let (table, _) = try judgement.checked(answers(verdicts: [nil, nil, nil, nil]))
    #expect(try table.column("verdict").text(at: 1) == "not-met")
  }

  @Test func `a verdict that its items contradict is refused by row`() {
    #expect(
      refusals(answers(verdicts: ["not-met", "met", "not-met", "undetermined"])) == [
        "verdict-differs 2", "verdict-differs 3",
      ]
    )
  }

  @Test func `only confirmed cases may be counted`() {
    #expect(refusals(answers(omitted: [.nan, .nan, 3, .nan])) == ["finding-differs 4"])
    #expect(refusals(answers(reviews: [0, 1, 1, 0])) == ["finding-differs 3"])
    #expect(refusals(answers(wrongExits: [2, 4, .nan, .nan])) == ["finding-differs 2"])
  }

  @Test func `a confirmed case must be counted`() {
    #expect(refusals(answers(wrongExits: [0, .nan, .nan, .nan])) == ["finding-differs 3"])
  }

  @Test func `an unknown review code is refused`() {
    #expect(refusals(answers(reviews: [0, 3, 7, 0])) == ["review-code 4"])
  }
}
