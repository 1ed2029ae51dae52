import Foundation
import MingchaWorkflow
import SampleDrawing
import SurveyData
import SurveyDesign
import SurveyEstimation
import SurveySimulation
import TabularFiles

/// The bundled survey, drawn and answered in memory: a round takes the way a user's round takes.
struct BundledSurvey {
  let survey: SurveyFile
  let counties: Table
  let villages: Table

  init() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Surveys/inner-mongolia-2018")
    let file = folder.appendingPathComponent("survey.yaml")
    survey = try SurveyFile.read(try String(contentsOf: file, encoding: .utf8), file: "survey.yaml")
    counties = try readTable(path: folder.appendingPathComponent("frame/counties.csv").path).table
    villages = try readTable(path: folder.appendingPathComponent("frame/villages.csv").path).table
  }

  /// One round with a truth of its own.
  func round(_ number: Int) throws -> SimulatedRound {
    let population = try Population(
      model: .innerMongolia2018,
      seed: "coverage \(number)",
      counties: counties,
      villages: villages
    )
    let group = "coverage/households"
    let seed = try Seed(declared: "coverage \(number)", weakReason: "simulation")
    guard let definition = survey.draw("households"), let responses = survey.responses else {
      throw InputRefusal(Finding("survey", message: LocalizedText("no draw"), fix: LocalizedText("")))
    }
    var plans: [(plan: StagePlan, frame: Table)] = []
    let frames = [
      try kept(counties, "counties"), try kept(population.synthesize(villages: villages), "villages"),
    ]
    for (stage, frame) in zip(definition.stages, frames) { plans.append((stage.plan, frame)) }
    let upper = try SampleDrawing.draw(stages: plans, seed: seed, group: group)
    let drawnVillages = upper.stages[1].cells.flatMap { $0.selected.map(\.id) }
    plans.append((definition.stages[2].plan, try population.register(ofVillages: drawnVillages)))
    let draw = try SampleDrawing.draw(stages: plans, seed: seed, group: group)
    let list = DrawnList.table(of: draw, frames: plans.map(\.frame))
    let listed = zip(definition.stages, ["code", "villages_code", "synthetic_household"]).map {
      ListedStage(name: $0.plan.name, id: list[$1] == nil ? "code" : $1)
    }
    var estimates: [Estimate] = []
    var correlations: [PooledCorrelation] = []
    for (unit, stage) in [("household", 2), ("village", 1)] {
      let ids = try list.column(listed[stage].id)
      let answers =
        stage == 2
        ? try population.answers(ofHouseholds: ids) : try population.answers(ofVillages: distinct(ids))
      let field = try fieldworkTable(
        list: list,
        stages: listed,
        unitStage: stage,
        responses: answers,
        responseID: unit,
        outcome: responses.outcome,
        groupColumn: nil,
        lonelyUnits: survey.estimate.lonelyUnits
      )
      let request = EstimationRequest(
        indicators: survey.indicators.filter { $0.unit == unit }.map(\.indicator),
        domains: [[], ["league_code"], ["county_code"]].filter { set in
          set.allSatisfy { field.table[$0] != nil }
        },
        level: 0.95,
        domainVariance: survey.estimate.domainVariance,
        domainFreedom: survey.estimate.domainFreedom,
        deff: nil,
        plannedCorrelation: survey.estimate.plannedCorrelation,
        dropsMissing: true,
        covariances: false
      )
      let estimation = try estimate(field.table, design: field.design, request: request)
      estimates += estimation.estimates
      correlations += estimation.correlations
    }
    return SimulatedRound(truth: population.truth(), estimates: estimates, correlations: correlations)
  }

  private func kept(_ table: Table, _ frame: String) throws -> Table {
    guard let keep = survey.frame(frame)?.keep else { return table }
    let mask = try keep.mask(over: table)
    return table.rows(mask.indices.filter { mask[$0] })
  }

  private func distinct(_ column: Column) -> Column {
    var seen = Set<String>()
    return Column(
      column.name,
      texts: (0..<column.rowCount).compactMap { column.text(at: $0) }.filter { seen.insert($0).inserted }
    )
  }
}

/// The estimates of one round beside the truth that they are about.
struct SimulatedRound: Sendable {
  let truth: Truth
  let estimates: [Estimate]
  let correlations: [PooledCorrelation]

  /// The true value behind an estimate; `nil` where nobody is eligible.
  func trueValue(of estimate: Estimate) -> Double? {
    guard let indicator = TrueIndicator(rawValue: estimate.indicator) else { return nil }
    guard let domain = estimate.domain.first else { return truth.region.rate(indicator) }
    let areas = domain.variable == "league_code" ? truth.leagues : truth.counties
    return areas.first { $0.code == domain.value }?.counts.rate(indicator)
  }
}
