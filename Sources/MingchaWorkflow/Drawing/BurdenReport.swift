internal import Documents
internal import SampleDrawing
package import SurveyData
internal import SurveyDesign
internal import SurveyReporting

/// What a burden table is made of.
package struct BurdenOrder: Sendable {
  /// The receipts of the draws, the oldest first, each with the name it gets in the table.
  fileprivate var draws: [(name: String, receipt: String)]
  fileprivate var stage: String
  /// All units that could be drawn; nil where only visited ones can be listed.
  fileprivate var frame: FrameSource?
  fileprivate var strata: [String]
  /// Told with the table.
  fileprivate var notes: [Finding] = []
}

extension BurdenOrder {
  /// The draws of a survey folder that were made and have the stage.
  ///
  /// - Parameters:
  ///   - folder: the survey folder.
  ///   - name: the stage's name; without it the first stage of the first draw that was made.
  /// - Throws: `burden-nothing` where no draw was made, `option-value` for a stage that none of them has.
  package init(folder: SurveyFolder, stage name: String?) throws {
    let made = folder.survey.draws.filter { exists(folder.drawPath($0.name) + "/" + DrawFiles.receipt) }
    guard let first = made.first?.stages.first else {
      throw InputRefusal(
        Finding(
          "burden-nothing",
          file: folder.path,
          message: LocalizedText(zh: "还没有抽过样。", en: "no draw was made yet."),
          fix: LocalizedText(zh: "请先用 mingcha draw 抽样。", en: "Make one by mingcha draw first.")
        )
      )
    }
    let wanted = name ?? first.plan.name
    let having = made.filter { $0.stages.contains { $0.plan.name == wanted } }
    guard let last = having.last?.stages.first(where: { $0.plan.name == wanted }) else {
      throw InputRefusal(unknownStage(wanted, among: made.flatMap { $0.stages.map(\.plan.name) }))
    }
    draws = having.map { ($0.name, folder.drawPath($0.name) + "/" + DrawFiles.receipt) }
    stage = wanted
    // Summed by the strata of the latest round that has some.
    strata =
      having.compactMap { draw in draw.stages.first { $0.plan.name == wanted }?.plan.strata }.last { !$0.isEmpty } ?? []
    frame = try folder.frameSource(of: last)
    let others = made.filter { draw in !having.contains { $0.name == draw.name } }.map(\.name)
    if !others.isEmpty {
      notes.append(
        Finding(
          "burden-other-stages",
          severity: .note,
          value: others.joined(separator: ", "),
          message: LocalizedText(
            zh: "这些抽样没有阶段“\(wanted)”，未计入。",
            en: "these draws have no stage \"\(wanted)\" and do not count."
          ),
          fix: LocalizedText("")
        )
      )
    }
  }

  /// Receipts by themselves.
  ///
  /// - Parameters:
  ///   - receipts: paths of receipts or of the folders they are in, the oldest first.
  ///   - stage: the stage's name; without it the first stage of the first receipt.
  ///   - frame: the file with all units that could be drawn, and its id column.
  ///   - strata: the frame's columns by which the table is summed.
  /// - Throws: an `InputRefusal` where the first receipt cannot be read.
  package init(
    receipts: [String],
    stage: String?,
    frame: (path: String, id: String)?,
    strata: [String]
  ) throws {
    draws = receipts.map { path in
      let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      return isFolder(trimmed)
        ? (lastComponent(trimmed), trimmed + "/" + DrawFiles.receipt)
        : (lastComponent(NewFolder.parent(of: path)), path)
    }
    let first = try draws.first.map { try Receipt(json: try readBytes($0.receipt), file: $0.receipt) }
    self.stage = stage ?? first?.stages.first?.plan.name ?? ""
    self.frame = frame.map { FrameSource(paths: [$0.path], label: lastComponent($0.path), id: $0.id) }
    self.strata = strata
  }
}

/// Whether a folder is that of one draw, and not a survey folder.
package func isDrawFolder(_ path: String) -> Bool {
  exists(path + "/" + DrawFiles.receipt) && !exists(path + "/survey.yaml")
}

/// The burden of every unit, ready for all forms.
package struct BurdenRecord: Sendable {
  package var report: TableReport
  package var notes: [Finding]
}

