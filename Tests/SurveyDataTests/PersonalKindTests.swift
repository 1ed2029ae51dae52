import SurveyData
import Testing

@Suite("columns that point at persons")
struct PersonalKindTests {
  @Test(
    "a name and values that bear it out",
    arguments: [
      ("姓名", "斯琴", PersonalKind.personName), ("户主姓名", "王小明", .personName),
      ("身份证号", "150121198003070012", .identity), ("联系电话", "0471-4961234", .telephone),
      ("group/phone", "13847112345", .telephone), ("gps-Latitude", "40.81234", .latitude),
      ("_gps_longitude", "111.65432", .longitude), ("head_name", "Zhang San", .personName),
      ("出生日期", "1965-03-02", .birthDate), ("家庭住址", "某嘎查一组", .address),
      ("gps", "40.81234 111.65432 1020 4.5", .position),
    ]
  )
  func recognized(name: String, value: String, kind: PersonalKind) {
    let found = PersonalKind.recognized(name, values: [value, value])
    #expect(found?.kind == kind && found?.isByName == true)
  }

  @Test(
    "names that only look like it, and values that were masked, rounded or replaced",
    arguments: [
      ("phone", "1"), ("village_name", "王家营"), ("村名", "张家村"), ("identity_checked", "yes"), ("姓名", "王*"),
      ("身份证号", "150121****0012"), ("身份证号", "ABCDEFGHIJ234567ABCD"), ("latitude", "40.8"), ("gps-Accuracy", "4.5678"),
      ("population", "1500"), ("weight", "110.12345"), ("code", "150121105201"), ("telephones", "13"),
    ]
  )
  func plain(name: String, value: String) {
    #expect(PersonalKind.recognized(name, values: [value, value]) == nil)
  }

  @Test("numbers of persons are known under any name; codes of one county are not telephone numbers")
  func content() {
    #expect(PersonalKind.recognized("c7", values: ["13847112345", "15904711234", "无"])?.kind == .telephone)
    let identities = (1...4).compactMap { identity("15012119800307001\($0)") }
    #expect(identities.allSatisfy(isIdentityNumber))
    #expect(PersonalKind.recognized("c8", values: identities)?.kind == .identity)
    #expect(PersonalKind.recognized("c8", values: identities.map { String($0.dropLast()) + "?" }) == nil)
    let codes = (10...30).map { "150121052\($0)" }
    #expect(PersonalKind.recognized("household", values: codes) == nil)
    #expect(PersonalKind.recognized("name", values: ["王小明", "李红", "张三"])?.kind == .personName)
    #expect(PersonalKind.recognized("name", values: ["王家村", "李家营", "张北县"]) == nil)
  }

  @Test("a finding shows no value of a person, in the column of its kind or in another")
  func masked() {
    func value(_ text: String, _ column: String) -> String? {
      let finding = Finding("x", column: column, value: text, message: LocalizedText(""), fix: LocalizedText(""))
      #expect(!finding.line(in: .chinese).contains(text))
      return finding.shownValue
    }
    let id = identity("15012119800307001") ?? ""
    #expect(value(id, "身份证号") == "150121****" + id.suffix(4))
    #expect(value(id, "c7") == "150121****" + id.suffix(4))
    #expect(value("斯琴高娃", "户主姓名") == "斯*")
    #expect(value("13847112345", "c7") == "138****")
    #expect(value("电话13847112345，下午在", "remarks") == "****")
    #expect(value("111.65432", "经度") == "****")
    #expect(messageValue("1.50E+17", column: "household") == "1.50E+17")
  }

  @Test("declared classes go by name and pattern, the nearest to a person first")
  func classes() {
    let classes = ColumnClasses([.direct: ["gps_*", "name"], .quasi: ["age"], .value: ["gps_count", "*_total"]])
    #expect(classes.declared("gps_lat") == .direct && classes.declared("gps_count") == .direct)
    #expect(classes.declared("age") == .quasi && classes.declared("income_total") == .value)
    #expect(classes.declared("names") == nil && classes.declared("total") == nil)
    #expect(classes.absent(from: ["name", "gps_count"]).map(\.name) == ["age"])
  }

  /// Seventeen digits, or the first seventeen of more, with the check character of GB 11643.
  private func identity(_ digits: String) -> String? {
    let start = String(digits.prefix(17))
    return "0123456789X".map { start + String($0) }.first(where: hasValidCheckCharacter)
  }
}
