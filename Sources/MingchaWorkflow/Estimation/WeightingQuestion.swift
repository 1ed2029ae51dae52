internal import SurveyData
internal import SurveyDesign
internal import TabularFiles

/// How weights are adjusted to known totals, in the words of the command line.
///
/// Steps are taken in this order: unknown eligibility, nonresponse, post-stratification, raking, calibration, trimming.
package struct WeightingQuestion: Sendable {
  /// The column of outcomes.
  package var outcome: String?
  package var eligibilityClasses: String?
  package var eligibleShare: Double?
  package var responseClasses: String?
  /// Terms of a regression, as on the right side of a model.
  package var propensity: String?
  /// A number, or `none` for the inverse of the propensity.
  package var propensityClasses: String?
  /// `drop` or `keep`.
  package var ineligible: String?
  /// A file with columns of classes and a column `total`.
  package var postStratification: String?
  /// One such file a margin.
  package var margins: [String] = []
  /// A file with the columns `term` and `total`.
  package var calibration: String?
  package var distance: String?
  /// `0.3,3`.
  package var bounds: String?
  /// `0.5,8`; either may be `none`.
  package var trimming: String?

  package init() {}

  /// The steps asked for, with the totals read from their files.
  ///
  /// - Throws: a refusal with everything wrong in a file of totals.
  func adjustments(_ reader: inout QuestionReader) throws -> [WeightAdjustment] {
    var steps: [WeightAdjustment] = []
    var findings: [Finding] = []
    func collect(_ body: () throws -> WeightAdjustment) throws {
      do { steps.append(try body()) } catch let refusal as InputRefusal { findings += refusal.findings }
    }
    steps += outcomeSteps(&reader)
    if let postStratification {
      try collect { .postStratification(try classTotals(postStratification)) }
    }
    if !margins.isEmpty {
      try collect {
        let read = try margins.map { try classTotals($0) }
        try requireSameSum(read)
        return .raking(read)
      }
    }
    let limits = bounds.flatMap { reader.bounds("--bounds", $0) }
    let distance = reader.choice("--distance", distance, of: Calibration.Distance.allCases)
    if let calibration {
      try collect {
        var spec = try Self.calibration(calibration, distance: distance ?? .linear)
        spec.lower = limits?.lower
        spec.upper = limits?.upper
        return .calibration(spec)
      }
    } else {
      if self.distance != nil { reader.needs("--calibrate", for: "--distance") }
      if bounds != nil { reader.needs("--calibrate", for: "--bounds") }
    }
    if let trimming, let limits = reader.bounds("--trim", trimming) {
      steps.append(.trimming(Trimming(lower: limits.lower, upper: limits.upper, isRepeated: true)))
    }
    if !findings.isEmpty { throw InputRefusal(reader.problems + findings) }
    return steps
  }

  /// The totals of a file with the columns `term` and `total`; the row `(intercept)` holds the population size.
  ///
  /// - Throws: a refusal with everything wrong in it.
  static func calibration(_ path: String, distance: Calibration.Distance) throws -> Calibration {
    let table = try readTable(path: path).table
    let names = try table.column("term")
    var findings: [Finding] = []
    let totals = try numbers(of: table, findings: &findings, isNegativeAllowed: true)
    var terms: [Expression] = []
    var values: [Double] = []
    var intercept: Double?
    for row in 0..<table.rowCount {
      let name = names.text(at: row) ?? ""
      if name.lowercased() == "(intercept)" {
        intercept = totals[row]
        continue
      }
      do throws(InputRefusal) {
        terms.append(try Expression(parsing: name))
        values.append(totals[row])
      } catch {
        for var finding in error.findings {
          finding.file = table.file
          finding.row = table.fileRow(of: row)
          finding.column = "term"
          finding.value = name
          findings.append(finding)
        }
      }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    return Calibration(
      totals: (intercept.map { [$0] } ?? []) + values,
      terms: terms,
      hasIntercept: intercept != nil,
      distance: distance
    )
  }
}

/// The population totals of classes in a file: every column but `total` is one of the classes.
func classTotals(_ path: String) throws -> PostStratification {
  let table = try readTable(path: path).table
  var findings: [Finding] = []
  let totals = try numbers(of: table, findings: &findings, isNegativeAllowed: false)
  let columns = table.columns.filter { $0.name != "total" }
  if columns.isEmpty {
    findings.append(
      Finding(
        "totals-columns",
        file: table.file,
        message: LocalizedText(zh: "除 total 外没有分类列。", en: "has no column of classes beside `total`."),
        fix: LocalizedText(zh: "例如列 stype,total。", en: "Give columns such as stype,total.")
      )
    )
  }
  var seen: [[String]: Int] = [:]
  var classes: [PostStratification.Class] = []
  for row in 0..<table.rowCount {
    let values = columns.map { $0.text(at: row) ?? "" }
    if let before = seen.updateValue(row, forKey: values) {
      findings.append(
        Finding(
          "totals-twice",
          file: table.file,
          row: table.fileRow(of: row),
          value: values.joined(separator: ", "),
          message: LocalizedText(
            zh: "这一类在第 \(table.fileRow(of: before)) 行已有总数。",
            en: "the class has a total in row \(table.fileRow(of: before)) already."
          ),
          fix: LocalizedText(zh: "每类一行。", en: "Give one row a class.")
        )
      )
    }
    classes.append(PostStratification.Class(values: values, total: totals[row]))
  }
  if !findings.isEmpty { throw InputRefusal(listing: findings) }
  return PostStratification(columns: columns.map(\.name), classes: classes)
}

/// Refuses margins that cannot all be met because they do not have the same sum.
func requireSameSum(_ margins: [PostStratification]) throws(InputRefusal) {
  func sum(_ margin: PostStratification) -> Double { margin.classes.reduce(0) { $0 + $1.total } }
  guard let first = margins.first else { return }
  let expected = sum(first)
  let findings = margins.dropFirst().compactMap { margin -> Finding? in
    let own = sum(margin)
    if abs(own - expected) <= 1e-6 * max(abs(own), abs(expected)) { return nil }
    return Finding(
      "margins-differ",
      column: margin.columns.joined(separator: ", "),
      value: shortest(own),
      message: LocalizedText(
        zh: "该边际合计与“\(first.columns.joined(separator: ", "))”的 \(shortest(expected)) 相差 \(shortest(own - expected))。",
        en: "the margin's sum is \(shortest(own - expected)) off that of \(first.columns.joined(separator: ", ")), "
          + "\(shortest(expected))."
      ),
      fix: LocalizedText(zh: "各边际的合计须相同。", en: "All margins must have the same sum.")
    )
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
}

private func numbers(of table: Table, findings: inout [Finding], isNegativeAllowed: Bool) throws -> [Double] {
  _ = try table.column("total")
  let totals = try Expression(column: "total").numbers(over: table)
  for row in totals.indices where !totals[row].isFinite || !isNegativeAllowed && totals[row] < 0 {
    findings.append(
      Finding(
        "total-invalid",
        file: table.file,
        row: table.fileRow(of: row),
        column: "total",
        value: table["total"]?.text(at: row),
        message: LocalizedText(zh: "总数缺失或为负。", en: "the total is missing or negative."),
        fix: LocalizedText(zh: "请补上总体数。", en: "Fill in the population total.")
      )
    )
  }
  return totals
}
