/// A day of the Gregorian calendar.
package struct CivilDate {
  let year: Int
  let month: Int
  let day: Int

  /// - Parameter days: since 1970-01-01; negative before. Source: Howard Hinnant, days from civil.
  init(daysSince1970 days: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  /// Days since 1970-01-01 of yyyy-mm-dd; `nil` for what is no day.
  package static func days(_ text: String) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 0x2D, bytes[7] == 0x2D else { return nil }
    var parts = [0, 0, 0]
    for (place, byte) in bytes.enumerated() where place != 4 && place != 7 {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      let part = place < 4 ? 0 : place < 7 ? 1 : 2
      parts[part] = parts[part] * 10 + Int(byte - 0x30)
    }
    let (year, month, day) = (parts[0], parts[1], parts[2])
    guard (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day) else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    // 31 June and its like come out as another day.
    return CivilDate(daysSince1970: days).text == text ? days : nil
  }

  /// yyyy-mm-dd; `nil` outside the years 1 to 9999.
  var text: String? {
    guard let month = monthText else { return nil }
    return month + "-" + Self.padded(day)
  }

  /// yyyy-mm; `nil` outside the years 1 to 9999.
  var monthText: String? {
    guard (1...9_999).contains(year) else { return nil }
    return Self.padded(year, to: 4) + "-" + Self.padded(month)
  }

  /// hh:mm:ss with milliseconds where there are any; hours go beyond 24 where time has run that long.
  static func clock(_ milliseconds: Int) -> String {
    let seconds = milliseconds / 1_000
    let rest = milliseconds % 1_000
    let text = padded(seconds / 3_600) + ":" + padded(seconds / 60 % 60) + ":" + padded(seconds % 60)
    return rest == 0 ? text : text + "." + padded(rest, to: 3)
  }

  static func padded(_ number: Int, to width: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
