internal import SurveyData

/// Identity numbers of persons (公民身份号码): GB 11643-1999, check character by ISO 7064 MOD 11-2.
enum IdentityRules {
  static let all = [
    CheckRule(
      "identity-length",
      .identity,
      .stop,
      zh: "身份证号为 17 位数字加校验码",
      en: "Identity numbers have 17 digits and a check character",
      fixZh: "请对照证件改正。",
      fixEn: "Compare with the card and correct it."
    ) { find(.length, $0, &$1) },
    CheckRule(
      "identity-old",
      .identity,
      .warn,
      zh: "没有 15 位旧号码",
      en: "No old numbers of 15 digits",
      fixZh: "请换成 18 位号码。",
      fixEn: "Replace it by the number of 18 characters."
    ) { find(.old, $0, &$1) },
    CheckRule(
      "identity-birth",
      .identity,
      .stop,
      zh: "身份证号中的出生日期有效",
      en: "The birth date within identity numbers is one",
      fixZh: "请对照证件改正。",
      fixEn: "Compare with the card and correct it."
    ) { find(.birth, $0, &$1) },
    CheckRule(
      "identity-check",
      .identity,
      .stop,
      zh: "身份证号校验码正确",
      en: "The check character of identity numbers fits",
      fixZh: "某一位有误：请对照证件改正。",
      fixEn: "A digit is wrong: compare with the card and correct it."
    ) { find(.check, $0, &$1) },
    CheckRule(
      "identity-lowercase",
      .identity,
      .warn,
      zh: "校验码 X 为大写",
      en: "The check character X is a capital",
      fixZh: "请将小写 x 改为大写 X。",
      fixEn: "Write X instead of x."
    ) { find(.lowercase, $0, &$1) },
    CheckRule(
      "identity-gender",
      .identity,
      .warn,
      zh: "身份证号与性别一致",
      en: "Identity number and gender agree",
      fixZh: "请核对性别与号码。",
      fixEn: "Check gender and number."
    ) { gender($0, &$1) },
    CheckRule(
      "person-twice",
      .identity,
      .stop,
      zh: "同一人只登记一次",
      en: "A person is registered once",
      fixZh: "请核实属于哪一户，删去另一处。",
      fixEn: "Find out which household is right and remove the other."
    ) { twice($0, &$1) },
  ]

  enum Fault { case length, old, birth, check, lowercase }

  /// What is wrong with a number, if anything; a mistyped check character is told from the rest.
  static func faults(_ value: String) -> Set<Fault> {
    let bytes = Array(value.utf8)
    let isDigits = { (part: ArraySlice<UInt8>) in part.allSatisfy { (0x30...0x39).contains($0) } }
    if bytes.count == 15, isDigits(bytes[...]) { return [.old] }
    guard bytes.count == 18, isDigits(bytes.prefix(17)) else { return [.length] }
    var found = Set<Fault>()
    let last = bytes[17]
    var number = value
    if last == UInt8(ascii: "x") {
      found.insert(.lowercase)
      number = String(decoding: bytes.prefix(17) + [UInt8(ascii: "X")], as: UTF8.self)
    } else if last != UInt8(ascii: "X"), !(0x30...0x39).contains(last) {
      return [.length]
    }
    let digits = bytes.map { Int($0) - 0x30 }
    let year = digits[6] * 1_000 + digits[7] * 100 + digits[8] * 10 + digits[9]
    if Moment.dayOfBirth(year, digits[10] * 10 + digits[11], digits[12] * 10 + digits[13]) == nil {
      found.insert(.birth)
    }
    if !hasValidCheckCharacter(number) { found.insert(.check) }
    return found
  }

  private static func columns(_ survey: CheckedSurvey, _ source: CheckedSource) -> [Column] {
    guard source.kind != .record else { return [] }
    return survey.roles.columns(.identity, in: source.table) + survey.roles.columns(.helperIdentity, in: source.table)
  }

  private static func clean(_ value: String) -> String {
    switch readIdentifier(value) {
    case .changed(let clean): clean
    case .unchanged, .refused: value
    }
  }

