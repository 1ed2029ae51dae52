package import SurveyData
package import SurveyDesign

/// A draw that was made, with what came back of it.
package struct CheckedDraw: Sendable {
  /// What the account of the fieldwork found, at its place.
  struct Fault: Sendable {
    var code: String
    var source: Int
    /// The row in the source's table.
    var row: Int?
    var column: String?
    var value: String?
    var message: LocalizedText
    var fix: LocalizedText
  }

  /// The returned rows of one stage's units.
  struct Returned: Sendable {
    /// The place of the stage among the draw's.
    var stage: Int
    var source: Int
    /// For each row of the source the first row of the list with its unit; −1 where the list has none.
    var listRow: [Int]
  }

  package let name: String
  /// The place of the list among the sources.
  package let list: Int
  package let stages: [ListedStage]
  /// The columns that make the strata of each stage.
  package let strata: [[String]]
  /// What the list puts after the stratum of must-include units.
  package let certainSuffix: String
  /// The place of the record among the sources.
  package let record: Int?
  let records: [FieldworkRecord]
  let table: Table

  /// - Parameters:
  ///   - name: of the draw.
  ///   - list: the place of its list among the sources.
  ///   - table: the list, as it was read.
  ///   - stages: the draw's.
  ///   - strata: the columns that make the strata, by stage.
  ///   - certainSuffix: what the list puts after the stratum of must-include units.
  ///   - record: the place of its fieldwork record among the sources, with its lines.
  package init(
    name: String,
    list: Int,
    table: Table,
    stages: [ListedStage],
    strata: [[String]],
    certainSuffix: String,
    record: (source: Int, lines: [FieldworkRecord])?
  ) {
    self.name = name
    self.list = list
    self.table = table
    self.stages = stages
    self.strata = strata
    self.certainSuffix = certainSuffix
    self.record = record?.source
    records = record?.lines ?? []
  }

  package var listColumns: Set<String> { Set(table.columnNames) }

  /// The rows of the list by the id of a stage's unit, the first row of each.
  func rows(ofStage stage: Int) -> [String: Int] {
    guard let ids = table[stages[stage].id]?.codedText else { return [:] }
    var rows = [String: Int]()
    var seen = [Bool](repeating: false, count: ids.levels.count)
    for (row, code) in ids.codes.enumerated() where code >= 0 && !seen[Int(code)] {
      seen[Int(code)] = true
      rows[ids.levels[Int(code)]] = row
    }
    return rows
  }

  /// Whether a row of the list is a reserve of a stage.
  func isReserve(_ row: Int, stage: Int) -> Bool {
    if stage + 1 < stages.count { return table[stages[stage + 1].id]?.text(at: row) == nil }
    return table["role"]?.text(at: row) == "reserve"
  }
}
