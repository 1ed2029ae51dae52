internal import StatisticalFunctions
package import SurveyData

/// A synthetic population on a real frame: each village is a pure function of model, seed and its code.
///
/// Nothing is stored of the households; asking again gives the same ones.
package struct Population: Sendable {
  package let model: PopulationModel
  package let seed: String
  /// Counties in the order of the frame.
  package let counties: [County]
  /// Villages in the order of the frame.
  package let villages: [Village]
  private let villageByCode: [String: Int]

  /// A county of the frame with the rates that were drawn for it.
  package struct County: Sendable {
    package let code: String
    package let leagueCode: String
    package let status: PopulationModel.CountyStatus
    /// In the order of `PopulationModel.Trait`.
    let rates: [Double]
  }

  /// A village of the frame with its synthetic size and mark.
  package struct Village: Sendable {
    package let code: String
    /// The county's place; `nil` where the village lies in none of them (a development zone).
    package let county: Int?
    package let householdCount: Int
    package let isPoor: Bool
  }

  /// - Parameters:
  ///   - counties: columns `code`, `league_code`, `poverty_status` (national, regional or none).
  ///   - villages: columns `code`, `county_code`. A village of no listed county is given a size as in a
  ///     county without poverty status, and stands outside the population.
  /// - Throws: a refusal for missing columns, missing or repeated codes, and unknown statuses.
  package init(
    model: PopulationModel,
    seed: String,
    counties countyTable: Table,
    villages villageTable: Table
  ) throws(InputRefusal) {
    self.model = model
    self.seed = seed
    var findings = [Finding]()
    let countyCodes = try codes("code", in: countyTable, unique: true, findings: &findings)
    let leagueCodes = try codes("league_code", in: countyTable, unique: false, findings: &findings)
    let statuses = try countyTable.column("poverty_status")
    let villageCodes = try codes("code", in: villageTable, unique: true, findings: &findings)
    let parents = try codes("county_code", in: villageTable, unique: false, findings: &findings)

    var madeCounties = [County]()
    var countyByCode = [String: Int]()
    for row in 0..<countyTable.rowCount {
      let word = statuses.text(at: row) ?? ""
      let status = PopulationModel.CountyStatus(rawValue: word)
      if status == nil {
        findings.append(
          Finding(
            "poverty-status-unknown",
            file: countyTable.file,
            row: countyTable.fileRow(of: row),
            column: "poverty_status",
            value: word,
            message: LocalizedText(zh: "未知的贫困县类别。", en: "unknown poverty status."),
            fix: LocalizedText(zh: "应为 national、regional 或 none。", en: "Use national, regional or none.")
          )
        )
      }
      countyByCode[countyCodes[row]] = row
      madeCounties.append(
        County(
          code: countyCodes[row],
          leagueCode: leagueCodes[row],
          status: status ?? .none,
          rates: Self.rates(of: countyCodes[row], model: model, seed: seed)
        )
      )
    }
    if !findings.isEmpty { throw InputRefusal(findings) }

    var places = [String: Int](minimumCapacity: villageCodes.count)
    var madeVillages = [Village]()
    madeVillages.reserveCapacity(villageCodes.count)
    for (row, code) in villageCodes.enumerated() {
      places[code] = row
      let county = countyByCode[parents[row]]
      let status = county.map { madeCounties[$0].status } ?? .none
      var generator = syntheticGenerator(seed: seed, unit: code, purpose: "village")
      let count = Int(model.villageHouseholds.value(at: generator.uniform()).rounded())
      let isPoor = generator.uniform() < model.poorVillageShare[status] ?? 0
      madeVillages.append(Village(code: code, county: county, householdCount: count, isPoor: isPoor))
    }
    counties = madeCounties
    villages = madeVillages
    villageByCode = places
  }

  /// The village frame with `synthetic_poor_village` (1 or 0) and `synthetic_households` added.
  ///
  /// - Precondition: the table that the population was made on, or rows of it.
  package func synthesize(villages table: Table) throws(InputRefusal) -> Table {
    let places = try places(of: try table.column("code"), in: table)
    var result = table
    result.set(Column("synthetic_poor_village", texts: places.map { villages[$0].isPoor ? "1" : "0" }))
    result.set(Column("synthetic_households", numbers: places.map { Double(villages[$0].householdCount) }))
    return result
  }

  /// The place of a village in `villages`, by its code.
  package func village(_ code: String) -> Int? { villageByCode[code] }

  func places(of column: Column, in table: Table) throws(InputRefusal) -> [Int] {
    var places = [Int]()
    var findings = [Finding]()
    for row in 0..<table.rowCount {
      if let code = column.text(at: row), let place = villageByCode[code] {
        places.append(place)
      } else {
        findings.append(
          Finding(
            "village-unknown",
            file: table.file,
            row: table.fileRow(of: row),
            column: column.name,
            value: column.text(at: row),
            message: LocalizedText(zh: "抽样框中没有这个嘎查村。", en: "the frame has no such village."),
            fix: LocalizedText(zh: "请核对代码。", en: "Check the code.")
          )
        )
      }
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    return places
  }

  private static func rates(of county: String, model: PopulationModel, seed: String) -> [Double] {
    var generator = syntheticGenerator(seed: seed, unit: county, purpose: "county rates")
    return PopulationModel.Trait.allCases.map { trait in
      model.trait(trait).countyRate.value(at: generator.uniform())
    }
  }
}

private func codes(
  _ name: String,
  in table: Table,
  unique: Bool,
  findings: inout [Finding]
) throws(InputRefusal) -> [String] {
  let column = try table.column(name)
  var seen = [String: Int]()
  var codes = [String]()
  for row in 0..<table.rowCount {
    let code = column.text(at: row) ?? ""
    codes.append(code)
    if code.isEmpty {
      findings.append(
        Finding(
          "code-missing",
          file: table.file,
          row: table.fileRow(of: row),
          column: name,
          message: LocalizedText(zh: "代码为空。", en: "the code is empty."),
          fix: LocalizedText(zh: "请补上。", en: "Fill it in.")
        )
      )
    } else if unique, let first = seen.updateValue(row, forKey: code) {
      findings.append(
        Finding(
          "id-duplicate",
          file: table.file,
          row: table.fileRow(of: row),
          column: name,
          value: code,
          message: LocalizedText(
            zh: "与第 \(table.fileRow(of: first)) 行重复。",
            en: "the same as in row \(table.fileRow(of: first))."
          ),
          fix: LocalizedText(zh: "请删去其中一行。", en: "Remove one of them.")
        )
      )
    }
  }
  return codes
}
