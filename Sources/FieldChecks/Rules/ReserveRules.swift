internal import SurveyData
internal import SurveyDesign

/// Reserves: used with a reason, in their order, in their stratum, and not too often.
///
/// The faults are those of the fieldwork account (docs/fieldwork.md). Where nothing was recorded, the answers stand
/// for the record: their result codes, reasons and replacements.
enum ReserveRules {
  static let all =
    [
      rule("reserve-not-listed", .stop, zh: "备选都在名单中", en: "Every reserve is in the list"),
      rule("reserve-selected", .stop, zh: "备选不是抽中的单位", en: "No selected unit serves as a reserve"),
      rule("reserve-elsewhere", .stop, zh: "备选只代替同村同层的单位", en: "A reserve stands in within its village and stratum"),
      rule("reserve-shared", .stop, zh: "一个备选只代替一个单位", en: "A reserve stands in for one unit"),
      rule("replaced-unit-completed", .warn, zh: "已完成的单位没有被代替", en: "No interviewed unit was replaced"),
      rule("reserve-without-outcome", .warn, zh: "用了的备选有结果", en: "A reserve in use has an outcome"),
      rule("reserve-unlinked", .warn, zh: "备选说明代替谁", en: "A reserve says whom it replaces"),
      rule("reserve-without-reason", .stop, zh: "用备选有原因", en: "Reserves are used for a reason"),
      rule("reserve-out-of-order", .stop, zh: "备选按顺序使用", en: "Reserves are used in their order"),
    ] + [
      CheckRule(
        "replacement-rate",
        .reserves,
        .warn,
        zh: "村内替换率不高",
        en: "Few units of a village were replaced",
        fixZh: "请说明原因；必要时补访。",
        fixEn: "Say why; go there again where needed."
      ) { replacementRate($0, &$1) }
    ]

  private static func rule(_ code: String, _ level: CheckLevel, zh: String, en: String) -> CheckRule {
    CheckRule(
      code,
      .reserves,
      level,
      zh: zh,
      en: en,
      fixZh: "请核实后更正记录。",
      fixEn: "Find out what is right and correct the record."
    ) { report(code, ofRecord: nil, $0, &$1) }
  }

  /// Reports the faults of one code.
  ///
  /// - Parameters:
  ///   - code: of the fieldwork account.
  ///   - isRecord: only those of a record, or of the answers; `nil`: either.
  ///   - survey: with its draws.
  ///   - run: takes the failures.
  static func report(_ code: String, ofRecord isRecord: Bool?, _ survey: CheckedSurvey, _ run: inout RuleRun) {
    var any = false
    for account in survey.accounts where isRecord.map({ $0 == account.isRecord }) ?? true {
      any = true
      let isReserves = code.hasPrefix("reserve") || code.hasPrefix("replaced")
      run.count(isReserves ? account.reservesUsed : account.units)
      for fault in account.faults where fault.code == code {
        run.fail(
          survey.sources[fault.source],
          row: fault.row,
          column: fault.column,
          value: fault.value,
          zh: fault.message.zh,
          en: fault.message.en,
          fix: fault.fix
        )
      }
    }
    if !any { run.note(zh: "还没有访问记录或返回的数据。", en: "nothing was recorded, or nothing has come back yet.") }
  }

  private static func replacementRate(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    let most = survey.settings[.replacementShare]
    for account in survey.accounts {
      for group in account.groups {
        run.count(1)
        guard group.selected > 0, Double(group.used) > most * Double(group.selected) else { continue }
        let share = shortest((1_000 * Double(group.used) / Double(group.selected)).rounded() / 10)
        run.fail(
          survey.sources[account.list],
          row: group.row,
          column: account.groupColumn,
          value: group.id,
          zh: "抽中 \(group.selected)，用备选 \(group.used)（\(share)%），超过 \(shortest(most * 100))%。",
          en: "\(group.used) reserves for \(group.selected) selected (\(share) %), above \(shortest(most * 100)) %."
        )
      }
    }
    if survey.accounts.isEmpty {
      run.note(zh: "还没有访问记录或返回的数据。", en: "nothing was recorded, or nothing has come back yet.")
    }
  }
}
