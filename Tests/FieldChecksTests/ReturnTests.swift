import FieldChecks
import SurveyData
import SurveyDesign
import Testing

@Suite struct ReturnTests {
  /// One village, two strata; A1 A2 and B1 selected, A8 A9 in reserve.
  private static let list = textTable(
    "order,role,village,villages_stratum,villages_population,villages_sample,villages_probability,household,"
      + "households_stratum,households_population,households_sample,households_probability,inclusion_probability,weight\n"
      + "1,selected,v1,s,4,1,0.25,A1,A,4,2,0.5,0.125,8\n2,selected,v1,s,4,1,0.25,A2,A,4,2,0.5,0.125,8\n"
      + "3,selected,v1,s,4,1,0.25,B1,B,2,1,0.5,0.125,9\n1,reserve,v1,s,4,1,0.25,A8,A,4,2,0.5,,\n"
      + "2,reserve,v1,s,4,1,0.25,A9,A,4,2,0.5,,\n",
    file: "list.csv"
  )
  private static let outcome = OutcomeCodes(
    column: "result",
    dispositions: ["1": .respondent, "5": .nonrespondent],
    outcomes: ["1": .completed, "5": .refused]
  )

  private static func checked(_ answers: String, record: [FieldworkRecord]? = nil) -> Checked {
    var sources = [
      CheckedSource(name: "households", kind: .responses, tables: [textTable(answers)], id: "household"),
      CheckedSource(name: "draws.homes", kind: .list, tables: [list], id: "household"),
    ]
    if let record {
      let lines =
        FieldworkRecord.columns.joined(separator: ",") + "\n"
        + record.map { $0.cells.joined(separator: ",") + "\n" }.joined()
      sources.append(
        CheckedSource(
          name: "draws.homes.record",
          kind: .record,
          tables: [textTable(lines, file: "fieldwork.csv")],
          id: "unit"
        )
      )
    }
    let draw = CheckedDraw(
      name: "homes",
      list: 1,
      table: list,
      stages: [ListedStage(name: "villages", id: "village"), ListedStage(name: "households", id: "household")],
      strata: [[], ["class"]],
      certainSuffix: " (certain)",
      record: record.map { (2, $0) }
    )
    return Checked(sources, outcome: outcome, draws: [draw], answered: "homes")
  }

  @Test("answers alone: not drawn, missing, elsewhere, another class, a weight that is not the list's")
  func answers() {
    let checked = Self.checked("household,village,class,result\nA1,v1,B,1\nB1,v2,B,1\nX1,v1,A,1\n")
    #expect(checked.rows("return-not-drawn") == [4])
    #expect(checked.rows("return-missing") == [3], "A2 of the list's third row")
    #expect(checked.rows("return-parent") == [3])
    #expect(checked.rows("return-class") == [2])
    #expect(checked.rows("weight-design") == [4])
    #expect(checked.problems("weight-design")[0].message.en.contains("8"))
    #expect(checked.failed.isDisjoint(with: ["record-without-outcome", "reserve-without-reason"]))
  }

  @Test("a result code other than an interview is the reason of a replacement; the order of reserves is kept")
  func reserves() {
    let fine = Self.checked(
      "household,village,class,result,replaced_by\nA1,v1,A,5,A8\nA2,v1,A,1,\nB1,v1,B,1,\nA8,v1,A,1,\n"
    )
    #expect(fine.failed == ["replacement-rate", "weight-design"])
    #expect(fine.problems("replacement-rate")[0].message.en.contains("33.3 %"))
    let wrong = Self.checked(
      "household,village,class,result,replaced_by\nA1,v1,A,1,\nA2,v1,A,1,\nB1,v1,B,5,A9\nA9,v1,A,1,\n"
    )
    #expect(wrong.rows("reserve-elsewhere") == [4])
    #expect(wrong.rows("reserve-out-of-order") == [5])
    let nameless = Self.checked("household,village,class,result\nA1,v1,A,5\nA2,v1,A,1\nB1,v1,B,1\nA8,v1,A,1\n")
    #expect(nameless.rows("reserve-without-reason") == [5])
    #expect(nameless.rows("reserve-unlinked").isEmpty, "the form has no column for it")
  }

  @Test("a record is held against the list, and the answers against the record")
  func record() {
    func line(_ number: Int, _ unit: String, _ outcome: FieldOutcome) -> FieldworkRecord {
      FieldworkRecord(number: number, stage: "households", unit: unit, outcome: outcome)
    }
    let checked = Self.checked(
      "household,village,class,result\nA1,v1,A,5\nB1,v1,B,1\n",
      record: [line(1, "A1", .completed), line(2, "A1", .refused), line(3, "Z9", .completed), line(4, "A2", .refused)]
    )
    #expect(checked.rows("record-twice") == [3])
    #expect(checked.rows("record-not-drawn") == [4])
    #expect(checked.rows("record-without-outcome") == [4], "B1 of the list's fourth row")
    #expect(checked.rows("return-not-recorded") == [3])
    #expect(checked.rows("return-missing").isEmpty, "the record says why A2 has no answers")
    #expect(checked.problems("record-twice")[0].file == "fieldwork.csv")
  }
}
