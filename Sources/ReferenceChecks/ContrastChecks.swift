internal import SurveyEstimation

extension CaseContext {
  /// Checks a function of several estimates, whose variance comes from their covariances.
  mutating func checkContrast() throws -> Comparison {
    let quantities = try Quantities(try text("stat"), &self)
    let estimation = try estimation(quantities.indicators, covariances: true)
    let figures = FigureIndex(estimation)
    if expectsRefusal { return try unrefused(quantities.keys.map { figures[$0] }) }
    let values = quantities.keys.map { figures[$0]?.estimate ?? .nan }
    let value: (value: Double, gradient: [Double])
    if let source = spec["expression"]?.text {
      let formula = try FigureFormula(parsing: source)
      let places = try formula.names.map { name in
        // R names the level of a factor without a sign between.
        let place = quantities.keys.firstIndex {
          $0 == name.key || $0.replacing("=", with: "", maxReplacements: 1) == name.key
        }
        guard let place else { throw Unsupported("contrast formula") }
        return place
      }
      let (result, slopes) = formula.value(at: places.map { values[$0] })
      var gradient = [Double](repeating: 0, count: values.count)
      for (place, slope) in zip(places, slopes) { gradient[place] += slope }
      value = (result, gradient)
    } else {
      let coefficients = spec["coefficients"]?.numbers ?? []
      guard coefficients.count == values.count else {
        throw brokenReference("a contrast needs one coefficient a figure")
      }
      value = (zip(coefficients, values).map(*).reduce(0, +), coefficients)
    }
    let freedom = figures[Self.rowsKey]?.degreesOfFreedom
    let variance = variance(value.gradient, estimation.covariances.first, quantities.keys)
    let limits = variance.flatMap { variance in
      studentLimits(
        estimate: value.value,
        variance: variance,
        degreesOfFreedom: Double(freedom ?? 0),
        level: level
      )
    }
    var found = freedomDifference(figures)
    let floor = errorFloor(of: value.value)
    func compare(_ key: String, _ ours: Double?, tolerance: Double) {
      guard let number = expected[key]?.number else { return }
      found += difference(
        key,
        ours,
        number,
        tolerance: tolerance,
        floor: floor
      )
    }
    compare("estimate", value.value.isNaN ? nil : value.value, tolerance: estimateTolerance)
    compare("se", variance?.squareRoot(), tolerance: errorTolerance)
    compare("ci_lower", limits?.lower, tolerance: errorTolerance)
    compare("ci_upper", limits?.upper, tolerance: errorTolerance)
    return found
  }

  /// g′ V g; `nil` where a covariance is missing.
  private func variance(_ gradient: [Double], _ matrix: CovarianceMatrix?, _ keys: [String]) -> Double? {
    guard let matrix else { return nil }
    let places = keys.compactMap { matrix.names.firstIndex(of: $0) }
    guard places.count == keys.count else { return nil }
    var sum = 0.0
    for (row, first) in places.enumerated() {
      for (column, second) in places.enumerated() {
        sum += gradient[row] * gradient[column] * matrix.values[first][second]
      }
    }
    return max(0, sum)
  }
}
