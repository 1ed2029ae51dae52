internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation
internal import SurveyReporting

/// The rates of a survey file, estimated beside its indicators.
///
/// Rates of indicators are functions of their estimates with the joint covariance of every domain; double sampling is an
/// estimation of its own in which the rows judged again are a second phase.
struct SurveyRateEstimates {
  private(set) var estimates: [Estimate] = []
  private(set) var analysis = AnalysisRequest()
  private(set) var notes: [Finding] = []
  private(set) var inputs: [AnnexDigest] = []

  private let file: String
  private let design: SampleDesign
  private let request: EstimationRequest

  /// - Parameters:
  ///   - rates: all of one source of answers.
  ///   - folder: whose survey file names them.
  ///   - table: the rows of the sample.
  ///   - request: of the indicators.
  ///   - domains: those that the indicators were estimated in.
  /// - Throws: a refusal with everything found wrong in registers and judgements.
  init(
    _ rates: [SurveyRate],
    in folder: SurveyFolder,
    table: Table,
    design: SampleDesign,
    request: EstimationRequest,
    domains: [[DomainValue]],
    workers: Int
  ) throws {
    file = folder.path + "/survey.yaml"
    self.design = design
    self.request = request
    for rate in rates {
      switch rate.kind {
      case .composite(var composite):
        if case .file(let path, let label) = composite.register {
          composite.register = .file(path: try folder.paths(of: [path])[0], label: label)
          analysis.composites.append(composite)
        } else {
          analysis.functions.append(try composite.function(nil))
        }
      case .corrected(let function, _): analysis.functions.append(function)
      case .doubleSampling(let request, _): analysis.doubleSamples.append(request)
      }
      notes.append(.formula(of: rate, file: file))
    }
    let read = try analysis.takeRegisters(for: table, domains: request.domains)
    notes += read.notes
    inputs = read.inputs
    try addFunctions(rates, table: table, workers: workers)
    for rate in rates {
      guard case .doubleSampling(let own, let phase) = rate.kind else { continue }
      try add(rate, own, phase, table: table, domains: domains)
    }
    // In the order of the survey file.
    let order = rates.map(\.key)
    estimates = order.flatMap { key in estimates.filter { $0.indicator == key } }
  }

  private mutating func addFunctions(_ rates: [SurveyRate], table: Table, workers: Int) throws(InputRefusal) {
    if analysis.functions.isEmpty { return }
    let parts = Set(rates.flatMap(\.parts))
    // Covariances of what the functions need, and of no other figure.
    var own = request
    own.indicators = request.indicators.filter { parts.contains($0.key) }
    own.covariances = true
    own.domainCorrelations = false
    own.simultaneous = nil
    let estimation = try estimate(table, design: design, request: own, workers: workers)
    var findings: [Finding] = []
    for rate in rates {
      for part in rate.parts {
        let values = estimation.estimates.filter { $0.indicator == part }.compactMap(\.estimate)
        guard let odd = values.first(where: { $0 < 0 || $0 > 1 }) else { continue }
        findings.append(.notRate(part, odd, in: rate, file: file))
      }
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    estimates += try estimation.estimates(of: analysis.functions, level: request.level)
  }

  private mutating func add(
    _ rate: SurveyRate,
    _ asked: DoubleSamplingRequest,
    _ phase: SecondPhase,
    table: Table,
    domains: [[DomainValue]]
  ) throws(InputRefusal) {
    var table = table
    var request = asked
    var phase = phase
    var marks = try Expression(column: phase.subset).numbers(over: table)
    if let dispositions = table["fieldwork_disposition"] {
      // Who is not of the population was not judged: neither again nor at first.
      let isRespondent = "fieldwork_disposition == '\(Disposition.respondent.rawValue)'"
      request.filter = try Expression(
        parsing: asked.filter.map { "(\($0.source)) and \(isRespondent)" } ?? isRespondent
      )
      // They are a stratum of their own of the second phase, and complete there: only respondents could be judged again.
      let respondents = marks.indices.map { dispositions.text(at: $0) == Disposition.respondent.rawValue }
      guard marks.indices.contains(where: { respondents[$0] && marks[$0] == 1 }) else {
        throw InputRefusal(.noSecondPhase(rate, file: file))
      }
      for row in marks.indices where !respondents[row] { marks[row] = 1 }
      phase.subset = "design_second_phase"
      table.set(Column(phase.subset, numbers: marks))
      phase.stages[0].strata.append("fieldwork_disposition")
    }
    guard marks.contains(1) else { throw InputRefusal(.noSecondPhase(rate, file: file)) }
    let firstPhase = try secondPhaseDesign(phase, table: &table)
    let sample = try SurveySample(table, design: firstPhase, by: self.request.domains)
    let second = try asked.second.numbers(over: table)
    let isRate = marks.indices.allSatisfy { marks[$0] != 1 || second[$0] == 0 || second[$0] == 1 || second[$0].isNaN }
    var failed: [String] = []
    for domain in domains {
      var found = try sample.estimate(of: request, in: domain, level: self.request.level)
      found.isProportion = isRate
      switch found.reason {
      case .firstJudgementConstant, .classNotJudgedAgain, .noSpread:
        failed.append(domain.map(\.value).joined(separator: ", "))
      default: break
      }
      if let bounds = found.oneSided { found.verdict = rate.limit?.verdict(bounds) }
      estimates.append(found)
    }
    if !failed.isEmpty { notes.append(.domainsWithoutSecondPhase(rate, failed, file: file)) }
    if !design.adjustments.isEmpty { notes.append(.designWeightsOnly(rate, file: file)) }
  }

  /// The design of the first phase as two phases have a variance for: stages of unequal chances as with replacement, a
  /// sampling fraction of next to nothing, but for strata of units that were certain.
  private func secondPhaseDesign(_ phase: SecondPhase, table: inout Table) throws(InputRefusal) -> SampleDesign {
    var own = design
    own.adjustments = []
    own.secondPhase = phase
    for (place, stage) in design.stages.enumerated() {
      own.stages[place].order = nil
      guard stage.isProportional, let name = stage.populationSize else { continue }
      let chances = try Expression(column: name).numbers(over: table)
      var keys = stage.strata
      if place > 0, case .column(let parent) = design.stages[place - 1].unit { keys.append(parent) }
      let columns = try keys.map { key throws(InputRefusal) in try table.column(key).codedText.codes }
      var isCertain: [[Int32]: Bool] = [:]
      for row in chances.indices {
        let stratum = columns.map { $0[row] }
        isCertain[stratum] = (isCertain[stratum] ?? true) && chances[row] >= 1
      }
      let fractions = chances.indices.map { row in isCertain[columns.map { $0[row] }] == true ? 1 : Self.nearlyNothing }
      let column = "design_\(place + 1)_fraction"
      table.set(Column(column, numbers: fractions))
      own.stages[place].isProportional = false
      own.stages[place].populationSize = column
    }
    return own
  }

  /// A sampling fraction that leaves the variance as with replacement to nine digits.
  private static let nearlyNothing = 1e-9
}

extension Finding {
  /// What a rate is, for whoever reads its figures.
  fileprivate static func formula(of rate: SurveyRate, file: String) -> Finding {
    let text: LocalizedText
    switch rate.kind {
    case .composite(let request):
      let formula = "(R + E·\(request.wrongExit) + U·\(request.omission)) / P"
      text = LocalizedText(
        zh: "\(rate.name.zh) = \(formula)，R、E、U、P 为建档的剩余贫困、脱贫、未建档与农村人口；方差 (E²V_w + U²V_m + 2EU·C)/P²，C 为两个比率的协方差。",
        en:
          "\(rate.name.en) = \(formula), with the register's persons remaining poor R, exited E, not registered U and the "
          + "rural population P; variance (E² V_w + U² V_m + 2 E U C)/P², C the covariance of both rates."
      )
    case .corrected(let function, let name):
      text = LocalizedText(
        zh: "\(rate.name.zh) = \(function.formula.source)，按 \(name) 与判定准确度校正（Rogan 与 Gladen，1978）。",
        en:
          "\(rate.name.en) = \(function.formula.source), \(name) corrected for the accuracy of the judgement (Rogan and "
          + "Gladen 1978)."
      )
    case .doubleSampling(let request, let phase):
      text = LocalizedText(
        zh:
          "\(rate.name.zh)：\(request.second.source) 的均值，由全部行的 \(request.first.source) 校正（双重抽样，\(request.method.rawValue)，第二阶段 \(phase.subset) = 1）。",
        en:
          "\(rate.name.en) is the mean of \(request.second.source) with the help of \(request.first.source) of all rows "
          + "(double sampling, \(request.method.rawValue), second phase \(phase.subset) = 1)."
      )
    }
    return Finding(
      "rate-formula",
      severity: .note,
      file: file,
      column: "indicators.\(rate.key)",
      message: text,
      fix: LocalizedText("")
    )
  }

