internal import SurveyData
internal import SurveyEstimation

extension CaseContext {
  private func compare(
    _ ours: [(key: String, value: Double?)],
    tolerance: Double,
    floor: Double = 0
  ) -> Comparison {
    ours.compared { entry in
      let number = expected[entry.key]?.number ?? expected[entry.key]?.numbers.first
      guard let number else { return [] }
      return difference(
        entry.key,
        entry.value,
        number,
        tolerance: widened(tolerance),
        floor: floor
      )
    }
  }

  /// Checks a test of independence in a two-way table.
  func checkAssociation() throws -> Comparison {
    let name = try text("statistic")
    guard let statistic = AssociationStatistic(rawValue: name) else { throw Unsupported("chisq \(name)") }
    let sample = try SurveySample(data.table, design: design.sample)
    let test = try sample.associationTest(try text("row"), try text("col"), statistic: statistic)
    var found = compare([("statistic", test.statistic)], tolerance: Tolerance.test)
    for (place, number) in (expected["parameter"]?.numbers ?? []).enumerated() {
      let value = place < test.degreesOfFreedom.count ? test.degreesOfFreedom[place] : nil
      found += difference("parameter \(place + 1)", value, number, tolerance: widened(Tolerance.test))
    }
    let isApproximate = statistic == .saddlepoint
    found += compare(
      [("p_value", test.pValue)],
      tolerance: isApproximate ? Tolerance.saddlepoint : Tolerance.test,
      floor: 1e-300
    )
    let observed = (expected["observed"]?.list ?? []).map(\.numbers)
    // R's table of a replicate design shares out the weight of rows that lack a value.
    var scale = 1.0
    if sample.replicateTable != nil {
      scale = observed.joined().reduce(0, +) / test.table.joined().reduce(0, +)
    }
    for (row, values) in observed.enumerated() {
      for (column, number) in values.enumerated() {
        let value = test.table[row][column] * scale
        found += difference("cell \(row + 1), \(column + 1)", value, number, tolerance: estimateTolerance)
      }
    }
    return found
  }

  /// Checks a t test of one mean or of two.
  func checkMeans() throws -> Comparison {
    let sample = try SurveySample(data.table, design: design.sample)
    let response = Expression(column: try text("response"))
    let test: ComparisonTest
    if let group = spec["group"]?.text {
      test = try sample.differenceTest(response, between: Expression(column: group), filter: try filter())
    } else {
      test = try sample.meanTest(response, against: spec["mu"]?.number ?? 0, filter: try filter())
    }
    return compare(
      [
        ("t", test.statistic), ("p_value", test.pValue), ("difference", test.difference), ("ci_lower", test.lower),
        ("ci_upper", test.upper), ("df", Double(test.degreesOfFreedom)),
      ],
      tolerance: Tolerance.test,
      floor: 1e-14
    )
  }

  /// Checks a test of ranks.
  func checkRanks() throws -> Comparison {
    let name = try text("test")
    guard let score = RankScore(rawValue: name) else { throw Unsupported("ranktest \(name)") }
    let sample = try SurveySample(data.table, design: design.sample)
    let test = try sample.rankTest(
      Expression(column: try text("response")),
      between: Expression(column: try text("group")),
      score: score,
      filter: try filter()
    )
    return compare(
      [
        ("statistic", test.statistic), ("p_value", test.pValue), ("estimate", test.difference),
        ("df", Double(test.degreesOfFreedom)),
      ],
      tolerance: Tolerance.test
    )
  }

  /// Checks a regression.
  func checkRegression() throws -> Comparison {
    let families: [String: RegressionFamily] = [
      "quasibinomial": .logistic, "gaussian": .linear, "quasipoisson": .poisson,
    ]
    let name = try text("family")
    guard let family = families[name] else { throw Unsupported("glm \(name)") }
    let sample = try SurveySample(data.table, design: design.sample)
    let model = try sample.regression(
      Expression(column: try text("response")),
      on: try texts("terms").map { Expression(column: $0) },
      family: family,
      filter: try filter()
    )
    var found: Comparison = []
    func compare(_ key: String, _ values: [Double], tolerance: Double = Tolerance.regressionError) {
      let tolerance = widened(tolerance)
      for (place, number) in (expected[key]?.numbers ?? []).enumerated() where place < values.count {
        found += difference("\(key) \(place + 1)", values[place], number, tolerance: tolerance)
      }
    }
    compare("estimate", model.coefficients.map(\.estimate), tolerance: Tolerance.regression)
    compare("se", model.coefficients.map(\.standardError))
    compare("t", model.coefficients.map(\.statistic))
    for (place, number) in (expected["p_value"]?.numbers ?? []).enumerated() where place < model.coefficients.count {
      let own = model.coefficients[place]
      // A probability moves by up to t² + 1 times what the statistic moves.
      let tolerance = widened(Tolerance.regressionError) * (own.statistic * own.statistic + 1)
      found += difference("p_value \(place + 1)", own.pValue, number, tolerance: tolerance)
    }
    for (key, limits) in [("ci_lower", model.coefficients.map(\.lower)), ("ci_upper", model.coefficients.map(\.upper))]
    {
      for (place, number) in (expected[key]?.numbers ?? []).enumerated() where place < limits.count {
        // A limit near 0 is a difference of larger numbers.
        let floor = widened(Tolerance.regressionError) * model.coefficients[place].standardError
        found += difference(
          "\(key) \(place + 1)",
          limits[place],
          number,
          tolerance: widened(Tolerance.regressionError),
          floor: floor
        )
      }
    }
    for (row, values) in (expected["vcov"]?.list ?? []).enumerated() {
      for (column, number) in values.numbers.enumerated() {
        let errors = model.coefficients[row].standardError * model.coefficients[column].standardError
        found += difference(
          "vcov \(row + 1), \(column + 1)",
          model.covariance[row][column],
          number,
          tolerance: widened(Tolerance.regressionError),
          floor: widened(Tolerance.regressionError) * errors
        )
      }
    }
    found += difference("df_residual", model.residualDegreesOfFreedom, expected["df_residual"]?.number ?? .nan)
    found += difference("ci_df", model.designDegreesOfFreedom, expected["ci_df"]?.number ?? .nan)
    // Of a replicate design R's dispersion is the sum of squares.
    let squares = model.dispersion * (sample.replicateTable == nil ? 1 : Double(model.rows - 1))
    for (key, value) in [("dispersion", squares), ("pearson_variance", model.dispersion)] {
      guard let number = expected[key]?.number else { continue }
      found += difference(key, value, number, tolerance: widened(Tolerance.regression))
    }
    return found
  }
}
