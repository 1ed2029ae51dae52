internal import SurveyData
internal import SurveyEstimation

/// The indicators of a case, and the keys of its figures in R's order.
struct Quantities {
  private(set) var indicators: [Indicator] = []
  /// A text column has one figure a level, as R expands a factor.
  private(set) var keys: [String] = []

  /// Reads means, totals, ratios or variances off a case and prepares its data for them.
  init(_ statistic: String, _ context: inout CaseContext) throws {
    let filter = try context.filter()
    if statistic == "ratio" {
      let numerator = try context.text("numerator")
      let denominator = try context.text("denominator")
      add(
        "\(numerator)/\(denominator)",
        .ratio(Expression(column: numerator), Expression(column: denominator)),
        filter: filter
      )
      return
    }
    let variables = try context.texts("variables")
    let isListwise = context.dropsMissing && variables.count > 1
    let columns = isListwise ? try context.data.deleteListwise(variables) : variables
    for (variable, column) in zip(variables, columns) {
      guard try context.data.isText(column) else {
        let value = Expression(column: column)
        switch statistic {
        case "mean": add(variable, .mean(value), filter: filter)
        case "total": add(variable, .total(value), filter: filter)
        case "variance": add(variable, .variance(value), filter: filter)
        default: throw Unsupported("statistic \(statistic)")
        }
        continue
      }
      try addLevels(of: column, named: variable, statistic, &context, filter: filter)
    }
  }

  private mutating func addLevels(
    of column: String,
    named variable: String,
    _ statistic: String,
    _ context: inout CaseContext,
    filter: Expression?
  ) throws {
    let levels = try context.data.levels(of: column)
    if statistic == "mean", filter == nil {
      indicators.append(Indicator(key: variable, statistic: .proportions(column), interval: "t"))
      keys += levels.map { "\(variable)=\($0)" }
      return
    }
    // Totals of levels, and levels that the filter may leave empty, which R lists all the same.
    for level in levels {
      let key = "\(variable)=\(level)"
      try context.data.addIndicator(key, of: column, equal: level)
      let value = Expression(column: key)
      switch statistic {
      case "mean": add(key, .mean(value), filter: filter)
      case "total": add(key, .total(value), filter: filter)
      default: throw Unsupported("\(statistic) of a text column")
      }
    }
  }

  private mutating func add(_ key: String, _ statistic: Indicator.Statistic, filter: Expression?) {
    indicators.append(Indicator(key: key, statistic: statistic, filter: filter, interval: "t"))
    keys.append(key)
  }
}
