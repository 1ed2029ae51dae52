/// A way in which dates are written.
package enum DateForm: String, Sendable, CaseIterable {
  case dashes = "yyyy-mm-dd"
  case slashes = "yyyy/m/d"
  case dots = "yyyy.m.d"
  case compact = "yyyymmdd"
  case chinese = "yyyy年m月d日"
  /// A day number of a spreadsheet, which means another day in the 1904 system.
  case serial
  /// Day and month before the year: which is which cannot be told.
  case dayMonth = "d/m/yyyy"
  /// A year and a month only.
  case month = "yyyy年m月"
}

/// A moment as it was written, on the clock of whoever wrote it.
package struct Moment: Sendable, Hashable {
  package var form: DateForm
  /// Days since 1970-01-01; `nil` where the form does not tell a day.
  package var day: Int?
  /// Minutes since midnight, if a time was written.
  package var minute: Int?

  /// Minutes since 1970-01-01 00:00, if day and time are known.
  package var total: Int? {
    guard let day, let minute else { return nil }
    return day * 1_440 + minute
  }

  /// Reads a date or a moment in any of the forms; a zone at its end is left aside, and what is no date is `nil`.
  ///
  /// - Parameter text: such as `2018-08-13T09:30:00.000+08:00`, `2018/8/13 9:30`, `20180813`, `2018年8月13日`.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    let split = bytes.firstIndex { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: " ") } ?? bytes.count
    let date = String(decoding: bytes[..<split], as: UTF8.self)
    let clock = split < bytes.count ? String(decoding: bytes[(split + 1)...], as: UTF8.self) : nil
    var minute: Int?
    if let clock {
      let parts = clock.split(separator: ":", omittingEmptySubsequences: false)
      guard parts.count >= 2, let hour = Int(parts[0]), let past = Int(parts[1].prefix(2)), (0...23).contains(hour),
        (0...59).contains(past)
      else { return nil }
      minute = hour * 60 + past
    }
    self.minute = minute
    if let (form, separator) = Self.separated(date) {
      let parts = date.split(separator: separator, omittingEmptySubsequences: false).compactMap { Int($0) }
      guard parts.count == 3 else { return nil }
      self.form = form
      if form == .dayMonth {
        guard (1...31).contains(parts[0]), (1...31).contains(parts[1]), (1_900...2_200).contains(parts[2]) else {
          return nil
        }
        day = nil
      } else {
        guard let number = Self.day(parts[0], parts[1], parts[2]) else { return nil }
        day = number
      }
    } else if date.contains("年") {
      let parts = date.split { !$0.isNumber }.compactMap { Int($0) }
      if parts.count == 2, date.hasSuffix("月"), (1...12).contains(parts[1]) {
        form = .month
        day = nil
      } else {
        guard parts.count == 3, let number = Self.day(parts[0], parts[1], parts[2]) else { return nil }
        form = .chinese
        day = number
      }
    } else if date.utf8.count == 8, let number = Int(date),
      let found = Self.day(number / 10_000, number / 100 % 100, number % 100)
    {
      form = .compact
      day = found
    } else if (4...5).contains(date.utf8.count), clock == nil, let number = Int(date), (7_000...80_000).contains(number)
    {
      form = .serial
      day = nil
    } else {
      return nil
    }
  }

  private static func separated(_ date: String) -> (DateForm, Character)? {
    for (separator, form) in [("-", DateForm.dashes), ("/", .slashes), (".", .dots)] as [(Character, DateForm)]
    where date.contains(separator) {
      guard let first = date.split(separator: separator).first else { return nil }
      return (first.utf8.count == 4 ? form : .dayMonth, separator)
    }
    return nil
  }

  /// The day number of a date; `nil` where the calendar has none.
  ///
  /// Formula: days from civil. Source: Howard Hinnant, chrono-compatible low-level date algorithms.
  package static func day(_ year: Int, _ month: Int, _ day: Int) -> Int? {
    guard (1_800...2_200).contains(year), (1...12).contains(month), day >= 1 else { return nil }
    let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    let shifted = month <= 2 ? year - 1 : year
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
