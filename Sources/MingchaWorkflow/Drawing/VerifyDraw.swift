internal import SampleDrawing
package import SurveyData
internal import SurveyDesign
internal import TabularFiles

/// What a verification is given besides the receipt.
package struct VerificationOrder: Sendable {
  package var receipt: String
  /// One source a stage.
  package var frames: [FrameSource]
  /// Needed while the receipt is sealed.
  package var seed: SeedSource?
  /// The list to compare; `nil` leaves the list to its commitment in the receipt.
  package var list: String?
  /// The probabilities of pairs that were written beside the list, where they are there.
  var joint: String?
  /// The receipts of earlier draws whose units were left out, and of the draw that a further wave belongs to.
  package var earlier: [String] = []
  /// Seeds of earlier draws, with which their lists are compared.
  package var earlierSeedFiles: [String] = []
  /// The stages of a survey file, which must be those of the receipt.
  fileprivate var planned: [PlannedStage]?
}

/// What a survey file says of a stage, to be compared with a receipt.
private struct PlannedStage: Equatable {
  var plan: StagePlan
  /// The groups of the draws whose units are left out.
  var excludedGroups: [String]
}

extension VerificationOrder {
  /// A verification of a receipt with frames given one by one, in the order of its stages.
  ///
  /// Without frames the files named in the receipt are looked for here, beside the receipt and in the folder
  /// above it. Without a list, `list.csv` beside the receipt is compared where it is there.
  /// - Throws: an `InputRefusal` for an unreadable receipt, a missing file, or another number of frames.
  package init(
    receipt path: String,
    frames: [String],
    seed: SeedSource?,
    list: String?,
    sheet: String? = nil,
    headerRow: Int? = nil,
    allowsFormulas: Bool = false,
    dropsIdenticalRows: Bool = false
  ) throws {
    let receipt = try Receipt(json: try readBytes(path), file: path)
    let folder = NewFolder.parent(of: path)
    let patterns = frames.isEmpty ? receipt.inputs.map { foundFrame($0.file, beside: folder) } : frames
    guard patterns.count == receipt.stages.count, receipt.inputs.count == receipt.stages.count else {
      throw InputRefusal(
        Finding(
          "frames-count",
          file: path,
          message: LocalizedText(
            zh: "回执有 \(receipt.stages.count) 个阶段，给出 \(patterns.count) 个抽样框。",
            en: "has \(receipt.stages.count) stages, and \(patterns.count) frames were given."
          ),
          fix: LocalizedText(
            zh: "每个阶段给出一个 --frame，按阶段顺序；多个文件写成带引号的通配符。",
            en: "Give one --frame a stage in their order; several files as one quoted pattern."
          )
        )
      )
    }
    self.receipt = path
    self.frames = try receipt.stages.indices.map { place in
      let stage = receipt.stages[place]
      return FrameSource(
        paths: try patterns[place].split(separator: ",").flatMap { part in
          try expandGlob(String(part.drop { $0 == " " }), in: "")
        },
        label: receipt.inputs[place].file,
        id: stage.plan.id,
        parent: stage.plan.parent,
        keep: try receipt.inputs[place].filter.map { try Expression(parsing: $0) },
        sheet: sheet,
        headerRow: headerRow,
        allowsFormulas: allowsFormulas,
        dropsIdenticalRows: dropsIdenticalRows
      )
    }
    self.seed = seed
    let beside = folder + "/" + DrawFiles.list
    self.list = list ?? (exists(beside) ? beside : nil)
    joint = jointFile(beside: self.list)
    planned = nil
  }

  /// A verification of a draw of a survey folder: its frames, its receipt, its list.
  ///
  /// - Parameters:
  ///   - folder: the survey folder.
  ///   - name: of the draw, or the folder of a further wave of its reserves, as `households-wave-2`.
  ///   - until: the last stage of a draw that was made down to a stage only.
  ///   - seed: needed while the receipt is sealed.
  ///   - dropsIdenticalRows: whether the draw dropped rows equal to an earlier one.
  /// - Throws: an `InputRefusal` for an unknown draw or stage, or a frame without files.
  package init(
    folder: SurveyFolder,
    draw name: String,
    until: String? = nil,
    seed: SeedSource?,
    dropsIdenticalRows: Bool = false
  ) throws {
    let wave = folder.wave(named: name)
    let definition = try folder.draw(wave?.draw ?? name, until: until)
    let place = wave == nil ? folder.drawPath(name, until: until) : folder.drawPath(name)
    receipt = place + "/" + DrawFiles.receipt
    frames = try definition.stages.compactMap {
      try folder.frameSource(of: $0, dropsIdenticalRows: dropsIdenticalRows)
    }
    self.seed = seed
    list = place + "/" + DrawFiles.list
    joint = jointFile(beside: list)
    planned = definition.stages.map { stage in
      PlannedStage(plan: stage.plan, excludedGroups: stage.exclude.map { folder.group(of: $0) })
    }
    earlier = definition.stages.flatMap(\.exclude).map { folder.drawPath($0) + "/" + DrawFiles.receipt }
      .filter { exists($0) }
    if let wave {
      earlier.append(folder.drawPath(wave.draw) + "/" + DrawFiles.receipt)
      earlier += folder.waves(of: wave.draw).prefix(wave.number - 2)
    }
  }
}

