internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

extension Replication {
  /// What replicates of a design leave out, for whoever reads their figures.
  ///
  /// - Parameter isInFolder: a survey file names the method, in place of an option.
  func notes(of stages: [SampleDesign.Stage], isInFolder: Bool) -> [Finding] {
    var notes: [Finding] = []
    if stages.contains(where: \.isProportional) {
      notes.append(
        Finding(
          "replicates-with-replacement",
          severity: .note,
          value: method,
          message: LocalizedText(
            zh: "不等概率的阶段在重复中按有放回处理，方差偏大而稳妥。",
            en:
              "stages of unequal probabilities count as drawn with replacement in replicates, which errs on the safe side."
          ),
          fix: LocalizedText("")
        )
      )
    }
    if method != "preston", stages.count > 1, stages[0].populationSize != nil, !stages[0].isProportional {
      let preston = isInFolder ? "method: preston" : "--replicates-of preston"
      notes.append(
        Finding(
          "replicates-first-stage",
          severity: .note,
          value: method,
          message: LocalizedText(
            zh: "该方法的重复只反映第一个非全查阶段的误差，以下阶段的方差不在其中。",
            en:
              "replicates of this method show the first stage that is not complete; the variance of later stages is left out."
          ),
          fix: LocalizedText(zh: "要计入各阶段请用 \(preston)。", en: "`\(preston)` takes all stages.")
        )
      )
    }
    return notes
  }
}

extension EstimationOrder {
  /// The notes on replicates that loose files ask for; a survey folder says them of its own.
  var replicateNotes: [Finding] {
    guard name.isEmpty else { return [] }
    return design.adjustments.flatMap { step -> [Finding] in
      guard case .replication(let plan, _) = step else { return [] }
      return plan.notes(of: design.stages, isInFolder: false)
    }
  }
}
