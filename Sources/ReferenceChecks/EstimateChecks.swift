internal import SurveyEstimation

extension CaseContext {
  /// Checks a case of mean, total, ratio or variance.
  mutating func checkEstimates(_ statistic: String) throws -> Comparison {
    let quantities = try Quantities(statistic, &self)
    let estimation = try estimation(quantities.indicators, covariances: expected["vcov"] != nil)
    let figures = FigureIndex(estimation)
    if expectsRefusal { return try unrefused(quantities.keys.map { figures[$0] }) }
    var found = namesDifference(quantities.keys)
    let check = FigureCheck(self, expected: expected)
    for (place, key) in quantities.keys.enumerated() { found += check.differences(key, place, figures[key]) }
    found += freedomDifference(figures)
    if let expectedMatrix = expected["vcov"], let matrix = estimation.covariances.first {
      found += covarianceDifferences(
        matrix,
        quantities.keys,
        expectedMatrix,
        estimates: quantities.keys.map { figures[$0]?.estimate }
      )
    }
    return found
  }

  func checkFreedom() throws -> Comparison {
    let figures = FigureIndex(try estimation([]))
    if expected["df"] == nil { return try answered(["df: answered where R has none"]) }
    return freedomDifference(figures)
  }

  /// Degrees of freedom of the design (within the case's domain), unless the case names its own.
  func freedomDifference(_ figures: FigureIndex) -> Comparison {
    guard let freedom = expected["df"]?.number, spec["df"] == nil else { return [] }
    return difference("df", figures[Self.rowsKey]?.degreesOfFreedom, freedom)
  }

  func namesDifference(_ keys: [String]) -> Comparison {
    guard let names = expected["names"]?.texts, names != keys else { return [] }
    return ["names: got \(keys), expected \(names)"]
  }

  /// What is wrong when figures come where a refusal should: nothing if every figure is missing for a reason.
  func unrefused(_ figures: [Estimate?]) throws -> Comparison {
    try answered(
      figures.compactMap { figure in
        guard let figure, figure.indicator != Self.rowsKey else { return nil }
        if figure.estimate == nil || figure.standardError == nil, figure.reason != nil { return nil }
        if figure.isProportion, let interval = figure.interval, isExactBound(interval, figure.estimate) { return nil }
        let reason = expected["error"]?.text ?? "expect_error"
        return "\(figure.indicator): answered where a refusal is expected (\(reason))"
      }
    )
  }

  /// Where the case does not say that an error is right, R's is a fault of R: there is nothing to compare with.
  func answered(_ differences: [String]) throws -> Comparison {
    let isMarked = spec["expect_error"]?.isTrue ?? false
    if !differences.isEmpty, expected["error"] != nil, !isMarked { throw Unsupported("no figures of R, which stopped") }
    return Comparison(differences: differences, figures: 1)
  }

  /// Compares covariances in the order of `keys`.
  ///
  /// One that is 0 in theory comes out as a rounding error of the product of the standard errors.
  ///
  /// - Parameter estimates: of the keys, for those whose variance is 0 in theory.
  func covarianceDifferences(
    _ matrix: CovarianceMatrix,
    _ keys: [String],
    _ expected: JSONValue,
    estimates: [Double?]
  ) -> Comparison {
    let rows = expected.list.map(\.numbers)
    guard rows.count == keys.count, rows.allSatisfy({ $0.count == keys.count }) else {
      return ["vcov: \(rows.count) rows for \(keys.count) figures"]
    }
    var place: [String: Int] = [:]
    for (index, name) in matrix.names.enumerated() { place[name] = index }
    var found: Comparison = []
    for (row, first) in keys.enumerated() {
      for (column, second) in keys.enumerated() {
        let ours = place[first].flatMap { row in place[second].map { matrix.values[row][$0] } }
        // A figure of R's where ours is rightly missing was compared with the estimate already.
        guard let ours else { continue }
        let floors = (errorFloor(of: estimates[row]), errorFloor(of: estimates[column]))
        let errors = (abs(rows[row][row]).squareRoot(), abs(rows[column][column]).squareRoot())
        let scale = 1e-12 * errors.0 * errors.1 + errors.0 * floors.1 + errors.1 * floors.0 + floors.0 * floors.1
        found += difference(
          "vcov \(first), \(second)",
          ours,
          rows[row][column],
          tolerance: errorTolerance,
          floor: (scale.isNaN ? 0 : scale) + 1e-24
        )
      }
    }
    return found
  }
}

/// Whether limits are those of an exact-type method at 0 or 1: closed on that side, open to the other.
func isExactBound(_ interval: Interval, _ estimate: Double?) -> Bool {
  if estimate == 0 { return interval.lower == 0 && interval.upper > 0 && interval.upper < 1 }
  if estimate == 1 { return interval.upper == 1 && interval.lower > 0 && interval.lower < 1 }
  return false
}
