/// What a column tells of a person: what cannot leave as it is.
///
/// A column is recognised by its name where its values bear the name out, or by its values alone. A column of
/// telephone numbers under any name is one; a column `phone` that holds 1 and 0 is not.
package enum PersonalKind: String, Sendable, CaseIterable {
  case identity
  case personName = "person-name"
  case telephone, address, latitude, longitude
  /// Both coordinates in one cell, as tablets write them.
  case position
  case birthDate = "birth-date"

  /// Whether its values point at one person by themselves; a birth date does so only with others.
  package var isDirect: Bool { self != .birthDate }

  /// What it is called in messages.
  package var title: LocalizedText {
    switch self {
    case .identity: LocalizedText(zh: "身份证号", en: "identity numbers")
    case .personName: LocalizedText(zh: "姓名", en: "names of persons")
    case .telephone: LocalizedText(zh: "电话号码", en: "telephone numbers")
    case .address: LocalizedText(zh: "住址", en: "addresses")
    case .latitude, .longitude, .position: LocalizedText(zh: "精确坐标", en: "exact coordinates")
    case .birthDate: LocalizedText(zh: "出生日期", en: "birth dates")
    }
  }

  /// What a column's name promises.
  ///
  /// - Parameter column: its name; the words of a latin name count, and of a Chinese one its parts.
  /// - Returns: `nil` where it promises nothing of a person.
  package static func named(_ column: String) -> PersonalKind? {
    let name = column.lowercased()
    for (kind, parts) in chineseParts where parts.contains(where: { name.contains($0) }) { return kind }
    let words = name.split { !$0.isLetter }.map(String.init)
    // Height and accuracy of a reading say nothing of where it was taken.
    if words.contains(where: { ["accuracy", "altitude", "precision"].contains($0) }) { return nil }
    let joined = words.joined(separator: "_")
    for (kind, phrases) in latinPhrases
    where phrases.contains(where: { "_\(joined)_".contains("_\($0)_") }) { return kind }
    return nil
  }

  private static let chineseParts: [(PersonalKind, [String])] = [
    (.identity, ["身份证", "证件号"]), (.personName, ["姓名"]), (.telephone, ["电话", "手机"]),
    (.address, ["住址", "家庭地址"]), (.latitude, ["纬度"]), (.longitude, ["经度"]), (.position, ["坐标"]),
    (.birthDate, ["出生日期", "出生年月"]),
  ]

  private static let latinPhrases: [(PersonalKind, [String])] = [
    (.identity, ["id_card", "idcard", "id_number", "identity", "identity_number", "national_id"]),
    (
      .personName,
      ["person_name", "head_name", "respondent_name", "full_name", "surname", "first_name", "last_name", "family_name"]
    ),
    (.telephone, ["phone", "telephone", "mobile", "cellphone", "phonenumber", "tel"]),
    (.address, ["address", "home_address"]), (.latitude, ["latitude", "lat"]),
    (.longitude, ["longitude", "lon", "lng"]),
    (.position, ["gps", "geopoint", "geolocation", "coordinates"]),
    (.birthDate, ["birth_date", "birthdate", "date_of_birth", "dob", "birthday"]),
  ]

  /// Whether a value under such a name is one of its kind; masked values, pseudonyms and rounded coordinates are not.
  ///
  /// A coordinate of at most two decimals points at a kilometre, not at a house.
  package func fits(_ value: String) -> Bool {
    if value.contains("*") || isPseudonym(value) { return false }
    let bytes = Array(value.utf8)
    let digits = bytes.count { isDigit($0) }
    switch self {
    case .identity: return digits >= 14 && bytes.count <= 20
    case .personName, .address: return plainNumber(value) == nil && value.contains(where: \.isLetter)
    case .telephone:
      return digits >= 7 && digits <= 15
        && bytes.allSatisfy { isDigit($0) || [0x20, 0x28, 0x29, 0x2B, 0x2D].contains($0) }
    case .latitude, .longitude: return plainNumber(value) != nil && decimals(value) > 2
    case .position: return (plainNumber(value) != nil && decimals(value) > 2) || isPosition(value)
    case .birthDate: return digits >= 6
    }
  }

  /// The column's kind by name and values.
  ///
  /// - Parameters:
  ///   - column: its name.
  ///   - values: those that are there, all or a sample.
  /// - Returns: the kind, and whether the name promised it.
  package static func recognized(_ column: String, values: [String]) -> (kind: PersonalKind, isByName: Bool)? {
    if let kind = named(column), values.contains(where: { kind.fits($0) }) { return (kind, true) }
    let many = values.count / 2
    if !values.isEmpty {
      if values.count(where: { isIdentityNumber($0) }) > many { return (.identity, false) }
      // Codes of one county share their first digits, telephone numbers do not.
      let isCode = values.count >= 5 && Set(values.map { $0.prefix(4) }).count == 1
      if !isCode, values.count(where: { isMobileNumber($0) }) > many { return (.telephone, false) }
      if values.count(where: { isPosition($0) }) > many { return (.position, false) }
    }
    let words = column.lowercased().split { !$0.isLetter }.map(String.init)
    if ["name", "户主", "名字"].contains(words.joined(separator: "_")), values.count >= 3,
      values.count(where: { looksLikeChineseName($0) }) * 10 >= values.count * 9
    {
      return (.personName, true)
    }
    return nil
  }

  /// A value as a message may show it: 150121****0017, 王*, 138****; of the others nothing.
  package func masked(_ value: String) -> String {
    switch self {
    case .identity:
      let shown = maskedIdentifier(value)
      return shown == value ? "****" : shown
    case .personName: return value.first.map { "\($0)*" } ?? value
    case .telephone: return String(value.prefix(3)) + "****"
    case .address, .latitude, .longitude, .position, .birthDate: return "****"
    }
  }
}

