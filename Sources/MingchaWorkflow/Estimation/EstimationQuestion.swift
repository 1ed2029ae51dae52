internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

/// What is asked of loose files, in the words of the command line.
///
/// One entry of `strata`, `units` and `populationSizes` a stage, the first stage first. `units: [dnum, snum]`
/// are two stages. An entry of `strata` is a column, or several joined by "," or "*" whose combination is the
/// stratum; `none` leaves a stage unstratified. In R, `strata = ~h1 + h2` means two stages: here `[h1, h2]`.
package struct EstimationQuestion: Sendable {
  package var files: [String] = []
  package var sheet: String?
  package var headerRow: Int?
  package var allowsFormulas = false

  package var strata: [String] = []
  /// Without any, every row is a unit of one stage.
  package var units: [String] = []
  package var populationSizes: [String] = []
  /// An expression; without it weights are N / n, which needs a population size at every stage.
  package var weights: String?
  /// Every row counts once, said in so many words.
  package var isUnweighted = false
  package var isNested = false
  package var adjustsLonelyDomains = false
  /// The name of a `LonelyUnitPolicy`; `fail` where none is given, and so below.
  package var lonelyUnits: String?
  /// By stage, the name of a ``SystematicVariance``; `none` for a stage that was not systematic.
  package var systematic: [String] = []
  /// By stage, the column with the order of selection; `none` and nothing mean that of the rows.
  package var orders: [String] = []

  package var means: [String] = []
  package var totals: [String] = []
  package var ratios: [String] = []
  package var proportions: [String] = []
  /// Domain sets besides the whole sample; each one column, or several joined by "," or "*".
  package var by: [String] = []
  package var filter: String?
  package var interval: String?
  package var level: Double?
  /// `pooled` or a number.
  package var correlation: String?
  package var plannedCorrelation: Double?
  /// Also the correlation within every domain.
  package var wantsCorrelations = false
  /// The name of a `SimultaneousMethod`.
  package var simultaneous: String?
  package var limit: String?
  package var domainVariance: String?
  package var domainFreedom: String?
  package var designEffect: String?
  package var missing: String?
  package var covariances = false
  package var threads = 1

  /// The name of a `ProbabilityMethod`: the first stage was drawn with the probabilities in its column of `--fpc`; with
  /// several stages `brewer` or `none` for each.
  package var probabilityMethod: String?
  /// Joint probabilities: a matrix, or the joint.csv of a draw.
  package var jointFile: String?
  package var replicates = ReplicateQuestion()
  package var secondPhase = SecondPhaseQuestion()
  package var weighting = WeightingQuestion()
  package var analysis = AnalysisQuestion()
  package var rates = RateQuestion()

  /// Keep the weights, to write them.
  package var keepsWeights = false
  /// Columns to write before them; empty: all.
  package var weightColumns: [String] = []

  package init() {}

  /// The estimation asked for.
  ///
  /// - Throws: an `InputRefusal` with every contradiction of the options, each naming its option, and everything wrong
  ///   in files of totals.
  package func order() throws -> EstimationOrder {
    var question = self
    if let description = try replicates.description() {
      question.replicates.take(description)
      if weights == nil, !isUnweighted { question.weights = description.weight }
    }
    return try question.plainOrder()
  }

  private func plainOrder() throws -> EstimationOrder {
    var reader = QuestionReader()
    if !weightColumns.isEmpty, !keepsWeights { reader.needs("--write-weights", for: "--id") }
    var design = design(&reader)
    let filter = filter.flatMap { reader.expression("--where", $0) }
    var analysis = analysis.request(&reader, filter: filter)
    rates.fill(&analysis, &reader, filter: filter, hasSecondPhase: secondPhase.subset != nil)
    let request = request(&reader, filter: filter, analysis: analysis)
    let replicates = replicates.order(&reader)
    let jackknife = self.replicates.adjustment(&reader, hasStrata: design.stages.contains { !$0.strata.isEmpty })
    design.secondPhase = secondPhase.phase(&reader)
    let joint = joint(&reader, &design)
    setOrders(&reader, &design)
    design.adjustments = (jackknife.map { [$0] } ?? []) + (try weighting.adjustments(&reader))
    let propensity = weighting.propensityModel(&reader)
    refuseContradictions(&reader, design, replicates: replicates)
    if !reader.problems.isEmpty { throw InputRefusal(reader.problems) }
    var order = EstimationOrder(
      title: LocalizedText(files.map(lastComponent).joined(separator: ", ")),
      name: "",
      paths: files,
      labels: files.map(lastComponent),
      sheet: sheet,
      headerRow: headerRow,
      allowsFormulas: allowsFormulas,
      design: design,
      request: request,
      defaulted: defaulted,
      threads: threads,
      analysis: analysis,
      replicates: replicates,
      joint: joint,
      reportsCovariances: covariances
    )
    order.propensity = propensity
    order.keepsWeights = keepsWeights
    order.weightColumns = weightColumns.isEmpty ? nil : weightColumns
    return order
  }

  /// What is said of unequal probabilities at the first stage; the order for a file of joint ones.
  private func joint(_ reader: inout QuestionReader, _ design: inout SampleDesign) -> JointOrder? {
    let methods = listParts(probabilityMethod ?? "")
    if methods.count > 1 {
      setProportional(methods, &reader, &design)
      return nil
    }
    guard let method = reader.choice("--pps", probabilityMethod, of: ProbabilityMethod.allCases) else {
      if jointFile != nil, probabilityMethod == nil { reader.needs("--pps", for: "--joint") }
      return nil
    }
    if design.stages[0].populationSize == nil { reader.needs("--fpc", for: "--pps \(method.rawValue)") }
    if method.needsFile, jointFile == nil { reader.needs("--joint", for: "--pps \(method.rawValue)") }
    if !method.needsFile, jointFile != nil { reader.excludes("--joint", "--pps \(method.rawValue)") }
    if method != .brewer, design.stages.count > 1 {
      reader.refuse(
        "--pps",
        value: method.rawValue,
        LocalizedText(zh: "只用于一个阶段的抽样。", en: "is for samples of one stage."),
        LocalizedText(zh: "多阶段请用 brewer。", en: "Use brewer with several stages.")
      )
    }
    design.stages[0].isProportional = design.stages[0].populationSize != nil
    design.joint = method.joint
    return method.needsFile ? jointFile.map { JointOrder(path: $0, isSenYatesGrundy: method == .senYatesGrundy) } : nil
  }

  /// One method a stage: what Brewer's approximation is for, and stages drawn with equal chances.
  private func setProportional(_ methods: [String], _ reader: inout QuestionReader, _ design: inout SampleDesign) {
    let known = ["brewer", "none"]
    if jointFile != nil { reader.excludes("--joint", "--pps \(probabilityMethod ?? "")") }
    for method in methods where !known.contains(method) { reader.unknown("--pps", method, among: known) }
    guard methods.count <= design.stages.count else {
      tooManyStages("--pps", methods, of: design.stages.count, &reader)
      return
    }
    for (place, method) in methods.enumerated() where method == "brewer" {
      if design.stages[place].populationSize == nil { reader.needs("--fpc", for: "--pps brewer") }
      design.stages[place].isProportional = design.stages[place].populationSize != nil
    }
  }

  private func tooManyStages(_ option: String, _ given: [String], of count: Int, _ reader: inout QuestionReader) {
    reader.refuse(
      option,
      value: given.joined(separator: ","),
      LocalizedText(
        zh: "给出 \(given.count) 个阶段，而 --psu 只有 \(count) 个。",
        en: "names \(given.count) stages, but --psu names \(count)."
      ),
      LocalizedText(zh: "请在 --psu 中给出每个阶段的单位。", en: "Name the unit of every stage in --psu.")
    )
  }

  /// The stages whose variance is taken from successive differences.
  private func setOrders(_ reader: inout QuestionReader, _ design: inout SampleDesign) {
    if systematic.isEmpty, !orders.isEmpty { reader.needs("--systematic", for: "--order") }
    for (option, given) in [("--systematic", systematic), ("--order", orders)] where given.count > design.stages.count {
      tooManyStages(option, given, of: design.stages.count, &reader)
    }
    for (place, name) in systematic.prefix(design.stages.count).enumerated() where name != "none" {
      guard reader.choice("--systematic", name, of: SystematicVariance.allCases) == .successiveDifferences else {
        continue
      }
      let column = place < orders.count && orders[place] != "none" ? orders[place] : nil
      design.stages[place].order = column.map { .column($0) } ?? .rows
    }
  }

  private func refuseContradictions(
    _ reader: inout QuestionReader,
    _ design: SampleDesign,
    replicates: ReplicateOrder?
  ) {
    if replicates != nil {
      let stages: [(String, Bool)] = [
        ("--strata", !strata.isEmpty), ("--psu", !units.isEmpty), ("--fpc", !populationSizes.isEmpty),
        ("--pps", probabilityMethod != nil), ("--second-phase", secondPhase.subset != nil),
      ]
      for (option, isGiven) in stages where isGiven { reader.excludes(option, "--replicates") }
    }
    if secondPhase.subset != nil {
      if probabilityMethod != nil { reader.excludes("--pps", "--second-phase") }
      if replicates == nil, self.replicates.isMade { reader.excludes(self.replicates.madeBy, "--second-phase") }
    }
    if probabilityMethod != nil, self.replicates.isMade { reader.excludes(self.replicates.madeBy, "--pps") }
    if design.stages.contains(where: { $0.order != nil }) {
      if replicates != nil { reader.excludes("--systematic", "--replicates") }
      if self.replicates.isMade { reader.excludes("--systematic", self.replicates.madeBy) }
      if secondPhase.subset != nil { reader.excludes("--systematic", "--second-phase") }
      if let method = probabilityMethod, design.joint != nil || jointFile != nil {
        reader.excludes("--systematic", "--pps \(method)")
      }
    }
  }

  /// The options that nobody gave and that move a number.
  private var defaulted: [String] {
    let given: [(String, Bool)] = [
      ("level", level != nil), ("lonely-psu", lonelyUnits != nil),
      ("rho", plannedCorrelation != nil || correlation.map { plainNumber($0) != nil } == true),
      ("domain-variance", domainVariance != nil), ("domain-df", domainFreedom != nil),
      ("deff", designEffect != nil), ("missing", missing != nil), ("interval", interval != nil),
    ]
    return given.filter { !$0.1 }.map(\.0)
  }

  private func design(_ reader: inout QuestionReader) -> SampleDesign {
    let stageCount = max(1, units.count)
    for (option, given) in [("--strata", strata), ("--fpc", populationSizes)] where given.count > stageCount {
      reader.refuse(
        option,
        value: given.joined(separator: ";"),
        LocalizedText(
          zh: "给出 \(given.count) 个阶段，而 --psu 只有 \(stageCount) 个。",
          en: "names \(given.count) stages, but --psu names \(stageCount)."
        ),
        option == "--strata"
          ? LocalizedText(
            zh: "同一阶段的几列用逗号连接：--strata a,b。",
            en: "Join the columns of one stage by a comma: --strata a,b."
          )
          : LocalizedText(zh: "请在 --psu 中给出每个阶段的单位。", en: "Name the unit of every stage in --psu.")
      )
    }
    func entry(_ list: [String], _ place: Int) -> String? {
      place < list.count && list[place] != "none" ? list[place] : nil
    }
    let stages = (0..<stageCount).map { place in
      SampleDesign.Stage(
        strata: entry(strata, place).map(crossed) ?? [],
        unit: units.isEmpty ? .row : .column(units[place]),
        populationSize: entry(populationSizes, place)
      )
    }
    return SampleDesign(
      stages: stages,
      weights: designWeights(stages, &reader),
      lonelyUnits: reader.choice("--lonely-psu", lonelyUnits, of: LonelyUnitPolicy.allCases) ?? .fail,
      adjustsLonelyDomains: adjustsLonelyDomains,
      unitsNestedInStrata: isNested
    )
  }

  private func designWeights(
    _ stages: [SampleDesign.Stage],
    _ reader: inout QuestionReader
  ) -> SampleDesign.Weights {
    if let weights {
      if isUnweighted {
        reader.refuse(
          "--unweighted",
          value: nil,
          LocalizedText(zh: "不能与 --weights 同时给出。", en: "excludes --weights."),
          LocalizedText(zh: "请删去其中一个。", en: "Remove one.")
        )
      }
      return reader.expression("--weights", weights).map { .expression($0) } ?? .equal
    }
    if isUnweighted { return .equal }
    if stages.allSatisfy({ $0.populationSize != nil }) { return .populationSizes }
    reader.refuse(
      "--weights",
      value: nil,
      LocalizedText(
        zh: "没有权数，也不是每个阶段都有总体数。",
        en: "there are no weights, and not every stage has a population size."
      ),
      LocalizedText(
        zh: "请给出 --weights 表达式，或每个阶段的 --fpc；确要不加权，请写 --unweighted。",
        en: "Give --weights, or --fpc for every stage; for an unweighted estimate say --unweighted."
      )
    )
    return .equal
  }

  private func request(
    _ reader: inout QuestionReader,
    filter: Expression?,
    analysis: AnalysisRequest
  ) -> EstimationRequest {
    let indicators = indicators(&reader, filter: filter)
    if means.isEmpty, totals.isEmpty, ratios.isEmpty, proportions.isEmpty, !self.analysis.asksEstimates,
      !rates.asksEstimates,
      !self.analysis.asksTests
    {
      reader.refuse(
        "--mean",
        value: nil,
        LocalizedText(zh: "没有说明要估计什么。", en: "nothing is asked for."),
        LocalizedText(
          zh: "请给出 --mean、--total、--ratio、--proportion、--quantile、--table、--regress 等。",
          en: "Give --mean, --total, --ratio, --proportion, --quantile, --table, --regress or the like."
        )
      )
    }
    let correlation = reader.correlation("--rho", correlation)
    var planned = reader.share("--planned-rho", plannedCorrelation, zero: true)
    if case .fixed(let value) = correlation, planned == nil { planned = value }
    var request = EstimationRequest(
      indicators: indicators,
      domains: [[]] + by.map(crossed),
      level: reader.share("--level", level) ?? 0.95,
      domainVariance: reader.choice("--domain-variance", domainVariance, of: DomainVariance.allCases) ?? .withinUnit,
      domainFreedom: reader.choice("--domain-df", domainFreedom, of: DomainFreedom.allCases) ?? .domain,
      deff: deff(&reader),
      plannedCorrelation: planned ?? 0.02,
      dropsMissing: (reader.choice("--na", missing, of: MissingValues.allCases) ?? .drop) == .drop,
      covariances: covariances || !analysis.functions.isEmpty || !analysis.composites.isEmpty
    )
    request.correlation = correlation
    request.domainCorrelations = wantsCorrelations
    request.simultaneous = reader.choice("--simultaneous", simultaneous, of: SimultaneousMethod.allCases)
    return request
  }

  private func deff(_ reader: inout QuestionReader) -> DesignEffectReference? {
    switch reader.choice("--deff", designEffect, of: DesignEffectChoice.allCases) {
    case .withReplacement: .withReplacement
    case .withoutReplacement, nil: .withoutReplacement
    case .some(.none): nil
    }
  }

  private func indicators(_ reader: inout QuestionReader, filter: Expression?) -> [Indicator] {
    let limit = reader.limit(limit)
    let interval = reader.interval(interval)
    func indicator(_ key: String, _ zh: String, _ en: String, _ statistic: Indicator.Statistic) -> Indicator {
      Indicator(
        key: key,
        name: LocalizedText(zh: zh, en: en),
        statistic: statistic,
        filter: filter,
        limit: limit,
        interval: interval
      )
    }
    var indicators = [Indicator]()
    for text in means {
      guard let parsed = reader.expression("--mean", text) else { continue }
      indicators.append(indicator("mean(\(text))", "\(text) 的均值", "Mean of \(text)", .mean(parsed)))
    }
    for text in totals {
      guard let parsed = reader.expression("--total", text) else { continue }
      indicators.append(indicator("total(\(text))", "\(text) 的总量", "Total of \(text)", .total(parsed)))
    }
    for text in ratios {
      guard let parts = reader.ratio(text) else { continue }
      indicators.append(
        indicator("ratio(\(text))", "比值 \(text)", "Ratio \(text)", .ratio(parts.numerator, parts.denominator))
      )
    }
    for column in proportions {
      indicators.append(indicator(column, column, column, .proportions(column)))
    }
    for text in analysis.variances + analysis.deviations {
      guard let parsed = reader.expression("--variance", text) else { continue }
      indicators.append(indicator("variance(\(text))", "\(text) 的方差", "Variance of \(text)", .variance(parsed)))
    }
    var seen = Set<String>()
    return indicators.filter { seen.insert($0.key).inserted }
  }
}

/// What becomes of rows with a missing value.
enum MissingValues: String, CaseIterable { case drop, keep }

/// What a design effect is measured against on the command line.
private enum DesignEffectChoice: String, CaseIterable {
  case withoutReplacement = "without-replacement"
  case withReplacement = "replace"
  case none
}

/// The columns of `a,b` or `a*b`.
private func crossed(_ text: String) -> [String] {
  listParts(text).flatMap { crossedColumns($0) }
}
