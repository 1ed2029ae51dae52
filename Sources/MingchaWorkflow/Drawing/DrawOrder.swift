package import SurveyData
package import SurveyDesign

/// Everything a draw is asked for; the same order on the same files gives the same bytes.
package struct DrawOrder: Sendable {
  package struct Stage: Sendable {
    package var plan: StagePlan
    package var source: FrameSource

    package init(plan: StagePlan, source: FrameSource) {
      self.plan = plan
      self.source = source
    }
  }

  package var stages: [Stage]
  /// What draws must share to give a unit the same number (protocol §2).
  package var group: String
  /// The survey's id; `nil` for a loose file.
  package var survey: String?
  /// The heading of the workbook.
  package var title: LocalizedText
  package var seed: SeedSource
  package var weakSeedReason: String?
  /// Writes the receipt revealed at once.
  package var reveals: Bool
  /// Any text; no clock is read.
  package var date: String?
  /// The receipt of the attempt before this one.
  package var previousReceipt: String?
  /// The folder to make.
  package var folder: String

  package init(
    stages: [Stage],
    group: String,
    survey: String? = nil,
    title: LocalizedText,
    seed: SeedSource,
    weakSeedReason: String? = nil,
    reveals: Bool = false,
    date: String? = nil,
    previousReceipt: String? = nil,
    folder: String
  ) {
    self.stages = stages
    self.group = group
    self.survey = survey
    self.title = title
    self.seed = seed
    self.weakSeedReason = weakSeedReason
    self.reveals = reveals
    self.date = date
    self.previousReceipt = previousReceipt
    self.folder = folder
  }
}

extension SurveyFolder {
  /// The order for a draw of the survey file: group = survey id / draw name, folder = draws/NAME.
  package func drawOrder(_ name: String, seed: SeedSource, dropsIdenticalRows: Bool = false) throws -> DrawOrder {
    DrawOrder(
      stages: try drawStages(name, dropsIdenticalRows: dropsIdenticalRows),
      group: group(of: name),
      survey: survey.id,
      title: LocalizedText(zh: "\(survey.name.zh)：\(name)", en: "\(survey.name.en): \(name)"),
      seed: seed,
      folder: drawPath(name)
    )
  }

  /// The stages of a draw of the survey file, each with the source of its frame.
  package func drawStages(_ name: String, dropsIdenticalRows: Bool = false) throws -> [DrawOrder.Stage] {
    try draw(name).stages.compactMap { stage in
      try frameSource(of: stage, dropsIdenticalRows: dropsIdenticalRows).map {
        DrawOrder.Stage(plan: stage.plan, source: $0)
      }
    }
  }

  /// The group of a draw of the survey file.
  package func group(of drawName: String) -> String { survey.id + "/" + drawName }
}
