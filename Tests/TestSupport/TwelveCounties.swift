package import SurveyData

/// The example world of the tests: twelve fictional counties in three leagues.
package enum TwelveCounties {
  /// Columns code, league_code, poverty_status (national, regional or none, in turn).
  package static let counties: Table = {
    let statuses = ["national", "regional", "none"]
    return Table(
      columns: [
        Column("code", texts: (0..<12).map { code(county: $0) }),
        Column("league_code", texts: (0..<12).map { "99\(twoDigits($0 / 4 + 1))" }),
        Column("poverty_status", texts: (0..<12).map { statuses[$0 % 3] }),
      ],
      file: "counties.csv"
    )
  }()

  /// Columns code, county_code: as many villages in each county.
  package static func villages(perCounty count: Int) -> Table {
    var codes = [String?]()
    var parents = [String?]()
    for county in 0..<12 {
      for village in 0..<count {
        codes.append(code(county: county) + twoDigits(village / 100) + twoDigits(village % 100))
        parents.append(code(county: county))
      }
    }
    return Table(columns: [Column("code", texts: codes), Column("county_code", texts: parents)], file: "villages.csv")
  }

  private static func code(county: Int) -> String { "99\(twoDigits(county / 4 + 1))\(twoDigits(county % 4 + 1))" }

  private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
}
