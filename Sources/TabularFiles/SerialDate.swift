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
  /// Source: ECMA-376 part 1, 18.17.4.
  func text(of serial: Double, as format: DateFormat) -> String? {
    guard serial.isFinite, serial >= 0, serial < 2_958_466 else { return nil }
    let milliseconds = Int((serial * 86_400_000).rounded())
    let day = milliseconds / 86_400_000
    let time = milliseconds % 86_400_000
    if format == .elapsed { return CivilDate.clock(milliseconds) }
    if format == .time, day == 0 { return CivilDate.clock(time) }
    guard let date = date(ofDay: day) else { return nil }
    return time == 0 ? date : date + "T" + CivilDate.clock(time)
  }

  private func date(ofDay day: Int) -> String? {
    let daysSince1970: Int
    switch self {
    case .from1900:
      guard day > 0, day != 60 else { return nil }
      daysSince1970 = day - (day > 60 ? 25_569 : 25_568)
    case .from1904: daysSince1970 = day - 24_107
    }
    return CivilDate(daysSince1970: daysSince1970).text
  }
}
