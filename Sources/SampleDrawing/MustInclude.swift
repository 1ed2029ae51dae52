import SurveyData
import SurveyDesign

/// Which rows of a frame are taken with certainty; nil where the plan declares none.
/// - Throws: what is wrong with the expression, and a column of it that the frame lacks.
func mustIncludeMask(_ plan: StagePlan, frame: Table) throws(InputRefusal) -> [Bool]? {
  guard let source = plan.mustInclude else { return nil }
  let expression = try Expression(parsing: source)
  let missing = expression.columns.filter { frame[$0] == nil }
  if !missing.isEmpty {
    throw InputRefusal(missing.map { Finding.missingColumn($0, in: frame.columnNames, file: frame.file) })
  }
  return try expression.mask(over: frame)
}

/// What is wrong with the expression of must-include units before any frame is looked at.
func mustIncludeFindings(_ plan: StagePlan) -> [Finding] {
  guard let source = plan.mustInclude else { return [] }
  do throws(InputRefusal) {
    if !(try Expression(parsing: source)).columns.isEmpty { return [] }
  } catch {
    return error.findings
  }
  return [
    planFinding(
      plan,
      "must-include",
      zh: "必选条件“\(source)”没有用到任何列。",
      en: "the must-include expression \"\(source)\" names no column.",
      fixZh: "请写成关于抽样框列的条件，如 poor == 1。",
      fixEn: "Write a condition on columns of the frame, such as poor == 1."
    )
  ]
}

/// The rows of a stratum, divided into must-include units and those left to the method.
func divided(_ rows: ArraySlice<Int32>, by mask: [Bool]?) -> (certain: [Int32], rest: ArraySlice<Int32>) {
  guard let mask else { return ([], rows) }
  var certain = [Int32]()
  var rest = [Int32]()
  rest.reserveCapacity(rows.count)
  for row in rows {
    if mask[Int(row)] { certain.append(row) } else { rest.append(row) }
  }
  return (certain, rest[...])
}
