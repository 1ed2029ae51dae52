internal import StatisticalFunctions
package import SurveyData

extension Population {
  /// What fieldwork brings back for drawn households: one row each, interviewed or not.
  ///
  /// Columns carry the form's own names, because the survey file's indicators refer to them; the column
  /// `synthetic` (1 in every row) says what the file is. A row without interview has only household,
  /// village, class and result_code. Whether a household answers depends on its class alone, so that
  /// weighting within class and village removes the bias that nonresponse would bring.
  /// - Parameter identifiers: household ids as ``register(ofVillages:)`` gives them.
  /// - Throws: a refusal naming every id that is no household of this population.
  package func answers(ofHouseholds identifiers: Column) throws(InputRefusal) -> Table {
    var rows = FieldworkRows()
    var findings = [Finding]()
    var village = -1
    var households = [SyntheticHousehold]()
    for row in 0..<identifiers.rowCount {
      guard let id = identifiers.text(at: row), let (code, number) = parts(of: id),
        let place = self.village(code), number >= 1, number <= villages[place].householdCount
      else {
        findings.append(
          Finding(
            "household-unknown",
            column: identifiers.name,
            value: identifiers.text(at: row),
            message: LocalizedText(zh: "合成总体中没有这户。", en: "the synthetic population has no such household."),
            fix: LocalizedText(
              zh: "名单与登记册须用同一种子合成。",
              en: "List and registers must come from the same seed."
            )
          )
        )
        continue
      }
      if place != village {
        village = place
        households = self.households(ofVillage: place)
      }
      var generator = syntheticGenerator(seed: seed, unit: id, purpose: "fieldwork")
      rows.add(id: id, village: code, household: households[number - 1], model: model, generator: &generator)
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    return rows.table
  }

  /// What fieldwork brings back for drawn villages, one row each.
  ///
  /// Columns: synthetic, village, result_code, collective_economy, water, power, road, telecom, clinic, shop.
  package func answers(ofVillages codes: Column) throws(InputRefusal) -> Table {
    let places = try self.places(of: codes, in: Table(columns: [codes]))
    let answers = places.map { self.answers(ofVillage: $0) }
    var columns = [
      Column("synthetic", numbers: places.map { _ in 1 }),
      Column("village", texts: places.map { villages[$0].code }),
      Column("result_code", texts: places.map { _ in "1" }),
      Column("collective_economy", numbers: answers.map { $0.hasCollectiveEconomy ? 1 : 0 }),
    ]
    for (place, name) in ["water", "power", "road", "telecom", "clinic", "shop"].enumerated() {
      columns.append(Column(name, numbers: answers.map { $0.facilities[place] ? 1 : 0 }))
    }
    return Table(columns: columns, rowCount: places.count)
  }

  private func parts(of id: String) -> (village: String, number: Int)? {
    let pieces = id.split(separator: "-", omittingEmptySubsequences: false)
    guard pieces.count == 2, let number = Int(pieces[1]) else { return nil }
    let code = String(pieces[0])
    return Self.householdIdentifier(village: code, number: number) == id ? (code, number) : nil
  }
}

/// The response file in the making, a list a column.
private struct FieldworkRows {
  private var texts: [[String?]]
  private var numbers: [[Double]]

  private static let textNames = ["household", "village", "result_code", "class", "cause", "housing", "verdict"]
  private static let numberNames = [
    "synthetic", "persons", "food", "water", "clothing", "education", "medical", "income_per_head",
    "review_status", "wrong_exit_persons", "omitted_persons", "inclusion_error_persons", "industry_measure",
    "relocated", "moved_in", "followup_job", "schooling_aid", "medical_aid", "housing_unsafe",
    "housing_measure", "safety_net_eligible", "safety_net", "approves", "satisfaction_team",
    "satisfaction_helper",
  ]

  init() {
    texts = Self.textNames.map { _ in [] }
    numbers = Self.numberNames.map { _ in [] }
  }

  mutating func add(
    id: String,
    village: String,
    household: SyntheticHousehold,
    model: PopulationModel,
    generator: inout SeededGenerator
  ) {
    let place = Int(household.householdClass.rawValue)
    let responds = generator.uniform() < model.responseRate[place]
    guard responds else {
      let code = model.nonresponseCodes[
        category(generator.uniform(), of: model.nonresponseCodes.map(\.share))
      ].code
      append(
        texts: [id, village, code, household.householdClass.code, nil, nil, nil],
        numbers: [1] + Self.numberNames.dropFirst().map { _ in .nan }
      )
      return
    }
    let items = FieldItems(household, model: model, generator: &generator)
    let isRegistered = household.householdClass.isRegistered
    let wrong = household.wrongExitPersons + household.omittedPersons
    func applies(_ condition: Bool, _ value: Int) -> Double { condition ? Double(value) : .nan }
    func applies(_ condition: Bool, _ value: Bool) -> Double { condition ? (value ? 1 : 0) : .nan }
    append(
      texts: [
        id, village, "1", household.householdClass.code, isRegistered ? household.cause.word : nil,
        items.housing, items.verdict(line: model.incomeLine),
      ],
      numbers: [
        1, Double(household.persons), optional(items.food), optional(items.water), optional(items.clothing),
        optional(items.education), optional(items.medical), optional(items.incomePerHead),
        // 0 none, 3 confirmed by the reviewers
        wrong > 0 ? 3 : 0,
        applies(household.householdClass == .exited, household.wrongExitPersons),
        applies(!isRegistered, household.omittedPersons),
        applies(isRegistered, household.inclusionErrorPersons),
        applies(isRegistered, household.industryMeasure), applies(isRegistered, household.isRelocated),
        applies(household.isRelocated, household.hasMovedIn),
        applies(household.isRelocated, household.hasFollowUpJob),
        applies(household.cause == .schooling, household.hasSchoolingAid),
        applies(household.cause == .illness, household.hasMedicalAid),
        applies(isRegistered, household.housingWasUnsafe),
        applies(household.housingWasUnsafe, household.hasHousingMeasure),
        applies(isRegistered, household.isSafetyNetEligible),
        applies(household.isSafetyNetEligible, household.hasSafetyNet),
        household.approves ? 1 : 0, Double(household.satisfactionTeam),
        applies(isRegistered, household.satisfactionHelper),
      ]
    )
  }

  var table: Table {
    var columns = [Column(Self.numberNames[0], numbers: numbers[0])]
    for (name, values) in zip(Self.textNames, texts) { columns.append(Column(name, texts: values)) }
    for (name, values) in zip(Self.numberNames, numbers).dropFirst() {
      columns.append(Column(name, numbers: values))
    }
    return Table(columns: columns, rowCount: numbers[0].count)
  }

  private func optional(_ value: Int?) -> Double { value.map(Double.init) ?? .nan }

  private mutating func append(texts newTexts: [String?], numbers newNumbers: [Double]) {
    for (place, value) in newTexts.enumerated() { texts[place].append(value) }
    for (place, value) in newNumbers.enumerated() { numbers[place].append(value) }
  }
}
