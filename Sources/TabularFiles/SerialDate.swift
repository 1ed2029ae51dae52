/// How a workbook counts days.
enum DateSystem {
  /// Day 1 is 1900-01-01, and a 29 February 1900 that never was is day 60.
  case from1900
  /// Day 0 is 1904-01-01.
  case from1904

  /// The date or time of a serial number in ISO 8601; `nil` if it stands for none.
  ///
  /// Dates are yyyy-mm-dd, with Thh:mm:ss if there is a fraction of a day; a fraction alone under a time
  /// format is hh:mm:ss, and an elapsed time may count more than 24 hours. Times are rounded to
  /// milliseconds, which are shown only where there are any.
  /// Source: ECMA-376 part 1, 18.17.4; days from civil by Howard Hinnant's algorithm.
  func text(of serial: Double, as format: DateFormat) -> String? {
    guard serial.isFinite, serial >= 0, serial < 2_958_466 else { return nil }
    let milliseconds = Int((serial * 86_400_000).rounded())
    let day = milliseconds / 86_400_000
    let time = milliseconds % 86_400_000
    if format == .elapsed { return Self.clock(milliseconds) }
    if format == .time, day == 0 { return Self.clock(time) }
    guard let date = date(ofDay: day) else { return nil }
    return time == 0 ? date : date + "T" + Self.clock(time)
  }

  private func date(ofDay day: Int) -> String? {
    let daysSince1970: Int
    switch self {
    case .from1900:
      guard day > 0, day != 60 else { return nil }
      daysSince1970 = day - (day > 60 ? 25_569 : 25_568)
    case .from1904: daysSince1970 = day - 24_107
    }
    let shifted = daysSince1970 + 719_468
    let era = shifted / 146_097
    let dayOfEra = shifted % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    guard year <= 9_999 else { return nil }
    return "\(year)-\(Self.padded(month))-\(Self.padded(dayOfMonth))"
  }

  private static func clock(_ milliseconds: Int) -> String {
    let seconds = milliseconds / 1_000
    let rest = milliseconds % 1_000
    let text = padded(seconds / 3_600) + ":" + padded(seconds / 60 % 60) + ":" + padded(seconds % 60)
    return rest == 0 ? text : text + "." + padded(rest, to: 3)
  }

  private static func padded(_ number: Int, to width: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.utf8.count)) + text
  }
}
