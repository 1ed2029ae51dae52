package import SurveyData
import SurveyDesign

/// An earlier draw as far as it is at hand: its receipt, its list, its seed.
package struct EarlierDraw: Sendable {
  package var receipt: Receipt
  /// The receipt's file, for messages.
  package var file: String
  /// The list beside the receipt; needed while the receipt is sealed.
  package var list: Table?
  /// Its seed, where it is known: then the list can be compared with a sealed receipt.
  package var seed: Seed?
  /// The lines of its fieldwork record, where reserves that came into use are left out too.
  package var fieldwork: [VisitedUnit]?

  /// One line of a fieldwork record: a unit that was visited.
  package struct VisitedUnit: Sendable, Equatable {
    package var stage: String
    package var unit: String

    package init(stage: String, unit: String) {
      self.stage = stage
      self.unit = unit
    }
  }

  package init(
    receipt: Receipt,
    file: String,
    list: Table? = nil,
    seed: Seed? = nil,
    fieldwork: [VisitedUnit]? = nil
  ) {
    self.receipt = receipt
    self.file = file
    self.list = list
    self.seed = seed
    self.fieldwork = fieldwork
  }

  /// The units of a stage that were drawn, as a later draw leaves them out.
  ///
  /// - Parameter name: the stage's name.
  /// - Returns: its selected units, and where ``fieldwork`` is given the other units visited: reserves in use.
  /// - Throws: `exclusion-wave` for the receipt of a further wave, `exclusion-stage` for a receipt without such a stage, `exclusion-list-missing` for a sealed receipt
  ///   without its list, `list-altered` for a list that is not the one of the receipt.
  package func exclusion(ofStage name: String) throws(InputRefusal) -> Exclusion {
    if receipt.wave != nil { throw InputRefusal(isWave) }
    guard let place = receipt.stages.firstIndex(where: { sameBytes($0.plan.name, name) }) else {
      throw InputRefusal(missingStage(name))
    }
    let isListed = try checkList()
    let units = try drawnUnits(stage: place)
    let selected = Set(units.selected)
    let used = Set((fieldwork ?? []).filter { $0.stage == name && !selected.contains($0.unit) }.map(\.unit))
    return try Exclusion(
      of: receipt,
      stage: receipt.stages[place],
      ids: units.selected + used,
      fieldworkRecords: fieldwork?.count,
      isChecked: receipt.state == .revealed || isListed
    )
  }

  /// The selected units and the reserves of a stage, from the revealed receipt or the list.
  /// - Throws: `exclusion-list-missing` for a sealed receipt without its list.
  package func drawnUnits(stage place: Int) throws(InputRefusal) -> (selected: [String], reserves: [String]) {
    if receipt.state == .revealed, let cells = receipt.stages[place].cells {
      return (
        cells.flatMap { ($0.selected ?? []).map(\.id) }, cells.flatMap { ($0.reserve ?? []).map(\.id) }
      )
    }
    guard let list else {
      throw InputRefusal(
        Finding(
          "exclusion-list-missing",
          file: file,
          value: receipt.group,
          message: LocalizedText(
            zh: "回执仍封存，其旁没有 list.csv，无法知道抽中了哪些单元。",
            en: "the receipt is sealed and no list.csv stands beside it: its units are not known."
          ),
          fix: LocalizedText(
            zh: "请把该轮的 list.csv 放在回执旁，或先公开该回执。",
            en: "Put that round's list.csv beside the receipt, or reveal the receipt first."
          )
        )
      )
    }
    return try DrawnList.units(of: list, stage: place, stageNames: receipt.stages.map(\.plan.name))
  }

  /// Compares the list with the receipt: fully with the seed, else by the sizes of the first stage.
  /// - Returns: whether the comparison was full.
  private func checkList() throws(InputRefusal) -> Bool {
    guard let list else { return false }
    if let seed = seed?.text ?? receipt.revealed?.seed {
      let isSame = DrawnList.canonicalTexts(ofRead: list).contains { text in
        Receipt.commitment(toList: text, seed: seed) == receipt.listCommitment
      }
      if !isSame { throw InputRefusal(altered(list)) }
      return true
    }
    guard let first = receipt.stages.first, let cells = first.cells else { return false }
    let names = receipt.stages.map(\.plan.name)
    let counts = try DrawnList.sampleSizes(of: list, stageNames: names)
    for cell in cells {
      guard let sample = cell.sample else { continue }
      // Must-include units stand in the list as a stratum of their own.
      let certain = cell.mustInclude == nil ? 0 : counts[cell.place + DrawnList.certainSuffix] ?? 0
      if certain + (counts[cell.place] ?? 0) != sample { throw InputRefusal(altered(list)) }
    }
    return false
  }

  private func altered(_ list: Table) -> Finding {
    Finding(
      "list-altered",
      file: list.file,
      message: LocalizedText(
        zh: "这份名单不是回执 \(file) 所承诺的名单。",
        en: "this list is not the one that the receipt \(file) committed to."
      ),
      fix: LocalizedText(zh: "请使用抽样时写出的 list.csv。", en: "Use the list.csv that the draw wrote.")
    )
  }

  private var isWave: Finding {
    Finding(
      "exclusion-wave",
      file: file,
      message: LocalizedText(
        zh: "这是一批续抽备选的回执，没有抽中的单元。",
        en: "this is the receipt of a further wave of reserves, which selects no unit."
      ),
      fix: LocalizedText(
        zh: "请指明原抽样的回执；用上的备选见其 fieldwork.csv。",
        en: "Name the receipt of the draw; its fieldwork.csv tells the reserves in use."
      )
    )
  }

  private func missingStage(_ name: String) -> Finding {
    let names = receipt.stages.map(\.plan.name).joined(separator: ", ")
    return Finding(
      "exclusion-stage",
      file: file,
      value: name,
      message: LocalizedText(
        zh: "该回执没有阶段“\(name)”，只有：\(names)。",
        en: "this receipt has no stage \"\(name)\"; it has \(names)."
      ),
      fix: LocalizedText(
        zh: "请给两轮的阶段相同的名称（--stage 或 name）。",
        en: "Give the stage the same name in both rounds (--stage, or name in the survey file)."
      )
    )
  }
}
