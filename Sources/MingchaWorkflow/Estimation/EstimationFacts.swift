internal import Documents
internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation
internal import SurveyReporting

/// What a result rests on, in words: design, weights, and every choice that moves a number.
struct EstimationFacts {
  let report: EstimationReport
  let part: EstimationReport.Part
  let language: Language

  private func say(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }

  var definitions: [Document.Definition] {
    let estimation = part.estimation
    let request = part.request
    let words = Wording.of(language)
    var facts = [
      Document.Definition(say("设计", "Design"), DesignWords(part: part, language: language).design),
      Document.Definition(say("方差", "Variance"), DesignWords(part: part, language: language).variance),
      Document.Definition(say("权数", "Weights"), weights),
      Document.Definition(say("行数", "Rows"), String(estimation.rows)),
      Document.Definition(
        words.annex.design,
        words.degrees(
          estimation.degreesOfFreedom,
          // Replicates of a file have neither.
          units: part.replicates == nil ? estimation.firstStageUnits : nil,
          strata: estimation.strata
        )
      ),
      Document.Definition(words.annex.confidence, words.percentLevel(request.level) + mark("level")),
      Document.Definition(words.annex.planned, shortest(request.plannedCorrelation) + mark("rho")),
      Document.Definition("--rho", source),
      Document.Definition("--lonely-psu", part.design.lonelyUnits.rawValue + mark("lonely-psu")),
      Document.Definition("--domain-variance", request.domainVariance.rawValue + mark("domain-variance")),
      Document.Definition("--domain-df", request.domainFreedom.rawValue + mark("domain-df")),
      Document.Definition("--deff", (request.deff?.rawValue ?? "none") + mark("deff")),
      Document.Definition("--na", (request.dropsMissing ? "drop" : "keep") + mark("missing")),
    ]
    if let simultaneous = request.simultaneous {
      facts.append(
        Document.Definition(
          "--simultaneous",
          simultaneous.rawValue
            + say("：同一指标在一组域（及各取值）的限值同时成立", ": limits of a figure in one set of domains hold together")
        )
      )
    }
    for correlation in estimation.correlations {
      facts.append(Document.Definition("ρ̂ \(correlation.indicator)", self.correlation(correlation)))
    }
    return facts
  }

  private var source: String {
    switch part.request.correlation {
    case .automatic: "pooled" + say("（默认）", " (default)")
    case .pooled: "pooled"
    case .fixed(let value): shortest(value)
    }
  }

  private func correlation(_ correlation: PooledCorrelation) -> String {
    var text = NumberText.fixed(correlation.correlation, digits: 4)
    if let error = correlation.standardError { text += " ± " + NumberText.fixed(error, digits: 4) }
    text += say(
      "（单位 \(correlation.units) 个，事件 \(correlation.events) 个）",
      " (\(correlation.units) units, \(correlation.events) events)"
    )
    let planned = shortest(part.request.plannedCorrelation)
    switch correlation.use {
    case .pooled: break
    case .planned:
      text += say("；事件不足 10 个，区间用 ρ₀ = \(planned)", "; fewer than 10 events: limits rest on ρ₀ = \(planned)")
    case .floor:
      text += say(
        "；单位不足 6 个，默认区间为 Korn–Graubard，下限 ρ₀ = \(planned)",
        "; fewer than 6 units: the default interval is Korn–Graubard with the floor ρ₀ = \(planned)"
      )
    case .given: text += say("；区间用给定的 ρ = \(source)", "; limits rest on the ρ given, \(source)")
    }
    return text
  }

  private func mark(_ setting: String) -> String {
    report.defaulted.contains(setting) ? say("（默认）", " (default)") : ""
  }

  private var weights: String {
    let own =
      switch part.design.weights {
      case .expression(let expression): expression.source
      case .inverse(let probability): "1 / (\(probability.source))"
      case .populationSizes: say("各阶段 N/n 之积", "N / n, multiplied over the stages")
      case .equal: say("不加权", "unweighted")
      }
    let steps = DesignWords(part: part, language: language).adjustments
    return steps.isEmpty ? own : own + " → " + steps
  }
}