  private static func find(_ fault: Fault, _ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources {
      for column in columns(survey, source) {
        let text = column.codedText
        let isBad = text.levels.map { faults(clean($0)).contains(fault) }
        run.count(text.codes.count { $0 >= 0 })
        for row in 0..<source.rowCount where text.codes[row] >= 0 && isBad[Int(text.codes[row])] {
          let value = text.levels[Int(text.codes[row])]
          let words = words(fault, length: clean(value).utf8.count)
          run.fail(source, row: row, column: column.name, value: value, zh: words.zh, en: words.en)
        }
      }
    }
  }

  private static func words(_ fault: Fault, length: Int) -> LocalizedText {
    switch fault {
    case .length:
      LocalizedText(
        zh: "不是 17 位数字加一位校验码（现 \(length) 位）。",
        en: "is not 17 digits and a check character; it has \(length) characters."
      )
    case .old: LocalizedText(zh: "是 15 位旧号码，无校验码。", en: "is an old number of 15 digits without a check character.")
    case .birth: LocalizedText(zh: "其中的出生日期不存在。", en: "holds a birth date that is none.")
    case .check:
      LocalizedText(zh: "校验码不符（GB 11643-1999）。", en: "has a check character that does not fit (GB 11643-1999).")
    case .lowercase: LocalizedText(zh: "校验码为小写 x。", en: "ends in a small x.")
    }
  }

  private static func gender(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources {
      guard let genders = survey.column(.gender, in: source), let column = survey.column(.identity, in: source) else {
        continue
      }
      for row in 0..<source.rowCount {
        guard let value = column.text(at: row), let gender = genders.text(at: row) else { continue }
        let bytes = Array(clean(value).utf8)
        guard bytes.count == 18, (0x30...0x39).contains(bytes[16]) else { continue }
        let isMale: Bool? =
          ["男", "1", "M", "m", "male"].contains(gender)
          ? true : ["女", "2", "F", "f", "female"].contains(gender) ? false : nil
        guard let isMale else { continue }
        run.count(1)
        if isMale == (bytes[16] % 2 == 1) { continue }
        run.fail(
          source,
          row: row,
          column: column.name,
          value: value,
          zh: "第 17 位与性别“\(gender)”不符。",
          en: "its 17th digit does not fit the gender \"\(gender)\"."
        )
      }
    }
  }

  private static func twice(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources where source.kind != .list && source.kind != .record {
      guard let column = survey.column(.identity, in: source) else { continue }
      let counties = survey.column(.county, in: source) ?? survey.column(.village, in: source)
      let text = column.codedText
      var firstRow = [String: Int]()
      let cleaned = text.levels.map { clean($0).uppercased() }
      for row in 0..<source.rowCount where text.codes[row] >= 0 {
        run.count(1)
        let number = cleaned[Int(text.codes[row])]
        guard let earlier = firstRow[number] else {
          firstRow[number] = row
          continue
        }
        let own = counties?.text(at: row)
        let other = counties?.text(at: earlier)
        let scope = scope(own, other)
        run.fail(
          source,
          row: row,
          column: column.name,
          value: text.levels[Int(text.codes[row])],
          zh: "与 \(source.words(of: earlier)) 是同一人（\(scope.zh)）。",
          en: "is the person of \(source.words(of: earlier)) (\(scope.en))."
        )
      }
    }
  }

  private static func scope(_ own: String?, _ other: String?) -> LocalizedText {
    guard let own, let other, own.utf8.count >= 6, other.utf8.count >= 6 else {
      return LocalizedText(zh: "同一文件集", en: "in the same files")
    }
    if own.prefix(6) == other.prefix(6) { return LocalizedText(zh: "同一旗县", en: "in the same county") }
    if own.prefix(4) == other.prefix(4) { return LocalizedText(zh: "同一盟市", en: "in the same league") }
    return LocalizedText(zh: "不同盟市", en: "in another league")
  }
}

extension Moment {
  /// The day number of a birth date, which lies in no year before 1880.
  static func dayOfBirth(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    (1_880...2_100).contains(year) ? Self.day(year, month, day) : nil
  }
}
