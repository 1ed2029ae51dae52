import Foundation

/// Returns with names, identity numbers, telephone numbers and coordinates of invented persons.
struct PrivacyFixture {
  let folder: TemporaryFolder
  /// What must not be seen anywhere but in the returns.
  private(set) var secrets: [String] = []

  init(survey: String = "", county: Int = 24) throws {
    folder = try TemporaryFolder()
    var text = "household,league_code,county_code,姓名,id_card,phone,gps_latitude,gps_longitude,出生日期,wrong,remarks\n"
    for number in 1...county * 3 {
      let name = Self.name(number)
      let identity = Self.identity(number)
      let phone = "13\(number % 8)4711\(1000 + number)"
      let (north, east) = ("40.8\(1000 + number)", "111.6\(2000 + number)")
      secrets += [name, identity, phone, north, east]
      let unit = (number - 1) % county
      let code = "150\(1 + unit / 12)2\(1 + unit % 9)"
      text += "h\(number),150\(1 + unit / 12)00,\(code),\(name),\(identity),\(phone),\(north),\(east),"
      text += "1965-03-0\(1 + number % 9),\(number % 7 == 0 ? 1 : 0),r\(number)\n"
    }
    _ = try folder.write(text, to: "round/responses/households.csv")
    _ = try folder.write("0123456789abcdefghijklmnopqrstuvwxyz\n", to: "key.txt")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder.path + "/key.txt")
    _ = try folder.write(Self.survey + survey, to: "round/survey.yaml")
  }

  func run(_ arguments: String...) throws -> CommandRun { try run(arguments) }

  func run(_ arguments: [String]) throws -> CommandRun {
    try CommandRun(arguments + ["--lang", "en"], in: folder.path)
  }

  func text(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name)), as: UTF8.self)
  }

  /// Seventeen digits and the check character of GB 11643.
  static func identity(_ number: Int) -> String {
    let digits = "1501211965030\(2 + number % 7)\(100 + number)".prefix(17)
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    let sum = zip(digits, weights).reduce(0) { $0 + ($1.0.wholeNumberValue ?? 0) * $1.1 }
    return digits + String(Array("10X98765432")[sum % 11])
  }

  /// A name that is part of no other text.
  private static func name(_ number: Int) -> String {
    let parts = Array("甲乙丙丁戊己庚辛壬癸")
    return "斯琴\(parts[number / 10 % 10])\(parts[number % 10])"
  }

  static let survey = """
    survey: {id: private, name: Private}
    responses:
      households: {file: responses/households.csv}
      design: {units: [county_code], strata: [league_code], weights: equal}
    indicators:
      wrong: {name: {zh: 错评, en: Wrong}, mean: wrong, limit: {at-most: 0.5}}
    estimate: {by: [league_code, county_code], lonely-psu: adjust}

    """
}
