internal import SurveyData
internal import SurveyDesign

/// The key columns of a design and its domains, in the order in which paths descend through them.
struct KeyLayout: Sendable {
  /// Where a stage stands among the key columns.
  struct Stage: Sendable {
    /// The depth of the stratum's node: all key columns up to the stage's last strata column.
    var stratumDepth: Int
    /// The depth of the unit's node; `nil` where each row is a unit.
    var unitDepth: Int?
    /// The column with the population size, or with the inclusion probability of each unit.
    var population: String?
    var isProportional: Bool

    /// The depth of the nodes that the column describes: strata, or units with unequal probabilities.
    var populationDepth: Int { isProportional ? unitDepth ?? stratumDepth : stratumDepth }
  }

  private(set) var columns: [String] = []
  private(set) var stages: [Stage] = []
  /// The columns from here on are by-variables.
  private(set) var designColumns = 0
  /// By-variable → its column.
  private(set) var byColumns: [String: Int] = [:]

  init(_ design: SampleDesign, domains: [[String]], covariances: Bool = false) {
    for stage in design.stages {
      columns += stage.strata
      let stratumDepth = columns.count
      var unitDepth: Int?
      if case .column(let name) = stage.unit {
        columns.append(name)
        unitDepth = columns.count
      }
      stages.append(
        Stage(
          stratumDepth: stratumDepth,
          unitDepth: unitDepth,
          population: stage.populationSize,
          isProportional: stage.isProportional
        )
      )
    }
    designColumns = columns.count
    if let last = stages.last, !last.isProportional, !covariances { sharedDepth = last.unitDepth }
    for name in domains.flatMap({ $0 }) where byColumns[name] == nil {
      byColumns[name] = columns.count
      columns.append(name)
    }
  }

  /// The depth of the last stage's units, where those with a single row may share a cell.
  ///
  /// Units with probabilities of their own cannot, nor can those whose covariances between indicators are wanted.
  private(set) var sharedDepth: Int?

  /// Whether rows are units of the last stage, so that squares of rows enter the variance.
  var isElementStage: Bool { stages.last.map { $0.unitDepth == nil } ?? false }
}

/// What is computed from the rows for one indicator.
struct IndicatorPlan: Sendable {
  var indicator: Indicator
  /// The quantities whose sums are needed besides the number of rows.
  var quantities: [Expression]
  /// The column of a proportion's levels.
  var levelColumn: String?

  var isProportions: Bool { levelColumn != nil }
  var hasFilter: Bool { indicator.filter != nil }

  init(_ indicator: Indicator) {
    self.indicator = indicator
    switch indicator.statistic {
    case .total(let value), .mean(let value): quantities = [value]
    case .ratio(let numerator, let denominator): quantities = [numerator, denominator]
    case .variance(let value): quantities = [value, value]
    case .proportions(let column):
      quantities = []
      levelColumn = column
    }
  }
}

extension Finding {
  static func populationDiffers(
    _ column: String,
    _ first: Double,
    _ second: Double,
    file: String?,
    row: Int?
  ) -> Finding {
    Finding(
      "population-differs",
      file: file,
      row: row,
      column: column,
      value: shortest(second),
      message: LocalizedText(
        zh: "同一层的总体数不一致（此前为 \(shortest(first))）。",
        en: "the stratum's population size was \(shortest(first)) before."
      ),
      fix: LocalizedText(zh: "同一层内每行应相同。", en: "Give every row of a stratum the same one.")
    )
  }

  static func keyMissing(_ column: String, file: String, sheet: String?, row: Int) -> Finding {
    Finding(
      "design-code-missing",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      message: LocalizedText(zh: "缺少层或单位的代码。", en: "the code of a stratum or unit is missing."),
      fix: LocalizedText(zh: "请补上，或删去该行。", en: "Fill it in, or remove the row.")
    )
  }

  static func badWeight(_ column: String, _ value: Double, file: String, sheet: String?, row: Int) -> Finding {
    Finding(
      "weight-invalid",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: value.isNaN ? "" : shortest(value),
      message: LocalizedText(zh: "权数应为大于 0 的数。", en: "a weight must be a number above 0."),
      fix: LocalizedText(
        zh: "不属于样本的行请删去；领域用 --where 指定。",
        en: "Remove rows that are not of the sample; choose a domain with --where."
      )
    )
  }

  static func badProbability(_ column: String, _ value: Double, file: String, sheet: String?, row: Int) -> Finding {
    Finding(
      "probability-invalid",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: value.isNaN ? "" : shortest(value),
      message: LocalizedText(zh: "入样概率应大于 0、不超过 1。", en: "an inclusion probability lies above 0 and up to 1."),
      fix: LocalizedText(zh: "请核对该列。", en: "Check the column.")
    )
  }

  static func badPopulation(_ column: String, _ value: Double, file: String, sheet: String?, row: Int) -> Finding {
    Finding(
      "population-invalid",
      file: file,
      sheet: sheet,
      row: row,
      column: column,
      value: value.isNaN ? "" : shortest(value),
      message: LocalizedText(
        zh: "总体数应为正数（大于 1 为个数，不超过 1 为抽样比）。",
        en: "a population size is a positive number (above 1 a count, up to 1 a sampling fraction)."
      ),
      fix: LocalizedText(zh: "请补上该层的总体数。", en: "Fill in the stratum's population size.")
    )
  }
}
