package import SurveyData

extension Population {
  /// The id of a household: the village's code, a hyphen and four digits, unique over the whole region.
  package static func householdIdentifier(village code: String, number: Int) -> String {
    let digits = String(number)
    return code + "-" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
  }

  /// The household register of some villages, as a frame for drawing households.
  ///
  /// Columns: `synthetic_household` (the id), `village_code`, `county_code`, `synthetic_class`,
  /// `synthetic_persons`, `synthetic_exit_year` (empty unless exited), `synthetic_cause` (empty unless
  /// registered). What fieldwork has to find out does not stand in it.
  /// - Parameter codes: village codes, in the order wanted.
  package func register(ofVillages codes: [String]) throws(InputRefusal) -> Table {
    var ids = [String?]()
    var villageCodes = [String?]()
    var countyCodes = [String?]()
    var classes = [String?]()
    var persons = [Double]()
    var exitYears = [String?]()
    var causes = [String?]()
    for place in try places(of: Column("village_code", texts: codes), in: codeTable(codes)) {
      let village = villages[place]
      let county = village.county.map { counties[$0].code }
      forEachHousehold(ofVillage: place) { household in
        ids.append(Self.householdIdentifier(village: village.code, number: household.number))
        villageCodes.append(village.code)
        countyCodes.append(county)
        classes.append(household.householdClass.code)
        persons.append(Double(household.persons))
        exitYears.append(household.exitYear == 0 ? nil : String(household.exitYear))
        causes.append(household.cause == .none ? nil : household.cause.word)
      }
    }
    return Table(columns: [
      Column("synthetic_household", texts: ids), Column("village_code", texts: villageCodes),
      Column("county_code", texts: countyCodes), Column("synthetic_class", texts: classes),
      Column("synthetic_persons", numbers: persons), Column("synthetic_exit_year", texts: exitYears),
      Column("synthetic_cause", texts: causes),
    ])
  }

  private func codeTable(_ codes: [String]) -> Table {
    Table(columns: [Column("village_code", texts: codes)])
  }
}
