internal import SurveyData
package import SurveyDesign
package import SurveyEstimation

/// How estimates are made.
///
/// What the file leaves out has the value documented here and is named in `defaulted`.
package struct EstimateSettings: Sendable {
  /// Domain sets besides the whole sample, each a list of columns: `by: [league_code, "league_code * class"]`.
  package var by: [[String]] = []
  /// 0.95 by default.
  package var level = 0.95
  /// `fail` by default.
  package var lonelyUnits = LonelyUnitPolicy.fail
  /// ρ₀, the floor of the design effect declared before fieldwork; 0.02 by default.
  package var plannedCorrelation = 0.02
  /// `use-rho: pooled` or a number: what the limits of rates rest on; by default the documented rule.
  package var correlation = CorrelationSource.automatic
  /// `simultaneous: bonferroni` or `scheffe`; by default each limit holds by itself.
  package var simultaneous: SimultaneousMethod?
  /// `within-unit` by default.
  package var domainVariance = DomainVariance.withinUnit
  /// `domain` by default.
  package var domainFreedom = DomainFreedom.domain
  /// `without-replacement` by default.
  package var deff = DesignEffectReference.withoutReplacement
  /// `missing: drop` (the default) leaves rows with a missing value out; `keep` makes the estimate missing.
  package var dropsMissing = true
  /// `systematic: successive-differences`: the variance of stages drawn systematically; `random` by default.
  package var systematic = SystematicVariance.random
  /// `replicates: {method: preston}`: the variance is taken from replicates; by default it is linearized.
  package var replicates: ReplicateSettings?
  /// The keys that the file left to their default.
  package var defaulted: [String] = []
}

extension SurveyFile {
  static func estimate(
    _ root: YAMLMapping,
    sources: [ResponseDefinition.Source],
    problems: inout [Finding]
  ) -> EstimateSettings {
    var settings = EstimateSettings()
    let keys = ["level", "lonely-psu", "rho", "domain-variance", "domain-df", "deff", "missing"]
    guard let node = root.mapping("estimate", problems: &problems) else {
      settings.defaulted = keys
      return settings
    }
    node.check(keys: ["by", "use-rho", "simultaneous", "systematic", "replicates"] + keys, problems: &problems)
    settings.defaulted = keys.filter { !node.has($0) }
    settings.by = (node.texts("by", problems: &problems) ?? []).map { crossedColumns($0) }
    if let level = share("level", of: node, problems: &problems) { settings.level = level }
    if let rho = share("rho", of: node, problems: &problems) { settings.plannedCorrelation = rho }
    if let text = node.text("use-rho", problems: &problems) {
      if text == "pooled" {
        settings.correlation = .pooled
      } else if let value = plainNumber(text), value >= 0, value < 1 {
        settings.correlation = .fixed(value)
      } else {
        problems.append(
          node.problem(
            "rho-range",
            key: "use-rho",
            value: text,
            message: LocalizedText(zh: "应为 pooled，或 0 与 1 之间的数。", en: "is pooled, or a number between 0 and 1."),
            fix: LocalizedText(zh: "例如 pooled 或 0.03。", en: "Write pooled or 0.03, say.")
          )
        )
      }
    }
    if let systematic = node.choice("systematic", of: SystematicVariance.allCases, problems: &problems) {
      settings.systematic = systematic
    }
    settings.replicates = replicates(node, sources: sources, problems: &problems)
    if settings.systematic == .successiveDifferences, settings.replicates != nil {
      problems.append(
        node.problem(
          "variance-twice",
          key: "systematic",
          value: settings.systematic.rawValue,
          message: LocalizedText(
            zh: "方差或取自逐次差分，或取自重复权数，不能两者都要。",
            en: "asks for the variance by successive differences, and `replicates` for another one."
          ),
          fix: LocalizedText(
            zh: "请删去其一；重复权数也有 method: sdr。",
            en: "Remove one of them; replicates by successive differences are `method: sdr`."
          )
        )
      )
    }
    settings.simultaneous = node.choice("simultaneous", of: SimultaneousMethod.allCases, problems: &problems)
    if let policy = node.choice("lonely-psu", of: LonelyUnitPolicy.allCases, problems: &problems) {
      settings.lonelyUnits = policy
    }
    if let variance = node.choice("domain-variance", of: DomainVariance.allCases, problems: &problems) {
      settings.domainVariance = variance
    }
    if let freedom = node.choice("domain-df", of: DomainFreedom.allCases, problems: &problems) {
      settings.domainFreedom = freedom
    }
    let references: [DesignEffectReference] = [.withoutReplacement, .withReplacement]
    if let deff = node.choice("deff", of: references, problems: &problems) { settings.deff = deff }
    if let missing = node.choice("missing", of: MissingValues.allCases, problems: &problems) {
      settings.dropsMissing = missing == .drop
    }
    return settings
  }

  private enum MissingValues: String, CaseIterable { case drop, keep }

  private static func share(_ key: String, of node: YAMLMapping, problems: inout [Finding]) -> Double? {
    guard let value = node.number(key, problems: &problems) else { return nil }
    if value > 0, value < 1 { return value }
    problems.append(
      node.problem(
        "share-range",
        key: key,
        value: shortest(value),
        message: LocalizedText(zh: "应大于 0 小于 1。", en: "must lie between 0 and 1."),
        fix: LocalizedText(zh: "95% 写作 0.95。", en: "Write 0.95 for 95 %.")
      )
    )
    return nil
  }

  static func score(_ root: YAMLMapping, problems: inout [Finding]) -> ScoreSettings? {
    guard let node = root.mapping("score", problems: &problems) else { return nil }
    node.check(keys: ["rules", "administrative"], problems: &problems)
    return ScoreSettings(
      rules: node.requiredText("rules", problems: &problems),
      administrative: node.text("administrative", problems: &problems)
    )
  }

  static func annex(_ root: YAMLMapping, problems: inout [Finding]) -> AnnexSettings {
    var settings = AnnexSettings(languages: Language.allCases, assumptions: [])
    guard let node = root.mapping("annex", problems: &problems) else { return settings }
    node.check(keys: ["languages", "assumptions"], problems: &problems)
    if let names = node.texts("languages", problems: &problems) {
      settings.languages = names.compactMap { name in
        if let language = Language(rawValue: name) { return language }
        problems.append(
          node.unknownName(
            "language-unknown",
            key: "languages",
            value: name,
            among: Language.allCases.map(\.rawValue)
          )
        )
        return nil
      }
    }
    settings.assumptions = (node.mappings("assumptions", problems: &problems) ?? []).map {
      $0.check(keys: ["zh", "en"], problems: &problems)
      let zh = $0.requiredText("zh", problems: &problems)
      return LocalizedText(zh: zh, en: $0.text("en", problems: &problems) ?? zh)
    }
    return settings
  }
}
