package import SurveyData
package import SurveyDesign
package import SurveyEstimation

/// A rate of the survey file that is made of other knowledge besides answers: the register, the accuracy of the judgement,
/// a second judgement of a part.
///
/// `composite: {wrong-exit: INDICATOR, omission: INDICATOR, register: FILE or {remaining:, exited:, unregistered:,
/// population:}}`; `corrected: {of: INDICATOR, sensitivity:, specificity:, sensitivity-rows:, specificity-rows:}`;
/// `double-sampling: {second: EXPRESSION, first: EXPRESSION, second-phase: COLUMN, method:}`.
package struct SurveyRate: Sendable {
  package enum Kind: Sendable {
    /// Its register's path is relative to the survey folder.
    case composite(CompositeRequest)
    case corrected(FigureFunction, of: String)
    case doubleSampling(DoubleSamplingRequest, SecondPhase)
  }

  package var key: String
  package var name: LocalizedText
  package var kind: Kind
  /// The source of answers it is about; see `ResponseDefinition.source(ofUnit:)`.
  package var unit: String?
  package var limit: Limit?
  /// Where the survey file says so.
  package var row: Int?

  /// The indicators that it is made of.
  package var parts: [String] {
    switch kind {
    case .composite(let request): [request.wrongExit, request.omission]
    case .corrected(_, let name): [name]
    case .doubleSampling: []
    }
  }
}

extension SurveyFile {
  /// What makes an indicator a rate of this kind.
  static let rateStatistics = ["composite", "corrected", "double-sampling"]

  static func rates(
    _ root: YAMLMapping,
    indicators: [SurveyIndicator],
    responses: ResponseDefinition?,
    problems: inout [Finding]
  ) -> [SurveyRate] {
    // What is wrong with the mapping itself was told when the indicators were read.
    var told = [Finding]()
    guard let node = root.mapping("indicators", problems: &told) else { return [] }
    return node.keys.compactMap { key in
      guard let own = node.mapping(key, problems: &told) else { return nil }
      let kinds = rateStatistics.filter { own.has($0) }
      guard kinds.count == 1 else { return nil }
      own.check(
        keys: kinds + ["limit", "name"] + (kinds == ["double-sampling"] ? ["where", "unit"] : []),
        problems: &problems
      )
      let reader = RateReader(key: key, indicators: indicators, responses: responses)
      let limit = limit(own, problems: &problems)
      let kind: SurveyRate.Kind? =
        switch kinds[0] {
        case "composite": reader.composite(own, limit: limit, problems: &problems)
        case "corrected": reader.corrected(own, limit: limit, problems: &problems)
        default: reader.doubleSampling(own, problems: &problems)
        }
      let name = own.localized("name", problems: &problems) ?? LocalizedText(key)
      guard let kind else { return nil }
      var rate = SurveyRate(key: key, name: name, kind: kind, limit: limit)
      rate.row = own.problem("", key: kinds[0], message: LocalizedText(""), fix: LocalizedText("")).row
      rate.unit = own.text("unit", problems: &problems)
      if let part = rate.parts.first { rate.unit = indicators.first { $0.indicator.key == part }?.unit }
      if let responses, responses.source(ofUnit: rate.unit) == nil {
        let names = responses.sources.flatMap { [$0.name] + ($0.id.map { [$0] } ?? []) }
        if let unit = rate.unit, own.has("unit") {
          problems.append(own.unknownName("unit-unknown", key: "unit", value: unit, among: names))
        } else if rate.parts.isEmpty {
          problems.append(own.missing("unit"))
        }
      }
      return rate
    }
  }
}

/// Reads the mappings of one rate.
private struct RateReader {
  let key: String
  let indicators: [SurveyIndicator]
  let responses: ResponseDefinition?

  func composite(_ node: YAMLMapping, limit: Limit?, problems: inout [Finding]) -> SurveyRate.Kind? {
    guard let own = node.mapping("composite", problems: &problems) else { return nil }
    own.check(keys: ["wrong-exit", "omission", "register"], problems: &problems)
    let parts = ["wrong-exit", "omission"].compactMap { indicator($0, own, problems: &problems) }
    if parts.count == 2, let responses,
      responses.source(ofUnit: parts[0].unit) != responses.source(ofUnit: parts[1].unit)
    {
      problems.append(
        own.problem(
          "composite-units",
          key: "omission",
          value: parts[1].indicator.key,
          message: LocalizedText(
            zh: "两个比率来自不同的问卷，没有共同的方差。",
            en: "is of other answers than `wrong-exit`: the two have no joint variance."
          ),
          fix: LocalizedText(zh: "请用同一 unit 的两个指标。", en: "Name two indicators of one unit.")
        )
      )
    }
    guard let register = register(own, problems: &problems), parts.count == 2 else { return nil }
    return .composite(
      CompositeRequest(
        key: key,
        wrongExit: parts[0].indicator.key,
        omission: parts[1].indicator.key,
        register: register,
        limit: limit
      )
    )
  }

