internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

extension CaseContext {
  /// Checks a case of domains: R's svyby over the values of one or more variables.
  mutating func checkDomains() throws -> Comparison {
    let variables = try texts("by")
    let quantities = try Quantities(try text("stat"), &self)
    let estimation = try estimation(quantities.indicators, by: variables, covariances: expected["vcov"] != nil)
    let figures = FigureIndex(estimation)
    if expectsRefusal { return try unrefused(estimation.estimates) }
    var found = namesDifference(quantities.keys)
    let groups = expected["groups"]?.list ?? []
    var domains: [[DomainValue]] = []
    for group in groups { domains.append(try domain(of: group, variables)) }
    let named = Set(domains)
    for estimate in estimation.estimates where !named.contains(estimate.domain) && estimate.reason != .emptyDomain {
      found.append("\(estimate.indicator): domain \(label(estimate.domain)) is not in the reference")
    }
    for (group, domain) in zip(groups, domains) {
      let check = FigureCheck(self, expected: group)
      for (place, key) in quantities.keys.enumerated() {
        found += check.differences(key, place, figures[key, domain]).labelled(label(domain))
      }
    }
    found += try rowDifferences(groups, domains)
    found += freedomDifference(FigureIndex(try self.estimation([])))
    // Under domain adjustment R's covariances leave out what its standard errors of the same domains add.
    if !design.sample.adjustsLonelyDomains, let expectedMatrix = expected["vcov"],
      let matrix = estimation.covariances.first
    {
      // All groups of the first variable, then of the second.
      let names = quantities.keys.flatMap { key in
        domains.map { domain in "\(key) @ " + domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ",") }
      }
      found += covarianceDifferences(
        matrix,
        names,
        expectedMatrix,
        estimates: quantities.keys.flatMap { key in domains.map { figures[key, $0]?.estimate } }
      )
    }
    return found
  }

  private func label(_ domain: [DomainValue]) -> String {
    domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ",")
  }

  /// A group's key as a domain of ours: a number may be written in another way there.
  private func domain(of group: JSONValue, _ variables: [String]) throws -> [DomainValue] {
    try variables.map { variable in
      guard let value = group["key"]?[variable] else { throw brokenReference("a group lacks a key for \(variable)") }
      if let text = value.text {
        let isNumber = try !data.isText(variable)
        return DomainValue(variable, isNumber ? plainNumber(text).map { shortest($0) } ?? text : text)
      }
      return DomainValue(variable, value.number.map { shortest($0) } ?? "")
    }
  }

  /// Rows, weights and degrees of freedom of each group, by way of a filter for each.
  private func rowDifferences(_ groups: [JSONValue], _ domains: [[DomainValue]]) throws -> Comparison {
    let own = try filterText()
    var indicators: [Indicator] = []
    for (place, domain) in domains.enumerated() {
      var parts = own.map { [$0] } ?? []
      for value in domain {
        let literal = try data.isText(value.variable) ? textLiteral(value.value) : value.value
        parts.append("\(columnText(value.variable)) == \(literal)")
      }
      indicators.append(
        Indicator(
          key: "(group \(place))",
          statistic: .mean(try Expression(parsing: "1")),
          filter: try Expression(parsing: parts.joined(separator: " and ")),
          interval: "t"
        )
      )
    }
    let figures = FigureIndex(try estimation(indicators))
    var found: Comparison = []
    for (place, group) in groups.enumerated() {
      let ours = figures["(group \(place))"]
      let name = label(domains[place])
      if let count = group["n"]?.number { found += difference("\(name) n", ours?.unweightedCount, count) }
      if let weight = group["sum_weights"]?.number {
        found += difference("\(name) sum_weights", ours?.weightedCount, weight, tolerance: estimateTolerance)
      }
      if let freedom = group["df_domain"]?.number, !freedom.isNaN {
        found += difference("\(name) df_domain", ours?.degreesOfFreedom, freedom)
      }
    }
    return found
  }
}
