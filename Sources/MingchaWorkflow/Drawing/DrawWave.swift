internal import Documents
package import SampleDrawing
package import SurveyData
internal import SurveyDesign
internal import SurveyReporting

/// A further wave of reserves of a draw that was made.
package struct WaveOrder: Sendable {
  /// The draw: its receipt, its frames, and the receipts of what it left out.
  ///
  /// Its seed is the wave's own.
  package var draw: VerificationOrder
  /// The receipts of the waves before, the second first.
  package var waves: [String]
  /// The stage; the last one without a name.
  package var stage: String?
  /// The strata that get reserves; nil for all.
  package var only: [String]?
  /// Reserves in every stratum; nil for as many as the plan says.
  package var reserves: Int?
  package var seed: SeedSource
  package var weakSeedReason: String?
  package var reveals = false
  package var date: String?
  /// The folder to make.
  package var folder: String

  package init(draw: VerificationOrder, waves: [String], seed: SeedSource, folder: String) {
    self.draw = draw
    self.waves = waves
    self.seed = seed
    self.folder = folder
  }
}

extension SurveyFolder {
  /// The receipts of the further waves of a draw that were made, the second wave first.
  package func waves(of drawName: String) -> [String] {
    var receipts = [String]()
    while true {
      let receipt = wavePath(drawName, number: receipts.count + 2) + "/" + DrawFiles.receipt
      if !exists(receipt) { return receipts }
      receipts.append(receipt)
    }
  }

  /// The draw and number of a wave that is named by its folder, where no draw of the survey file has that name.
  func wave(named name: String) -> (draw: String, number: Int)? {
    guard survey.draw(name) == nil, let mark = lastRange(of: "-wave-", in: name),
      let number = Int(name[mark.upperBound...]), number >= 2
    else { return nil }
    return (String(name[..<mark.lowerBound]), number)
  }

  /// Where a further wave of a draw stands.
  package func wavePath(_ drawName: String, number: Int) -> String { drawPath(drawName) + "-wave-\(number)" }
}

/// A wave that was drawn and written.
package struct WaveRecord: Sendable {
  package var wave: WaveDraw
  package var record: DrawRecord

  package var notes: [Finding] { record.notes }
}

/// Repeats a draw and its waves, draws one wave more, and writes its list, workbook and receipt into a new folder.
///
/// - Parameters:
///   - order: the draw and what is asked for.
///   - language: of the workbook's words.
/// - Returns: what was drawn and written.
/// - Throws: an `InputRefusal` where the draw does not repeat, a seed was used before, or a stratum is unknown or has
///   no unit left; a `WritingError` where the folder cannot be written.
package func drawWave(_ order: WaveOrder, language: Language) throws -> WaveRecord {
  try refuseOverwriting(order.folder)
  let seed = try order.seed.seed(weakReason: order.weakSeedReason)
  let reader = try EarlierDraws(seedFiles: order.draw.earlierSeedFiles, own: nil)
  let chain = try ([order.draw.receipt] + order.waves).map { try reader.read($0) }
  let earlier = try order.draw.earlier.map { try reader.read($0, fieldwork: .whereThere) }
  try reader.checkSeeds(against: chain + earlier)
  let used = (chain + earlier).filter { $0.receipt.seedCommitment == seed.commitment.hex }
  if !used.isEmpty { throw InputRefusal(used.map { usedSeed($0.file) }) }
  var frames = [ReceiptFrame]()
  var notes = [Finding]()
  for source in order.draw.frames {
    let (frame, own) = try source.read()
    frames.append(frame)
    notes += own
  }
  let draw: Draw
  do throws(Verification.Difference) {
    draw = try repeatedDraw(chain, frames: frames, earlier: earlier)
  } catch {
    throw InputRefusal(doesNotRepeat(error))
  }
  let wave = try SampleDrawing.drawWave(
    WaveRequest(
      stage: order.stage ?? draw.stages.last?.plan.name ?? "",
      only: order.only,
      reserves: order.reserves
    ),
    of: draw,
    number: chain.count + 1,
    frames: frames.map(\.units),
    seed: seed
  )
  let sealed = try Receipt(
    of: wave,
    frames: frames,
    chain: chain.map(\.receipt),
    toolVersion: ToolVersion.text,
    date: order.date
  )
  let group = draw.group
  let record = DrawRecord(
    draw: wave.draw,
    list: DrawnList.table(of: wave, frames: frames.map(\.units)),
    receipt: order.reveals ? try sealed.revealed(by: wave, frames: frames) : sealed,
    notes: notes + stratumNotes(wave),
    folder: order.folder,
    title: LocalizedText(zh: "\(group) 第 \(wave.number) 批备选", en: "\(group), wave \(wave.number) of reserves")
  )
  try record.write(language)
  return WaveRecord(wave: wave, record: record)
}