/// Whether a text is an identity number of GB 11643: 18 characters, a date that there is, a fitting check character.
package func isIdentityNumber(_ value: String) -> Bool {
  let text = value.hasSuffix("x") ? value.dropLast() + "X" : value
  guard hasValidCheckCharacter(text) else { return false }
  let bytes = Array(text.utf8)
  func number(_ from: Int, _ count: Int) -> Int { bytes[from..<from + count].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
  return (1_850...2_100).contains(number(6, 4)) && (1...12).contains(number(10, 2)) && (1...31).contains(number(12, 2))
}

/// Whether a text is a mobile number of the mainland: eleven digits, the first two of them 13 to 19.
package func isMobileNumber(_ value: String) -> Bool {
  let bytes = Array(value.utf8)
  return bytes.count == 11 && bytes.allSatisfy(isDigit) && bytes[0] == 0x31 && bytes[1] >= 0x33
}

/// The first identity or mobile number inside a longer text.
package func personalNumber(in text: String) -> PersonalKind? {
  let bytes = Array(text.utf8)
  var place = 0
  while place < bytes.count {
    guard isDigit(bytes[place]) else {
      place += 1
      continue
    }
    var end = place
    while end < bytes.count, isDigit(bytes[end]) { end += 1 }
    let hasLetter = end - place == 17 && end < bytes.count && (bytes[end] == 0x58 || bytes[end] == 0x78)
    let run = String(decoding: bytes[place..<(hasLetter ? end + 1 : end)], as: UTF8.self)
    if isIdentityNumber(run) { return .identity }
    if isMobileNumber(run) { return .telephone }
    place = end
  }
  return nil
}

/// A value as a message may show it: masked where its column or its form says that it belongs to a person.
package func messageValue(_ value: String, column: String?) -> String {
  if let kind = column.flatMap(PersonalKind.named), kind.fits(value) { return kind.masked(value) }
  if isIdentityNumber(value) { return PersonalKind.identity.masked(value) }
  if isMobileNumber(value) { return PersonalKind.telephone.masked(value) }
  return personalNumber(in: value) == nil ? value : "****"
}

/// Whether a text has the form of a pseudonym: twenty characters A–Z and 2–7.
package func isPseudonym(_ value: String) -> Bool {
  let bytes = Array(value.utf8)
  return bytes.count == 20 && bytes.allSatisfy { (0x41...0x5A).contains($0) || (0x32...0x37).contains($0) }
}

private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

private func decimals(_ value: String) -> Int {
  guard let point = value.firstIndex(of: ".") else { return 0 }
  return value.distance(from: point, to: value.endIndex) - 1
}

/// Latitude and longitude in one text, as of a tablet's geopoint: two to four numbers, the first two exact.
private func isPosition(_ value: String) -> Bool {
  let parts = value.split { $0 == " " || $0 == "," || $0 == ";" }.map(String.init)
  guard (2...4).contains(parts.count), parts.prefix(2).allSatisfy({ decimals($0) > 2 }),
    let north = plainNumber(parts[0]), let east = plainNumber(parts[1])
  else { return false }
  return abs(north) <= 90 && abs(east) <= 180 && parts.dropFirst(2).allSatisfy { plainNumber($0) != nil }
}

/// Two or three Chinese characters that begin with a usual family name and end in no word for a place.
private func looksLikeChineseName(_ value: String) -> Bool {
  guard (2...3).contains(value.count), let first = value.first, let last = value.last else { return false }
  let families =
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林郑谢罗梁宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤包乌"
  let places = "村屯庄营镇乡旗县市区沟河店堡寨坡湾子家木查"
  return families.contains(first) && !places.contains(last)
}
