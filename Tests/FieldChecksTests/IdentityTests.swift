import FieldChecks
import SurveyData
import Testing

@Suite struct IdentityTests {
  let fine = identity("15012119700101001")
  let ending =
    (0..<100).lazy.map { identity("150121197001010" + ($0 < 10 ? "0" : "") + String($0)) }
    .first { $0.hasSuffix("X") } ?? ""

  @Test("a number of GB 11643-1999 passes: the standard's own example")
  func standard() {
    // GB 11643-1999, appendix A: 11010519491231002X.
    #expect(identity("11010519491231002") == "11010519491231002X")
    #expect(Checked([.register("户编号,身份证号\nh1,11010519491231002X\n")]).failed.isEmpty)
  }

  @Test("each fault of a number is told by its own rule and never shows the number")
  func faults() {
    let wrongCheck = String(fine.dropLast()) + (fine.hasSuffix("1") ? "2" : "1")
    let wrongBirth = identity("15012119700231001")
    let lines = [fine, wrongCheck, wrongBirth, "1501211970010100", "150121700101001", String(ending.dropLast()) + "x"]
    let checked = Checked([.register("household,身份证号\n" + lines.map { "h,\($0)\n" }.joined())])
    #expect(checked.rows("identity-check") == [3])
    #expect(checked.rows("identity-birth") == [4])
    #expect(checked.rows("identity-length") == [5])
    #expect(checked.rows("identity-old") == [6])
    #expect(checked.rows("identity-lowercase") == [7])
    for problem in checked.report.problems {
      let text = [problem.value ?? "", problem.message.zh, problem.message.en].joined()
      #expect(!lines.contains { text.contains($0) }, "\(text)")
      #expect(problem.value?.contains("****") == true)
    }
  }

  @Test("every single wrong digit and every swap of neighbours is found: what ISO 7064 MOD 11-2 promises")
  func singleErrors() {
    let digits = Array(fine)
    var lines = [String]()
    for place in 0..<17 {
      for digit in "0123456789" where digit != digits[place] {
        var wrong = digits
        wrong[place] = digit
        lines.append(String(wrong))
      }
      if place < 16, digits[place] != digits[place + 1] {
        var wrong = digits
        wrong.swapAt(place, place + 1)
        lines.append(String(wrong))
      }
    }
    let checked = Checked([.register("household,id_card\n" + lines.map { "h,\($0)\n" }.joined())])
    #expect(checked.rows("identity-check") == Array(2..<(2 + lines.count)))
  }

  @Test("a person who stands twice is found across counties, and the seventeenth digit tells the gender")
  func twiceAndGender() {
    let other = identity("15012219800505002")
    let checked = Checked([
      .register(
        "household,county_code,gender,身份证号\na,150121,男,\(fine)\nb,150122,女,\(other)\nc,150122,男,\(fine)\nd,150122,男,\(other)\n"
      )
    ])
    #expect(checked.rows("person-twice") == [4, 5])
    #expect(checked.problems("person-twice").first?.message.en.contains("in the same league") == true)
    #expect(checked.rows("identity-gender") == [5])
  }

  @Test("names, telephones, coordinates and addresses are masked in whatever they are reported for")
  func masking() {
    let masking = Masking(roles: CheckedRoles(), further: ["secret"])
    #expect(masking.shown("王小明", column: "户主姓名") == "王*")
    #expect(masking.shown("13812345678", column: "联系电话") == "138****")
    #expect(masking.shown("40.8414", column: "gps-Latitude") == "****")
    #expect(masking.shown("anything", column: "secret") == "****")
    #expect(masking.shown(fine, column: "remark") == "150121****" + fine.suffix(4))
    #expect(masking.shown("13812345678", column: "remark") == "138****")
    #expect(masking.shown("150121104248", column: "village_code") == "150121104248")
  }
}
