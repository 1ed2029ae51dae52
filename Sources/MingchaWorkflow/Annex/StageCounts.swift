internal import SurveyData
internal import SurveyDesign

/// How many units a stage had, drew and holds in reserve, counted in the list of the draw.
///
/// The population is that of the strata that were drawn from: below the first stage, those of selected units.
struct StageCounts {
  private(set) var population: Int?
  private(set) var sample: Int?
  private(set) var reserves: Int?

  init(_ drawn: DrawnSample, stage: Int) {
    let stages = drawn.stages
    let name = stages[stage].name
    guard let strata = drawn.list["\(name)_stratum"], let ids = drawn.list[stages[stage].id],
      let sizes = try? Expression(column: "\(name)_population").numbers(over: drawn.list),
      let counts = try? Expression(column: "\(name)_sample").numbers(over: drawn.list)
    else { return }
    let parents = stage > 0 ? drawn.list[stages[stage - 1].id] : nil
    var cells = Set<[String]>()
    var units = Set<String>()
    var populationSum = 0.0
    var sampleSum = 0.0
    for row in 0..<drawn.list.rowCount {
      guard let id = ids.text(at: row), !sizes[row].isNaN else { continue }
      units.insert(id)
      let cell = [parents?.text(at: row) ?? "", strata.text(at: row) ?? ""]
      guard cells.insert(cell).inserted else { continue }
      populationSum += sizes[row]
      sampleSum += counts[row].isNaN ? 0 : counts[row]
    }
    population = Int(populationSum)
    sample = Int(sampleSum)
    reserves = max(0, units.count - Int(sampleSum))
  }
}
