internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign

/// The allowed excess of a mean deviation over the reference's: 4.5 standard errors of the difference between
/// two simulations of the same length, each about as variable as ours.
private let allowedErrors = 4.5
/// The reference's own bound on inclusion counts: standard errors of the unit that is farthest off.
private let allowedCountError = 4.0

/// Draws balanced samples again and again and compares them with the levels of a reference simulation.
///
/// Random algorithms have no golden draw: every sample must have n units and meet the total of the sizes, the mean
/// absolute relative deviation of every other column must be no worse than the reference's, and units must be
/// taken as often as their probability says.
func checkCube(_ input: JSONValue, _ expected: JSONValue, data: ReferenceTable) throws -> Comparison {
  let columns = input["balance"]?.texts ?? []
  guard let replays = input["simulations"]?.number.flatMap({ Int(exactly: $0) }), replays > 1, !columns.isEmpty,
    case .numbers(let inclusion)? = data.table["pik"]?.numbers(),
    let levels = expected["mean_abs_relative_deviation"]?.numbers,
    let names = expected["columns"]?.texts, levels.count == names.count
  else { throw brokenReference("the case lacks balancing columns, simulations, pik or levels") }
  var sum = 0.0
  for probability in inclusion { sum += probability }
  let sample = Int(sum.rounded())
  let plan = StagePlan(name: "unit", id: "id", method: "cube", take: .count(sample), size: "size", balance: columns)

  var found: Comparison = []
  var counts = [Int](repeating: 0, count: inclusion.count)
  var deviations = [[Double]](repeating: [], count: columns.count)
  for replay in 0..<replays {
    let key = try DrawKey(seed: "cube \(replay)", group: "reference/cube", stage: "unit")
    let stage = try drawStage(plan, frame: data.table, key: key)
    for (column, check) in stage.balance.enumerated() {
      deviations[column].append(abs(check.relativeDeviation ?? .nan))
    }
    for cell in stage.cells {
      found += holds(cell.sampleSize == sample, "replay \(replay): n is \(cell.sampleSize), not \(sample)")
      for unit in cell.selected {
        counts[unit.frameRow] += 1
        let stated = inclusion[unit.frameRow]
        found += difference("pik of \(unit.id)", unit.inclusionProbability, stated, tolerance: Tolerance.joint)
      }
    }
  }
  for (column, name) in columns.enumerated() {
    guard let place = names.firstIndex(of: name) else { throw brokenReference("no level of \(name)") }
    let excess = meanExcess(deviations[column], over: levels[place])
    found += holds(
      excess.value <= max(allowedErrors * excess.standardError, Tolerance.joint),
      "deviation of \(name): \(levels[place] + excess.value), the reference has \(levels[place])"
    )
  }
  for (unit, probability) in inclusion.enumerated() where probability < 1 {
    let mean = Double(replays) * probability
    let error = (Double(counts[unit]) - mean) / (mean * (1 - probability)).squareRoot()
    found += holds(
      abs(error) <= allowedCountError,
      "unit \(unit + 1): taken \(counts[unit]) times, \(mean) expected (\(error) standard errors)"
    )
  }
  return found
}

private func holds(_ condition: Bool, _ failure: @autoclosure () -> String) -> Comparison {
  condition ? .agreement : .difference(failure())
}

/// How far a mean lies over a level that comes from as many values, and the standard error of that.
private func meanExcess(_ values: [Double], over level: Double) -> (value: Double, standardError: Double) {
  let count = Double(values.count)
  let mean = values.reduce(0, +) / count
  let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
  return (mean - level, (2 * variance / count).squareRoot())
}