  fileprivate static func notRate(_ part: String, _ value: Double, in rate: SurveyRate, file: String) -> Finding {
    Finding(
      "indicator-not-rate",
      file: file,
      row: rate.row,
      column: "indicators.\(rate.key)",
      value: part,
      message: LocalizedText(
        zh: "该指标的估计值 \(shortest(value)) 不在 0 与 1 之间，不是比率。",
        en: "this indicator is no rate: it is estimated at \(shortest(value))."
      ),
      fix: LocalizedText(zh: "请用 0 与 1 之间的指标。", en: "Name an indicator between 0 and 1.")
    )
  }

  fileprivate static func noSecondPhase(_ rate: SurveyRate, file: String) -> Finding {
    var column = "second-phase"
    if case .doubleSampling(_, let phase) = rate.kind { column = phase.subset }
    return Finding(
      "second-phase-missing",
      file: file,
      row: rate.row,
      column: "indicators.\(rate.key)",
      value: column,
      message: LocalizedText(zh: "没有一行的该列为 1：没有第二阶段样本。", en: "no row has 1 in this column: there is no second phase."),
      fix: LocalizedText(zh: "1 表示又经判定的行。", en: "Mark the rows that were judged again by 1.")
    )
  }

  fileprivate static func domainsWithoutSecondPhase(_ rate: SurveyRate, _ names: [String], file: String) -> Finding {
    Finding(
      "double-sampling-domains",
      severity: .note,
      file: file,
      column: "indicators.\(rate.key)",
      value: names.prefix(10).joined(separator: "; "),
      message: LocalizedText(
        zh: "\(names.count) 个域的第二次判定不足以估计，或全部一致而没有限值。",
        en: "\(names.count) domains have too few second judgements for an estimate, or such as all agree, for limits."
      ),
      fix: LocalizedText(zh: "method: difference 要求最少。", en: "`method: difference` asks for least.")
    )
  }

  fileprivate static func designWeightsOnly(_ rate: SurveyRate, file: String) -> Finding {
    Finding(
      "double-sampling-weights",
      severity: .note,
      file: file,
      column: "indicators.\(rate.key)",
      message: LocalizedText(
        zh: "双重抽样用设计权数：校准与重复权数不在其中。",
        en: "double sampling uses the weights of the design: neither calibration nor replicates are in it."
      ),
      fix: LocalizedText("")
    )
  }
}