/// Counts over draws how often each unit was visited, when last, and the least gap between two visits.
///
/// Selected units count as visited. Sealed receipts tell them by the list beside.
/// - Parameters:
///   - order: the draws.
///   - language: of the headings.
/// - Returns: one row a unit, and a summary by stratum.
/// - Throws: an `InputRefusal` with what is wrong in any receipt, list or frame.
package func burden(_ order: BurdenOrder, language: Language) throws -> BurdenRecord {
  var notes = order.notes
  let reader = try EarlierDraws(seedFiles: [], own: nil)
  var findings = [Finding]()
  var rounds = [BurdenRound]()
  var digests = [String]()
  for draw in order.draws {
    do {
      let earlier = try reader.read(draw.receipt)
      let exclusion = try earlier.exclusion(ofStage: order.stage)
      if digests.contains(exclusion.record.receipt) { findings.append(repeated(draw.receipt)) }
      digests.append(exclusion.record.receipt)
      rounds.append(BurdenRound(name: draw.name, date: earlier.receipt.date, units: exclusion.ids))
    } catch let refusal as InputRefusal {
      findings += refusal.findings
    }
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  var frame: Table?
  if let source = order.frame {
    let (read, own) = try source.read()
    frame = read.units
    notes += own
  }
  let ids = try frame.map { table in
    let column = try table.column(order.frame?.id ?? "").codedText
    let empty = column.codes.indices.filter { column.codes[$0] < 0 }
    if !empty.isEmpty {
      throw InputRefusal(
        empty.map {
          Finding(
            "id-invalid",
            file: table.file,
            sheet: table.sheet,
            row: table.fileRow(of: $0),
            column: order.frame?.id,
            message: LocalizedText(zh: "编号为空。", en: "the id is empty."),
            fix: LocalizedText(zh: "请补上编号，或删去空行。", en: "Give the id, or remove the row.")
          )
        }
      )
    }
    return column
  }
  let burden = Burden(rounds: rounds, frame: ids.map { ids in ids.codes.map { ids.levels[Int($0)] } } ?? [])
  let tables = try BurdenTables(burden, frame: frame, strata: frame == nil ? [] : order.strata, language: language)
  return BurdenRecord(report: tables.report(stage: order.stage), notes: notes + frameNotes(burden))
}

private func frameNotes(_ burden: Burden) -> [Finding] {
  if burden.frameCount == 0 {
    return [
      Finding(
        "burden-no-frame",
        severity: .note,
        message: LocalizedText(
          zh: "没有给出抽样框：从未走访的单元不在表中。",
          en: "no frame was given: units that were never visited are not in the table."
        ),
        fix: LocalizedText(zh: "请用 --frame 与 --id 给出。", en: "Give it by --frame and --id.")
      )
    ]
  }
  let strangers = burden.units.dropFirst(burden.frameCount)
  if strangers.isEmpty { return [] }
  let shown = strangers.prefix(20).map { maskedIdentifier($0.id) }.joined(separator: ", ")
  let more = strangers.count > 20 ? ", …" : ""
  return [
    Finding(
      "burden-not-in-frame",
      severity: .note,
      message: LocalizedText(
        zh: "\(strangers.count) 个走访过的单元不在抽样框中：\(shown)\(more)。",
        en: "\(strangers.count) units that were visited are not in the frame: \(shown)\(more)."
      ),
      fix: LocalizedText("")
    )
  ]
}

private func repeated(_ receipt: String) -> Finding {
  Finding(
    "receipt-repeated",
    file: receipt,
    message: LocalizedText(zh: "同一份回执给出两次。", en: "the same receipt is given twice."),
    fix: LocalizedText(zh: "请只给一次。", en: "Give it once.")
  )
}

private func unknownStage(_ name: String, among names: [String]) -> Finding {
  let near = nearest(to: name, among: names)
  return Finding(
    "option-value",
    column: "--stage",
    value: name,
    message: LocalizedText(zh: "抽过的样都没有这个阶段。", en: "none of the draws has such a stage."),
    fix: LocalizedText(
      zh: near.map { "是否指“\($0)”？" } ?? "有：\(Set(names).sorted().joined(separator: "、"))。",
      en: near.map { "Did you mean \"\($0)\"?" } ?? "There are: \(Set(names).sorted().joined(separator: ", "))."
    )
  )
}
