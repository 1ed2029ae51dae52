import SurveyData
import SurveyDesign

/// The largest absolute value of a balancing column or coordinate: its square is still a number.
private let largestMeasure = 1e100

/// Reads the balancing and coordinate columns of a stage: each with one value a row.
///
/// Every row whose value is missing or no number becomes a finding.
func readMeasures(_ plan: StagePlan, frame: Table, into found: inout RowFindings) -> [[Double]] {
  plan.measures.compactMap { name in
    guard let column = frame[name] else { return nil }
    let isCoordinate = plan.coordinates.contains(name)
    let values = readNumbers(column)
    for row in values.indices where !(abs(values[row]) <= largestMeasure) {
      found.add(measureFinding(row, column: column, isCoordinate: isCoordinate, frame: frame))
    }
    return values
  }
}

/// NaN where a value is missing or no number.
private func readNumbers(_ column: Column) -> [Double] {
  switch column.storage {
  case .number(let values): return values
  case .text(let text):
    let parsed = text.levels.map { plainNumber($0) ?? .nan }
    return text.codes.map { $0 < 0 ? .nan : parsed[Int($0)] }
  }
}

private func measureFinding(
  _ row: Int,
  column: Column,
  isCoordinate: Bool,
  frame: Table
) -> Finding {
  let value = column.text(at: row)
  let what =
    isCoordinate
    ? LocalizedText(zh: "坐标", en: "the coordinate") : LocalizedText(zh: "平衡变量", en: "the balancing variable")
  return Finding(
    isCoordinate ? "coordinate-invalid" : "balance-invalid",
    file: frame.file,
    sheet: frame.sheet,
    row: frame.fileRow(of: row),
    column: column.name,
    value: value.map(masked),
    message: value == nil
      ? LocalizedText(zh: "\(what.zh)缺失。", en: "\(what.en) is missing.")
      : LocalizedText(
        zh: "\(what.zh)不是数字（绝对值至多 1e100）。",
        en: "\(what.en) is not a number of at most 1e100 in absolute value."
      ),
    fix: LocalizedText(
      zh: "请补全或改正；每个单元都须有值，抽样前用 where 或 keep 去掉的除外。",
      en: "Fill it in or mend it: every unit needs one, unless a filter leaves it out before the draw."
    )
  )
}