  private func register(_ node: YAMLMapping, problems: inout [Finding]) -> RegisterSource? {
    guard node.isMapping("register") else {
      let file = node.requiredText("register", problems: &problems)
      return file.isEmpty ? nil : .file(path: file, label: file)
    }
    guard let own = node.mapping("register", problems: &problems) else { return nil }
    own.check(keys: RegisterTotals.columns, problems: &problems)
    let counts = RegisterTotals.columns.compactMap { name -> Double? in
      if !own.has(name) { problems.append(own.missing(name)) }
      return own.number(name, problems: &problems)
    }
    guard counts.count == 4 else { return nil }
    let totals = CompositeIncidence.Register(counts)
    if totals.isConsistent { return .counts(totals) }
    problems.append(
      own.problem(
        "register-parts",
        key: "population",
        value: shortest(counts[3]),
        message: LocalizedText(
          zh: "四个人数不能为负，前三项之和不能超过农村人口。",
          en: "none of the four counts is negative, and the first three are no more than the population."
        ),
        fix: LocalizedText(zh: "请核对四个数，单位均为人。", en: "Check the four counts; all are persons.")
      )
    )
    return nil
  }

  func corrected(_ node: YAMLMapping, limit: Limit?, problems: inout [Finding]) -> SurveyRate.Kind? {
    guard let own = node.mapping("corrected", problems: &problems) else { return nil }
    own.check(
      keys: ["of", "sensitivity", "specificity", "sensitivity-rows", "specificity-rows"],
      problems: &problems
    )
    let part = indicator("of", own, problems: &problems)
    var question = RateQuestion()
    question.corrected = [part?.indicator.key ?? key]
    for name in ["sensitivity", "specificity"] where !own.has(name) { problems.append(own.missing(name)) }
    let isComplete = own.has("sensitivity") && own.has("specificity")
    question.sensitivity = own.number("sensitivity", problems: &problems)
    question.specificity = own.number("specificity", problems: &problems)
    question.sensitivityRows = own.integer("sensitivity-rows", problems: &problems)
    question.specificityRows = own.integer("specificity-rows", problems: &problems)
    guard isComplete, question.sensitivity != nil, question.specificity != nil else { return nil }
    var reader = QuestionReader(keys: [
      ("--sensitivity-rows", "sensitivity-rows"), ("--specificity-rows", "specificity-rows"),
      ("--sensitivity", "sensitivity"), ("--specificity", "specificity"), ("--corrected", "of"),
    ])
    var request = AnalysisRequest()
    question.fill(&request, &reader, filter: nil, hasSecondPhase: false)
    problems += own.placed(reader.problems)
    guard let part, var function = request.functions.first else { return nil }
    function.key = key
    function.limit = limit
    return .corrected(function, of: part.indicator.key)
  }

  func doubleSampling(_ node: YAMLMapping, problems: inout [Finding]) -> SurveyRate.Kind? {
    guard let own = node.mapping("double-sampling", problems: &problems) else { return nil }
    own.check(
      keys: ["second", "first", "second-phase", "second-strata", "second-psu", "second-variance", "method"],
      problems: &problems
    )
    for name in ["second", "first", "second-phase"] where !own.has(name) { problems.append(own.missing(name)) }
    let second = own.expression("second", problems: &problems)
    let first = own.expression("first", problems: &problems)
    let filter = node.expression("where", problems: &problems)
    var question = SecondPhaseQuestion()
    question.subset = own.text("second-phase", problems: &problems)
    question.strata = own.texts("second-strata", problems: &problems)?.joined(separator: ",")
    question.unit = own.text("second-psu", problems: &problems)
    question.variance = own.text("second-variance", problems: &problems)
    let method = own.choice("method", of: DoubleSamplingMethod.allCases, problems: &problems) ?? .regression
    guard question.subset != nil else { return nil }
    var reader = QuestionReader(
      keys: ["second-phase", "second-strata", "second-psu", "second-variance"].map { ("--" + $0, $0) }
    )
    let phase = question.phase(&reader)
    problems += own.placed(reader.problems)
    guard let second, let first, let phase else { return nil }
    var request = DoubleSamplingRequest(second: second, first: first, method: method, filter: filter)
    request.name = key
    return .doubleSampling(request, phase)
  }

  /// The indicator that a key names, if it is a rate.
  private func indicator(_ name: String, _ node: YAMLMapping, problems: inout [Finding]) -> SurveyIndicator? {
    let text = node.requiredText(name, problems: &problems)
    guard node.has(name) else { return nil }
    guard let found = indicators.first(where: { $0.indicator.key == text }) else {
      problems.append(
        node.unknownName("indicator-unknown", key: name, value: text, among: indicators.map(\.indicator.key))
      )
      return nil
    }
    switch found.indicator.statistic {
    case .mean, .ratio: return found
    case .total, .variance, .proportions:
      problems.append(
        node.problem(
          "indicator-not-rate",
          key: name,
          value: text,
          message: LocalizedText(zh: "该指标不是比率。", en: "this indicator is no rate."),
          fix: LocalizedText(zh: "请用 ratio 或 mean 的指标。", en: "Name one with `ratio` or `mean`.")
        )
      )
      return nil
    }
  }
}
