package import SurveyData
package import SurveyDesign

/// The columns that a file must have: whether each is wanted as text (codes) or as a number.
package struct ColumnNeeds: Sendable {
  package var texts: [String] = []
  package var numbers: [String] = []

  package init() {}

  /// What a sample whose rows are kept reads: its design, weights, adjustments and indicators.
  package init(_ request: EstimationRequest, design: SampleDesign) {
    add(KeyLayout(design, domains: request.domains))
    add(design.weights)
    for case .column(let name)? in design.stages.map(\.order) { numbers.append(name) }
    for plan in request.indicators.map({ IndicatorPlan($0) }) {
      if let column = plan.levelColumn { texts.append(column) }
      for expression in plan.quantities { add(expression) }
      if let filter = plan.indicator.filter { add(filter) }
    }
    if let phase = design.secondPhase {
      numbers.append(phase.subset)
      for stage in phase.stages {
        texts += stage.strata
        if case .column(let name) = stage.unit { texts.append(name) }
      }
    }
    for adjustment in design.adjustments {
      switch adjustment {
      case .postStratification(let spec): texts += spec.columns
      case .raking(let margins): texts += margins.flatMap(\.columns)
      case .calibration(let spec): for term in spec.terms { add(term) }
      case .unknownEligibility(let spec): texts += [spec.outcome.column] + spec.classes
      case .nonresponse(let spec):
        texts.append(spec.outcome.column)
        switch spec.method {
        case .classes(let names): texts += names
        case .propensity(let terms, _): for term in terms { add(term) }
        }
      case .trimming, .replication: break
      }
    }
  }

  package mutating func add(_ expression: Expression) {
    let asNumbers = expression.numberColumns
    numbers += asNumbers
    texts += expression.columns.filter { !asNumbers.contains($0) }
  }

  mutating func add(_ layout: KeyLayout) {
    texts += layout.columns
    numbers += layout.stages.compactMap(\.population)
  }

  mutating func add(_ weights: SampleDesign.Weights) {
    switch weights {
    case .expression(let weight), .inverse(let weight): add(weight)
    case .populationSizes, .equal: break
    }
  }

  /// Each column once; one wanted as both is text, of which numbers can be made.
  package var columns: [(name: String, isNumber: Bool)] {
    var seen = Set<String>()
    let isText = Set(texts)
    return (texts + numbers).filter { seen.insert($0).inserted }.map { ($0, !isText.contains($0)) }
  }
}
