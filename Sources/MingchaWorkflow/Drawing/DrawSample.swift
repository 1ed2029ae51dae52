internal import Documents
package import SampleDrawing
package import SurveyData
internal import SurveyDesign
internal import SurveyReporting

/// A draw that was made and written.
package struct DrawRecord: Sendable {
  package var draw: Draw
  package var list: Table
  package var receipt: Receipt
  package var notes: [Finding]
  /// The folder with list.csv, list.xlsx and receipt.json.
  package var folder: String
  package var title: LocalizedText
  /// Whether a receipt was written: not for a list of single villages.
  package var hasReceipt = true
  /// The names of the files written, the list first.
  package var files: [String] {
    let hasPairs = draw.stages.contains { $0.cells.contains { $0.pairs != nil } }
    let own = [DrawFiles.list, DrawFiles.workbook]
    return hasReceipt ? own + [DrawFiles.receipt] + (hasPairs ? [DrawFiles.joint] : []) : own
  }
}

/// The files of a draw's folder.
package enum DrawFiles {
  package static let list = "list.csv"
  package static let workbook = "list.xlsx"
  package static let receipt = "receipt.json"
  /// The probabilities of pairs, for the draws that state them.
  package static let joint = "joint.csv"
}

/// Draws, and writes list, workbook and receipt into a new folder: all of them or none.
///
/// - Parameters:
///   - order: what is drawn from what.
///   - language: of the workbook's words.
/// - Returns: what was drawn and written.
/// - Throws: an `InputRefusal` with every finding of seed, files or strata; a `WritingError` where the
///   folder holds something already or cannot be written.
package func drawSample(_ order: DrawOrder, language: Language) throws -> DrawRecord {
  try refuseOverwriting(order.folder)
  let unused = order.stages.flatMap { unusedColumnFindings($0.plan) }
  if !unused.isEmpty { throw InputRefusal(unused) }
  let seed = try order.seed.seed(weakReason: order.weakSeedReason)
  let previous = try order.previousReceipt.map { path in
    try Receipt(json: try readBytes(path), file: path)
  }
  let earlier = try EarlierRounds(order, seed: seed)
  let drawn = try drawStages(
    order.stages,
    seed: seed,
    group: order.group,
    excluding: earlier.exclusions,
    within: order.within.isEmpty ? nil : order.within
  )
  let draw = drawn.draw
  let frames = drawn.frames
  var notes = drawn.notes
  let log = try order.surveyFolder.map { try ArrivalLog(folder: $0) }
  let arrivals = try log.map { try checkedArrivals(order, log: $0) } ?? (head: nil, notes: [])
  notes += arrivals.notes
  let continued = try continuedReceipt(order, draw: draw, frames: frames)
  notes += continued.notes
  notes += draw.notes + earlier.overlapNotes(of: draw, frames: frames)
  let sealed = try Receipt(
    of: draw,
    frames: frames,
    toolVersion: ToolVersion.text,
    survey: order.survey,
    attempt: (previous?.attempt ?? 0) + 1,
    previousReceipt: try previous?.digest().hex,
    date: order.date,
    series: try earlier.digests,
    publicSeedReason: order.publicSeedReason,
    continues: continued.digest,
    arrivals: arrivals.head
  )
  let receipt = order.reveals ? try sealed.revealed(by: draw, frames: frames) : sealed
  var list = DrawnList.table(of: draw, frames: frames.map(\.units))
  if order.within.isEmpty {
    try compareVillageLists(order, draw: draw)
  } else {
    list = ownRows(of: list, draw: draw)
  }
  var record = DrawRecord(
    draw: draw,
    list: list,
    receipt: receipt,
    notes: notes,
    folder: order.folder,
    title: order.title
  )
  record.hasReceipt = order.within.isEmpty
  try record.write(language)
  return record
}

/// Refuses a folder that holds something already.
func refuseOverwriting(_ folder: String) throws {
  do throws(WritingError) {
    try NewFolder.check(folder)
  } catch .exists {
    throw InputRefusal(
      Finding(
        "draw-exists",
        file: folder,
        message: LocalizedText(zh: "已有抽样或其他文件，未作改动。", en: "holds a draw or other files, and was left as it is."),
        fix: LocalizedText(
          zh: "抽样从不覆盖；请另用文件夹或抽样名，再次抽样用 --previous 指明前一份回执。",
          en: "A draw is never overwritten: use another folder or name, and --previous for a further attempt."
        )
      )
    )
  }
}

extension DrawRecord {
  /// Writes list, workbook and receipt into the new folder: all of them or none.
  func write(_ language: Language) throws {
    try NewFolder.write(folder) { folder in
      let workbook: @Sendable () throws -> Void = {
        _ = try XLSXWriter().write(visitList(language), to: folder + "/" + DrawFiles.workbook, overwrite: false)
      }
      let others: @Sendable () throws -> Void = {
        try AtomicFile.write(csvBytes(of: list), to: folder + "/" + DrawFiles.list, overwrite: false)
        // A list of single villages is repeated by the whole draw, whose receipt speaks for it.
        if !hasReceipt { return }
        if receipt.wave == nil, let joint = JointList.table(of: draw) {
          try AtomicFile.write(csvBytes(of: joint), to: folder + "/" + DrawFiles.joint, overwrite: false)
        }
        try AtomicFile.write(try receipt.json(), to: folder + "/" + DrawFiles.receipt, overwrite: false)
      }
      // A workbook of many rows takes longer than everything else together.
      for outcome in Workers.map(2, [workbook, others], { write in Result { try write() } }) { try outcome.get() }
    }
  }

  /// The list as it goes to the field, with what an inspector wants beside it.
  private func visitList(_ language: Language) -> Document {
    var facts = [(LocalizedText(zh: "组名", en: "Group"), receipt.group)]
    if hasReceipt {
      facts.append((LocalizedText(zh: "名单的承诺值", en: "Commitment to this list"), receipt.listCommitment))
    }
    facts += [
      (LocalizedText(zh: "种子的承诺值", en: "Commitment to the seed"), receipt.seedCommitment),
      (LocalizedText(zh: "软件", en: "Software"), receipt.toolVersion),
    ]
    if let date = receipt.date { facts.append((LocalizedText(zh: "日期", en: "Date"), date)) }
    for input in receipt.inputs {
      facts.append(
        (LocalizedText(zh: "抽样框 \(input.file)", en: "frame \(input.file)"), "SHA-256 \(input.frameDigest)")
      )
    }
    let ids = listedIDColumns(of: list, stageNames: receipt.stages.map(\.plan.name))
    var document = VisitList.document(list, title: title, facts: facts, ids: ids, language: language)
    // What a team carries stands first and fits a page; every column of the list stands behind it.
    let short = VisitList.short(
      list,
      ids: ids,
      title: LocalizedText(zh: "走访名单", en: "Visits").text(in: language),
      language: language
    )
    document.blocks.insert(.table(short), at: 0)
    return document
  }
}
