public import SurveyData

extension FigureFunction {
  /// A rate corrected for the errors of the judgement behind it: p = (a + Sp − 1) / (Se + Sp − 1).
  ///
  /// The variance is V(a)/J², J = Se + Sp − 1; with estimated accuracy that of Se and Sp is added. The estimate may leave
  /// 0…1 where the apparent rate contradicts the accuracy. Source: Rogan and Gladen (1978), Amer. J. Epidemiol. 107.
  /// - Parameters:
  ///   - rate: the name of the apparent rate among the estimates.
  ///   - accuracy: of the judgement.
  /// - Returns: a function named `corrected(rate)`.
  /// - Throws: a refusal where the accuracy is no share, no better than chance, or estimated from no row.
  public static func corrected(
    _ rate: String,
    by accuracy: JudgementAccuracy
  ) throws(InputRefusal) -> FigureFunction {
    let (sensitivity, specificity) = (accuracy.sensitivity, accuracy.specificity)
    guard (0...1).contains(sensitivity), (0...1).contains(specificity), accuracy.index > 1e-9 else {
      throw InputRefusal(
        Finding(
          "accuracy-range",
          value: "\(shortest(sensitivity)) + \(shortest(specificity))",
          message: LocalizedText(
            zh: "灵敏度与特异度应在 0 与 1 之间，其和大于 1。",
            en: "sensitivity and specificity lie between 0 and 1, with a sum above 1."
          ),
          fix: LocalizedText(zh: "90% 写作 0.9。", en: "Write 0.9 for 90 %.")
        )
      )
    }
    let rows = [accuracy.sensitivityRows, accuracy.specificityRows].compactMap { $0 }
    if let few = rows.first(where: { $0 < 1 }) {
      throw InputRefusal(
        Finding(
          "accuracy-rows",
          value: "\(few)",
          message: LocalizedText(
            zh: "准确度所依据的行数应为正整数。",
            en: "the rows that an accuracy was estimated from are a whole number above 0."
          ),
          fix: LocalizedText(zh: "视为已知时请不要给出行数。", en: "Leave them out where the accuracy is taken as known.")
        )
      )
    }
    let (first, second) = (shortest(sensitivity), shortest(specificity))
    let formula = try FigureFormula(parsing: "(`\(rate)` + \(second) - 1) / (\(first) + \(second) - 1)")
    var function = FigureFunction(key: "corrected(\(rate))", formula: formula)
    function.isRate = true
    if accuracy.sensitivityRows != nil || accuracy.specificityRows != nil {
      function.furtherVariance = { accuracy.variance(at: $0) }
    }
    return function
  }

  /// The composite poverty incidence (综合贫困发生率): (R + r_w E + r_m U) / P, with the covariance of both rates.
  ///
  /// - Parameters:
  ///   - wrongExit: the name of the rate of wrong exit r_w among the estimates.
  ///   - omission: the name of the rate of omission r_m.
  ///   - register: the counts R, E, U and P.
  /// - Returns: a function named `composite(wrongExit, omission)`.
  /// - Throws: a refusal where the counts contradict each other.
  public static func composite(
    wrongExit: String,
    omission: String,
    register: CompositeIncidence.Register
  ) throws(InputRefusal) -> FigureFunction {
    guard register.isConsistent else {
      let counts = [register.remaining, register.exited, register.unregistered, register.ruralPopulation]
      throw InputRefusal(
        Finding(
          "register-counts",
          value: counts.map { shortest($0) }.joined(separator: ", "),
          message: LocalizedText(
            zh: "均不为负，前三项之和不超过农村人口。",
            en: "none is negative, and the first three are no more than the rural population."
          ),
          fix: LocalizedText(zh: "请核对各项人数。", en: "Check the counts.")
        )
      )
    }
    let formula = try register.formula(wrongExit: wrongExit, omission: omission)
    var function = FigureFunction(key: "composite(\(wrongExit), \(omission))", formula: formula)
    function.isRate = true
    function.isOfWholeOnly = true
    return function
  }
}

extension CompositeIncidence.Register {
  /// (R + E r_w + U r_m) / P of two estimated rates.
  ///
  /// - Throws: a refusal for names that no formula can hold.
  package func formula(wrongExit: String, omission: String) throws(InputRefusal) -> FigureFormula {
    let numbers = [remaining, exited, unregistered, ruralPopulation].map { shortest($0) }
    return try FigureFormula(
      parsing: "(\(numbers[0]) + \(numbers[1]) * `\(wrongExit)` + \(numbers[2]) * `\(omission)`) / \(numbers[3])"
    )
  }
}
