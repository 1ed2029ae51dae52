internal import FieldChecks
internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

extension CheckLoader {
  /// The columns that the survey file itself uses, by source.
  ///
  /// - Parameter answered: the draw that the answers belong to; what its list has, the answers need not have.
  /// - Returns: names, whether each is read as a number, and what uses it.
  func declaredColumns(_ answered: String?) -> [String: [DeclaredColumn]] {
    let survey = surveyFile
    var declared = [String: [DeclaredColumn]]()
    func add(_ source: String, _ names: [String], isNumber: Bool = false, user: String) {
      declared[source, default: []] += names.map { DeclaredColumn($0, isNumber: isNumber, user: user) }
    }
    func add(_ source: String, _ expression: Expression, user: String) {
      let numbers = expression.numberColumns
      add(source, numbers, isNumber: true, user: user)
      add(source, expression.columns.filter { !numbers.contains($0) }, user: user)
    }
    for frame in survey.frames {
      let source = survey.checkName(ofFrame: frame.name)
      add(source, [frame.id] + (frame.parent.map { [$0] } ?? []), user: "frames.\(frame.name)")
      if let keep = frame.keep { add(source, keep, user: "frames.\(frame.name).keep") }
    }
    for draw in survey.draws {
      for stage in draw.stages {
        let plan = stage.plan
        let user = "draws.\(draw.name)"
        let frame = survey.checkName(ofFrame: stage.frame)
        add(frame, plan.strata + plan.sort.filter { !$0.numeric }.map(\.column), user: user)
        add(
          frame,
          plan.measures + (plan.size.map { [$0] } ?? []) + plan.sort.filter(\.numeric).map(\.column),
          isNumber: true,
          user: user
        )
        if let text = plan.mustInclude, let expression = try? Expression(parsing: text) {
          add(frame, expression, user: user)
        }
      }
    }
    guard let responses = survey.responses else { return declared }
    let list = answered.flatMap { name in draws.first { $0.name == name } }?.listColumns ?? []
    for source in responses.sources {
      let user = "responses.\(source.name)"
      add(source.name, (source.id.map { [$0] } ?? []), user: user)
      if let outcome = responses.outcome { add(source.name, [outcome.column], user: "responses.outcome") }
      if case .columns(let design) = responses.design {
        addDesign(design, add: { add(source.name, $0, isNumber: $1, user: "responses.design") })
      }
      let own = survey.indicators.filter { responses.source(ofUnit: $0.unit) == source }
      let there = tableColumns(of: source.name)
      for indicator in own {
        for column in Self.needs(of: indicator.indicator)
        where there.contains(column.name) || (!list.contains(column.name) && column.name != "verdict") {
          add(source.name, [column.name], isNumber: column.isNumber, user: "indicators.\(indicator.indicator.key)")
        }
      }
    }
    return declared
  }

  private func addDesign(_ design: DirectDesign, add: ([String], Bool) -> Void) {
    for stage in design.stages {
      add(stage.strata, false)
      if case .column(let name) = stage.unit { add([name], false) }
      if let size = stage.populationSize { add([size], true) }
    }
    if case .expression(let weight) = design.weights { add(weight.columns, true) }
  }

  /// The columns of one indicator, and whether each is read as a number.
  private static func needs(of indicator: Indicator) -> [(name: String, isNumber: Bool)] {
    let request = EstimationRequest(
      indicators: [indicator],
      domains: [[]],
      level: 0.95,
      domainVariance: .withinUnit,
      domainFreedom: .domain,
      deff: nil,
      plannedCorrelation: 0,
      dropsMissing: false,
      covariances: false
    )
    let design = SampleDesign(
      stages: [SampleDesign.Stage(strata: [], unit: .row, populationSize: nil)],
      weights: .equal,
      lonelyUnits: .fail,
      adjustsLonelyDomains: false,
      unitsNestedInStrata: false
    )
    return ColumnNeeds(request, design: design).columns
  }
}
