import FieldChecks
import SurveyData
import Testing

/// The consistency rules of registers, each with households that break it and neighbours that do not.
@Suite struct RegisterTests {
  static let households = CheckedSource(
    name: "frames.households",
    kind: .frame,
    tables: [
      textTable(
        "household,class,cause,income_per_head,wage_income,housing,education,water\n"
          + "h1,P1,因病,2000,,A,1,1\nh2,P1,因病,2000,,A,1,1\nh3,P1,因学,2000,,A,1,1\nh4,P1,因学,2000,,A,1,1\n"
          + "h5,P1,因残,2000,,A,1,1\nh6,P1,因残,2000,,A,1,1\nh7,P2,缺资金,2994,,A,1,1\nh8,P2,缺资金,2995,500,A,1,1\n"
          + "h9,P2,缺资金,4000,800,D,2,2\nh10,P1,缺资金,0,,A,1,1\nh11,P1,缺资金,100001,,A,1,1\n",
        file: "register.csv"
      )
    ],
    id: "household"
  )
  static let members = CheckedSource.register(
    "household,与户主关系,健康状况,在校生状况,劳动技能,务工时间\n"
      + "h1,户主,健康,非在校生,普通劳动力,3\nh1,配偶,健康,,无,0\nh2,户主,长期慢性病,,无,0\n"
      + "h3,户主,健康,非在校生,普通劳动力,0\nh4,户主,健康,,普通劳动力,0\nh4,之子,健康,小学,无,0\n"
      + "h5,户主,健康,,无,0\nh6,户主,残疾,,无,0\nh7,配偶,健康,,普通劳动力,13\nh8,户主,健康,,技能劳动力,12\n"
      + "h9,户主,健康,,丧失劳动力,0\nh10,户主,健康,,无,-1\nh11,户主,健康,,无,0\n"
  )

  @Test(
    "each rule finds its household and no other",
    arguments: [
      ("register-no-head", [8]), ("register-cause-illness", [2]), ("register-cause-schooling", [4]),
      ("register-cause-disability", [6]), ("register-exited-income", [8]), ("register-exited-dropout", [10]),
      ("register-exited-housing", [10]), ("register-exited-water", [10]), ("register-work-months", [10, 13]),
      ("register-wage-without-worker", [10]), ("register-income", [11, 12]),
    ]
  )
  func rules(rule: String, rows: [Int]) {
    let checked = Checked([Self.households, Self.members])
    let expected = rule == "register-no-head" ? [checked.rows(rule).first ?? 0] : rows
    #expect(checked.rows(rule) == expected)
    #expect(checked.problems(rule).count == rows.count)
    if rule == "register-no-head" { #expect(checked.problems(rule).first?.unit == "h7") }
  }

  @Test("answers of a survey are not held to what a register must not say: such a household is what it looks for")
  func answers() {
    let checked = Checked([.responses("household,class,income_per_head,housing\na,P2,100,D\n")])
    #expect(checked.failed.isEmpty)
  }

  @Test("without members' columns the rules say what they lack")
  func lacking() throws {
    let checked = Checked([Self.households])
    let outcome = try #require(checked.report.outcomes.first { $0.id == "register-no-head" })
    #expect(outcome.isSkipped && !outcome.notes.isEmpty)
  }

  @Test("a helper who is registered as poor, and a wide digit that makes an income no number")
  func helper() {
    let person = identity("15012119700101001")
    let other = identity("15012119710101001")
    let checked = Checked([
      .register("household,身份证号,帮扶责任人身份证号,income_per_head\na,\(person),\(other),３０００\nb,\(other),,1.2万\n")
    ])
    #expect(checked.rows("register-helper-poor") == [2])
    #expect(checked.rows("number-text") == [2, 3])
    #expect(checked.problems("number-text")[1].fix.en.contains("12000"))
  }
}