private func usedSeed(_ file: String) -> Finding {
  Finding(
    "wave-seed",
    file: file,
    message: LocalizedText(
      zh: "该次抽样已用过这个种子：续抽的备选须有新的随机性。",
      en: "this draw was made by the same seed: a further wave of reserves takes fresh randomness."
    ),
    fix: LocalizedText(zh: "请给出新的种子。", en: "Give a new seed.")
  )
}

private func doesNotRepeat(_ difference: Verification.Difference) -> Finding {
  Finding(
    difference.code,
    message: difference.message,
    fix: LocalizedText(
      zh: "续抽须先能重做原抽样；请核对抽样框、回执与种子。",
      en: "A further wave begins with repeating the draw: check frames, receipts and seeds."
    )
  )
}

private func stratumNotes(_ wave: WaveDraw) -> [Finding] {
  let plan = wave.draw.stages[wave.stage].plan
  let spent = zip(wave.cells, wave.left).filter { $0.1 == 0 && !wave.reserves(ofCell: $0.0).isEmpty }.map(\.0)
  let short = wave.cells.filter { place in
    let cell = wave.draw.stages[wave.stage].cells[place]
    let asked = wave.request.reserves ?? plan.reserves(inStratum: cell.stratumText)
    return wave.reserves(ofCell: place).count < asked
  }
  return [
    note(
      "reserves-short",
      of: short,
      wave,
      LocalizedText(zh: "以下各层剩余单元不足，备选少于要求", en: "fewer units than asked for are left in these strata")
    ),
    note(
      "nothing-left-to-chance",
      of: spent,
      wave,
      LocalizedText(
        zh: "以下各层的单元已全部抽中或列为备选，名单在那里不是秘密",
        en: "every unit is selected or in reserve, so the list is no secret, in these strata"
      )
    ),
  ].compactMap { $0 }
}

private func note(_ code: String, of cells: [Int], _ wave: WaveDraw, _ words: LocalizedText) -> Finding? {
  if cells.isEmpty { return nil }
  let stage = wave.draw.stages[wave.stage]
  let listedAtMost = 20
  let shown = cells.prefix(listedAtMost).map { stage.cells[$0].place }.joined(separator: "; ")
  let more = cells.count > listedAtMost ? "; …" : ""
  return Finding(
    code,
    severity: .note,
    message: LocalizedText(
      zh: "阶段“\(stage.plan.name)”：\(words.zh)：\(shown)\(more)。",
      en: "stage \"\(stage.plan.name)\": \(words.en): \(shown)\(more)."
    ),
    fix: LocalizedText("")
  )
}

extension WaveRecord {
  /// What was drawn, for the terminal.
  package func text(_ language: Language) -> String {
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    let stage = wave.draw.stages[wave.stage]
    let table = DocumentTable(
      key: "strata",
      title: word("各层", "Strata"),
      columns: [
        DocumentColumn("stratum", word("层", "Stratum"), .text),
        DocumentColumn("population", word("总数 N", "Population N"), .integer),
        DocumentColumn("before", word("此前已抽", "Drawn before"), .integer),
        DocumentColumn("reserves", word("新备选", "New reserves"), .integer),
        DocumentColumn("left", word("剩余", "Left"), .integer),
      ],
      rows: zip(wave.cells, wave.left).map { place, left in
        let cell = stage.cells[place]
        let new = wave.reserves(ofCell: place).count
        return [
          .text(cell.place), .integer(cell.populationSize), .integer(cell.units.count - new), .integer(new),
          .integer(left),
        ]
      }
    )
    return TerminalWriter().text(
      of: Document(title: record.title.text(in: language), language: language.forDocuments, blocks: [.table(table)])
    )
  }
}

private func lastRange(of part: String, in text: String) -> Range<String.Index>? {
  text.ranges(of: part).last
}
