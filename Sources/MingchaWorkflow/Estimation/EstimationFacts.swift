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
      Document.Definition("--lonely-psu", part.design.lonelyUnits.rawValue + mark("lonely-psu")),
      Document.Definition("--domain-variance", request.domainVariance.rawValue + mark("domain-variance")),
      Document.Definition("--domain-df", request.domainFreedom.rawValue + mark("domain-df")),
      Document.Definition("--deff", (request.deff?.rawValue ?? "none") + mark("deff")),
      Document.Definition("--na", (request.dropsMissing ? "drop" : "keep") + mark("missing")),
    ]
    for correlation in estimation.correlations {
      facts.append(
        Document.Definition(
          "ρ̂ \(correlation.indicator)",
          NumberText.fixed(correlation.correlation, digits: 4)
            + say(
              "（单位 \(correlation.units) 个，事件 \(correlation.events) 个）",
              " (\(correlation.units) units, \(correlation.events) events)"
            )
        )
      )
    }
    return facts
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
