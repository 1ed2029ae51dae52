package import SurveyData

/// The shares of points that offices hand over, by league and row.
package struct AdministrativeScores: Sendable {
  private struct Key: Hashable {
    var league: String
    var row: String
  }

  private var shares: [Key: Double] = [:]

  package static let none = AdministrativeScores()

  private init() {}

  /// Reads columns `league_code`, `row` and `share` (or `synthetic_share`, as the worked example has it).
  ///
  /// An empty share, like an absent line, means that the row is missing.
  /// - Throws: a refusal naming every unknown league or row, repeated line, and share outside 0…1.
  package init(_ table: Table, rubric: Rubric, leagues: [String]) throws(InputRefusal) {
    let leagueColumn = try table.column("league_code")
    let rowColumn = try table.column("row")
    let shareColumn = try table.column(table["synthetic_share"] == nil ? "share" : "synthetic_share")
    let values = try Expression(column: shareColumn.name).numbers(over: table)
    let known = Set(leagues)
    let rows = Dictionary(uniqueKeysWithValues: rubric.rows.map { ($0.id, $0) })
    var firstRow = [Key: Int]()
    var findings = [Finding]()
    for index in 0..<table.rowCount {
      func refuse(_ code: String, _ column: Column, zh: String, en: String, fix: LocalizedText) {
        findings.append(
          Finding(
            code,
            file: table.file,
            row: table.fileRow(of: index),
            column: column.name,
            value: column.text(at: index),
            message: LocalizedText(zh: zh, en: en),
            fix: fix
          )
        )
      }
      let key = Key(league: leagueColumn.text(at: index) ?? "", row: rowColumn.text(at: index) ?? "")
      if !known.contains(key.league) {
        refuse(
          "league-unknown",
          leagueColumn,
          zh: "没有这个盟市。",
          en: "there is no such league.",
          fix: LocalizedText(zh: "请核对代码。", en: "Check the code.")
        )
      }
      switch rows[key.row]?.measurement {
      case .administrative?, .mixed?: break
      case .survey?:
        refuse(
          "row-not-administrative",
          rowColumn,
          zh: "该项由抽样调查得出，不由部门评分。",
          en: "this row is measured by the survey, not handed over.",
          fix: LocalizedText(zh: "请删去该行。", en: "Remove the line.")
        )
      case nil:
        refuse(
          "row-unknown",
          rowColumn,
          zh: "评分表中没有该项。",
          en: "the rubric has no such row.",
          fix: LocalizedText(zh: "项号如 01 至 18。", en: "Rows are numbered like 01 to 18.")
        )
      }
      if let first = firstRow.updateValue(index, forKey: key) {
        refuse(
          "id-duplicate",
          rowColumn,
          zh: "与第 \(table.fileRow(of: first)) 行重复。",
          en: "the same league and row as in row \(table.fileRow(of: first)).",
          fix: LocalizedText(zh: "只留一行。", en: "Keep one of them.")
        )
      }
      guard !values[index].isNaN else { continue }
      if values[index] < 0 || values[index] > 1 {
        refuse(
          "share-range",
          shareColumn,
          zh: "得分比例应在 0 与 1 之间。",
          en: "a share of points lies between 0 and 1.",
          fix: LocalizedText(zh: "例如 0.85。", en: "Write 0.85 for 85 %.")
        )
      }
      shares[key] = values[index]
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
  }

  /// The share of a row's points that a league was given; `nil` where it is missing.
  package func share(league: String, row: String) -> Double? {
    shares[Key(league: league, row: row)]
  }
}
