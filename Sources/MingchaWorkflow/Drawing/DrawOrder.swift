package import SurveyData
package import SurveyDesign

/// Everything a draw is asked for; the same order on the same files gives the same bytes.
package struct DrawOrder: Sendable {
  package struct Stage: Sendable {
    package var plan: StagePlan
    package var source: FrameSource
    /// The receipts of earlier draws whose units are left out.
    package var exclude: [String]
    /// Leaves out the reserves too that came into use by the fieldwork records beside those receipts.
    package var excludesUsedReserves = false

    package init(plan: StagePlan, source: FrameSource, exclude: [String] = []) {
      self.plan = plan
      self.source = source
      self.exclude = exclude
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
  /// Seeds of earlier draws, with which their lists are compared.
  package var earlierSeedFiles: [String] = []
  /// The receipts of the earlier rounds that share seed, group and stage, the oldest first.
  package var series: [String] = []
  /// Why a seed that an earlier receipt has made public is used.
  package var publicSeedReason: String?
  /// Receipts of draws of the first stages, from which this one must go on.
  package var continues: [String] = []
  /// The survey folder with the log of arrivals and lists of single villages.
  package var surveyFolder: String?
  /// Draws the last stage only within these units of the stage before: their list, and no receipt.
  package var within: [String] = []
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
  ///
  /// - Parameters:
  ///   - name: of the draw.
  ///   - until: the last stage to draw; all of them without it.
  ///   - within: where there are some, the units of the stage before the last that its draw is confined to.
  ///   - seed: where the seed comes from.
  ///   - dropsIdenticalRows: whether rows equal to an earlier one are dropped.
  /// - Returns: the order.
  /// - Throws: an `InputRefusal` for an unknown draw or stage, or a frame without files.
  package func drawOrder(
    _ name: String,
    until: String? = nil,
    within: [String] = [],
    seed: SeedSource,
    dropsIdenticalRows: Bool = false
  ) throws -> DrawOrder {
    let definition = try draw(name, until: until)
    var stages = try drawStages(definition, dropsIdenticalRows: dropsIdenticalRows)
    for place in stages.indices {
      stages[place].exclude = try receipts(of: definition.stages[place].exclude)
      stages[place].excludesUsedReserves = definition.stages[place].excludesUsedReserves
    }
    var order = DrawOrder(
      stages: stages,
      group: group(of: name),
      survey: survey.id,
      title: title(ofDraw: name),
      seed: seed,
      folder: within.isEmpty ? drawPath(name, until: until) : drawPath(name, within: within)
    )
    order.continues = earlierStages(of: definition)
    order.surveyFolder = path
    order.within = within
    order.series = earlierRounds(of: definition)
    return order
  }

  /// The stages of a draw of the survey file, each with the source of its frame.
  package func drawStages(_ draw: DrawDefinition, dropsIdenticalRows: Bool = false) throws -> [DrawOrder.Stage] {
    try draw.stages.compactMap { stage in
      try frameSource(of: stage, dropsIdenticalRows: dropsIdenticalRows).map {
        DrawOrder.Stage(plan: stage.plan, source: $0)
      }
    }
  }

  /// The group of a draw of the survey file: the draws of a series share it.
  package func group(of drawName: String) -> String {
    survey.id + "/" + (survey.draw(drawName)?.group ?? drawName)
  }

  /// A draw as far as a stage.
  /// - Throws: `stage-unknown` with the nearest name.
  package func draw(_ name: String, until: String?) throws(InputRefusal) -> DrawDefinition {
    var definition = try draw(name)
    guard let until else { return definition }
    let names = definition.stages.map(\.plan.name)
    guard let place = names.firstIndex(of: until) else {
      let near = nearest(to: until, among: names)
      throw InputRefusal(
        Finding(
          "stage-unknown",
          file: path + "/survey.yaml",
          column: "draws.\(name)",
          value: until,
          message: LocalizedText(zh: "这个抽样没有这个阶段。", en: "the draw has no such stage."),
          fix: LocalizedText(
            zh: (near.map { "是否指“\($0)”？" } ?? "") + "现有：\(names.joined(separator: "、"))。",
            en: (near.map { "Did you mean \"\($0)\"? " } ?? "") + "It has: \(names.joined(separator: ", "))."
          )
        )
      )
    }
    definition.stages = Array(definition.stages.prefix(place + 1))
    return definition
  }

  /// Where a draw stands that was made down to a stage only.
  package func drawPath(_ name: String, until: String?) -> String {
    drawPath(name) + (until.map { "-until-" + $0 } ?? "")
  }

  /// Where the list of single villages stands.
  private func drawPath(_ name: String, within units: [String]) -> String {
    drawPath(name) + "-in-" + units.map { $0.split(separator: "/").joined(separator: "_") }.joined(separator: "+")
  }

  /// The receipts of this draw that end at an earlier stage, the one with the fewest stages first.
  private func earlierStages(of draw: DrawDefinition) -> [String] {
    draw.stages.dropLast().map { drawPath(draw.name, until: $0.plan.name) + "/" + DrawFiles.receipt }.filter {
      exists($0)
    }
  }

  /// The receipts of draws that were made.
  /// - Throws: `exclusion-not-drawn` for each that was not.
  private func receipts(of names: [String]) throws(InputRefusal) -> [String] {
    let paths = names.map { drawPath($0) + "/" + DrawFiles.receipt }
    let missing = paths.filter { !exists($0) }
    if missing.isEmpty { return paths }
    throw InputRefusal(
      missing.map { path in
        Finding(
          "exclusion-not-drawn",
          file: path,
          message: LocalizedText(zh: "要排除的抽样还没有抽。", en: "the draw to be excluded was not made."),
          fix: LocalizedText(zh: "请先完成该次抽样，或去掉 exclude。", en: "Make it first, or take it out of `exclude`.")
        )
      }
    )
  }

  /// The receipts of the other rounds of a series that were drawn, in the order of the survey file.
  private func earlierRounds(of draw: DrawDefinition) -> [String] {
    guard let group = draw.group else { return [] }
    return survey.draws.filter { $0.name != draw.name && $0.group == group }
      .map { drawPath($0.name) + "/" + DrawFiles.receipt }
      .filter { exists($0) }
  }
}
