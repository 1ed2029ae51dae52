/// What a number stands for by its print format, where that is a date or a time.
///
/// Sources: IBM SPSS, Date and Time Formats; Stata, [D] Datetime; SAS, Dates, Times and Intervals.
enum StatisticsDate: Sendable, Hashable {
  /// Seconds since 1582-10-14, shown as a day.
  case spssDay
  /// Seconds since 1582-10-14.
  case spssMoment
  /// Seconds since 1582-10-14, of which year and month count.
  case spssMonth
  /// Seconds that have run.
  case seconds
  /// Days since 1960-01-01.
  case day
  /// Milliseconds since 1960-01-01.
  case milliseconds
  /// Seconds since 1960-01-01.
  case moment
  /// Months, quarters, half-years and weeks of Stata since the begin of 1960.
  case month, quarter, half, week

  init?(_ format: String, of kind: StatisticsKind) {
    switch kind {
    case .spss, .spssPortable: self.init(spss: Self.stem(format.uppercased()))
    case .stata: self.init(stata: format)
    case .sas, .sasTransport: self.init(sas: Self.stem(format.uppercased()))
    }
  }

  private init?(spss stem: String) {
    switch stem {
    case "DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "WKYR": self = .spssDay
    case "MOYR": self = .spssMonth
    case "DATETIME", "YMDHMS": self = .spssMoment
    case "TIME", "DTIME", "MTIME": self = .seconds
    default: return nil
    }
  }

  /// %tC counts leap seconds too and stays a number.
  private init?(stata format: String) {
    let letters = Array(format.drop { $0 == "%" || $0 == "-" })
    if letters.first == "d" {
      self = .day
      return
    }
    guard letters.first == "t", letters.count > 1 else { return nil }
    switch letters[1] {
    case "d": self = .day
    case "c": self = .milliseconds
    case "m": self = .month
    case "q": self = .quarter
    case "h": self = .half
    case "w": self = .week
    default: return nil
    }
  }

  private init?(sas stem: String) {
    switch stem {
    case "DATE", "DDMMYY", "DDMMYYB", "DDMMYYC", "DDMMYYD", "DDMMYYN", "DDMMYYP", "DDMMYYS", "MMDDYY", "MMDDYYB",
      "MMDDYYC", "MMDDYYD", "MMDDYYN", "MMDDYYP", "MMDDYYS", "YYMMDD", "YYMMDDB", "YYMMDDC", "YYMMDDD", "YYMMDDN",
      "YYMMDDP", "YYMMDDS", "WEEKDATE", "WEEKDATX", "WORDDATE", "WORDDATX", "JULIAN", "NLDATE", "E8601DA", "B8601DA",
      "IS8601DA", "MONYY", "YYMM", "MMYY", "YYMON":
      self = .day
    case "DATETIME", "DATEAMPM", "DTDATE", "NLDATM", "E8601DT", "B8601DT", "IS8601DT", "MDYAMPM": self = .moment
    case "TIME", "TIMEAMPM", "TOD", "HHMM", "MMSS", "NLTIME", "E8601TM", "B8601TM", "IS8601TM": self = .seconds
    default: return nil
    }
  }

  /// The format without its width and decimals.
  private static func stem(_ format: String) -> String {
    var stem = format
    while let last = stem.last, last.isASCII, last.isNumber || last == "." { stem.removeLast() }
    return stem
  }

  private static let spssEpoch = -141_428
  private static let epoch1960 = -3_653
  /// Beyond it no format has a date: the year 9999 in milliseconds since 1582.
  private static let largest = 3e14

  /// ISO 8601, a day, a moment or a time; weeks, quarters and half-years as Stata shows them (2018q3).
  ///
  /// - Returns: `nil` where the number stands for none.
  func text(_ value: Double) -> String? {
    guard abs(value) < Self.largest else { return nil }
    switch self {
    case .spssDay: return Self.moment(value * 1_000, from: Self.spssEpoch, alwaysTime: false)
    case .spssMoment: return Self.moment(value * 1_000, from: Self.spssEpoch, alwaysTime: true)
    case .spssMonth:
      return CivilDate(daysSince1970: Self.spssEpoch + Int((value / 86_400).rounded(.down))).monthText
    case .seconds:
      let milliseconds = Int((abs(value) * 1_000).rounded())
      return (value < 0 && milliseconds > 0 ? "-" : "") + CivilDate.clock(milliseconds)
    case .day: return Self.moment(value * 86_400_000, from: Self.epoch1960, alwaysTime: false)
    case .milliseconds: return Self.moment(value, from: Self.epoch1960, alwaysTime: true)
    case .moment: return Self.moment(value * 1_000, from: Self.epoch1960, alwaysTime: true)
    case .month: return Self.period(value, count: 12).map { "\($0.year)-\(CivilDate.padded($0.place))" }
    case .quarter: return Self.period(value, count: 4).map { "\($0.year)q\($0.place)" }
    case .half: return Self.period(value, count: 2).map { "\($0.year)h\($0.place)" }
    case .week: return Self.period(value, count: 52).map { "\($0.year)w\($0.place)" }
    }
  }

  private static func moment(_ milliseconds: Double, from epoch: Int, alwaysTime: Bool) -> String? {
    guard abs(milliseconds) < largest * 1_000 else { return nil }
    let whole = Int(milliseconds.rounded())
    let (day, time) = (whole >= 0 ? whole / 86_400_000 : (whole - 86_399_999) / 86_400_000, 86_400_000)
    guard let date = CivilDate(daysSince1970: epoch + day).text else { return nil }
    let rest = whole - day * time
    return rest == 0 && !alwaysTime ? date : date + "T" + CivilDate.clock(rest)
  }

  /// The year and the number, from 1, of a period counted from the first of 1960.
  private static func period(_ value: Double, count: Int) -> (year: Int, place: Int)? {
    guard value == value.rounded(), abs(value) < 1e6 else { return nil }
    let whole = Int(value)
    let years = whole >= 0 ? whole / count : (whole - count + 1) / count
    let year = 1960 + years
    guard (1...9_999).contains(year) else { return nil }
    return (year, whole - years * count + 1)
  }
}