/// The outcome of a verification with the notes of reading.
package struct VerificationRecord: Sendable {
  /// The code of the first difference, such as `frame-changed`; `nil` where everything repeats.
  package var difference: String?
  package var message: LocalizedText
  /// Units repeated: selected and reserve.
  package var unitCount: Int
  package var notes: [Finding]
  /// Whether a list was compared.
  package var comparedList: Bool
  /// A sealed receipt was rewritten as revealed.
  package internal(set) var wasRevealed = false
  let receipt: Receipt
  let frames: [ReceiptFrame]
  let seed: Seed?
  /// The draw as it was repeated; nil where something differs.
  let draw: Draw?
  /// The further wave as it was repeated.
  let wave: WaveDraw?

  package var isVerified: Bool { difference == nil }
  /// The receipt is sealed and no seed was given, or an earlier receipt, list or seed is not at hand: nothing can be decided.
  package var isUndecided: Bool {
    [
      "seed-missing", "exclusion-missing", "exclusion-fieldwork-missing", "earlier-missing", "earlier-seed-missing",
    ].contains(difference)
  }
}

/// Repeats a draw from frames and seed and compares it with the receipt and the list.
///
/// - Throws: an `InputRefusal` where an input cannot be read at all; what differs is an outcome, not an error.
package func verifyDraw(_ order: VerificationOrder) throws -> VerificationRecord {
  let receipt = try Receipt(json: try readBytes(order.receipt), file: order.receipt)
  var notes = [Finding]()
  let seed = try order.seed?.seed(weakReason: receipt.weakSeedReason)
  let recorded = receipt.stages.map { stage in
    PlannedStage(plan: stage.plan, excludedGroups: stage.exclusions.map { $0.map(\.group) } ?? [])
  }
  var planned = order.planned
  if receipt.wave != nil {
    // What the draw left out stands in its own receipt.
    planned = planned?.map { PlannedStage(plan: $0.plan, excludedGroups: []) }
  }
  let changed = planned.flatMap { planDifference($0, recorded) }
  var list: Table?
  var listNotes = [Finding]()
  if let path = order.list {
    let (table, own) = try readList(path)
    list = table
    listNotes = own.filter { !isOurOwnForm($0) }
  }
  let joint = try order.joint.map { try readTable(path: $0).table }
  if changed == nil, receipt.wave == nil, order.earlier.isEmpty, order.earlierSeedFiles.isEmpty,
    let repeated = repeatStreaming(receipt, sources: order.frames, seed: seed, list: list, joint: joint)
  {
    return VerificationRecord(
      message: Verification(difference: nil, unitCount: repeated.unitCount).message,
      unitCount: repeated.unitCount,
      notes: repeated.drawn.notes + listNotes,
      comparedList: list != nil,
      receipt: receipt,
      frames: repeated.drawn.frames,
      seed: seed,
      draw: repeated.drawn.draw,
      wave: nil
    )
  }
  var frames = [ReceiptFrame]()
  for source in order.frames {
    let (frame, own) = try source.readForVerification()
    frames.append(frame)
    notes += own
  }
  notes += listNotes
  let seeds = try EarlierDraws(seedFiles: order.earlierSeedFiles, own: seed)
  let earlier = try order.earlier.map { try seeds.read($0, fieldwork: .whereThere) }
  try seeds.checkSeeds(against: earlier)
  let verification = verify(receipt, frames: frames, seed: seed, list: list, earlier: earlier, joint: joint)
  return VerificationRecord(
    difference: changed == nil ? verification.difference?.code : "plan-differs",
    message: changed ?? verification.message,
    unitCount: changed == nil ? verification.unitCount : 0,
    notes: notes,
    comparedList: list != nil,
    receipt: receipt,
    frames: frames,
    seed: seed,
    draw: verification.draw,
    wave: verification.wave
  )
}

private func jointFile(beside list: String?) -> String? {
  guard let list else { return nil }
  let path = NewFolder.parent(of: list) + "/" + DrawFiles.joint
  return exists(path) ? path : nil
}

/// A list of a draw that took nothing has a header alone, which no other input may have.
func readList(_ path: String) throws -> (table: Table, notes: [Finding]) {
  do {
    return try readTable(path: path)
  } catch let refusal as InputRefusal where refusal.findings.map(\.code) == ["file-no-rows"] {
    let header = try readHeader(path: path)
    return (Table(columns: header.map { Column($0, texts: []) }, file: path), [])
  }
}

/// The byte order mark of `list.csv` is ours and not worth a note.
private func isOurOwnForm(_ note: Finding) -> Bool { note.code.hasPrefix("encoding") }

private func planDifference(_ plans: [PlannedStage], _ recorded: [PlannedStage]) -> LocalizedText? {
  guard plans != recorded else { return nil }
  let place = zip(plans, recorded).enumerated().first { $0.element.0 != $0.element.1 }?.offset
  let stage = place.map { recorded[$0].plan.name } ?? "\(recorded.count) ≠ \(plans.count)"
  return LocalizedText(
    zh: "调查文件中阶段“\(stage)”的设计与回执不同。",
    en: "the survey file's plan of stage \"\(stage)\" is not the one of the receipt."
  )
}

private func foundFrame(_ file: String, beside folder: String) -> String {
  // A draw of a survey folder stands in its draws/NAME, and its frames are named from the survey folder.
  var places = [file]
  var above = folder
  for _ in 0..<3 {
    places.append(above + "/" + file)
    above = NewFolder.parent(of: above)
  }
  return places.first { (try? expandGlob($0, in: "")) != nil } ?? file
}
