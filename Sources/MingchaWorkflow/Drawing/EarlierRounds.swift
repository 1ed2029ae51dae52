internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign

/// What earlier draws mean for a draw: the units they take out of chance, and the rounds it is one of.
struct EarlierRounds {
  /// By stage.
  let exclusions: [[Exclusion]]
  /// The earlier rounds that share seed, group and stage, the oldest first.
  private let series: [EarlierDraw]

  /// Reads the receipts that an order names.
  /// - Throws: an `InputRefusal` with what is wrong in any of them: unreadable, another stage or list, not of the
  ///   series, or a receipt that has made the seed public.
  init(_ order: DrawOrder, seed: Seed) throws {
    let reader = try EarlierDraws(seedFiles: order.earlierSeedFiles, own: seed)
    var findings = [Finding]()
    func collect<Value>(_ body: () throws -> Value) throws -> Value? {
      do { return try body() } catch let refusal as InputRefusal {
        findings += refusal.findings
        return nil
      }
    }
    var read = [EarlierDraw]()
    var exclusions = [[Exclusion]]()
    for stage in order.stages {
      var own = [Exclusion]()
      for path in stage.exclude {
        let fieldwork: EarlierDraws.Fieldwork = stage.excludesUsedReserves ? .required : .none
        guard let draw = try collect({ try reader.read(path, fieldwork: fieldwork) }) else { continue }
        read.append(draw)
        if let exclusion = try collect({ try draw.exclusion(ofStage: stage.plan.name) }) { own.append(exclusion) }
      }
      exclusions.append(own)
    }
    let series = try order.series.compactMap { path in try collect { try reader.read(path) } }
    for draw in series { findings += seriesFindings(draw, order: order, seed: seed) }
    let previous = try order.previousReceipt.flatMap { path in try collect { try reader.read(path) } }
    let all = read + series + (previous.map { [$0] } ?? [])
    _ = try collect { try refuseRevealedSeed(seed, earlier: all, reason: order.publicSeedReason) }
    if findings.isEmpty { _ = try collect { try reader.checkSeeds(against: all) } }
    if !findings.isEmpty { throw InputRefusal(findings) }
    self.exclusions = exclusions
    self.series = series
  }

  /// The series as its receipts are named.
  var digests: [String] {
    get throws { try series.map { try $0.receipt.sealed.digest().hex } }
  }

  /// What the draw shares with the last round of its series: expected and found.
  func overlapNotes(of draw: Draw, frames: [ReceiptFrame]) -> [Finding] {
    guard let last = series.last else { return [] }
    var notes = [Finding]()
    for (stage, frame) in zip(draw.stages, frames) {
      guard let place = last.receipt.stages.firstIndex(where: { $0.plan.name == stage.plan.name }) else { continue }
      guard let before = try? last.drawnUnits(stage: place).selected,
        let overlap = stage.overlap(with: last.receipt, selected: before, filter: frame.filter)
      else { continue }
      let expected = overlap.expected.map { expected in
        let text = "\((expected * 100).rounded() / 100)"
        return LocalizedText(zh: "（期望保留 \(text) 个）", en: " (\(text) expected to be kept)")
      }
      notes.append(
        Finding(
          "rotation-overlap",
          severity: .note,
          file: last.file,
          message: LocalizedText(
            zh: "阶段“\(stage.plan.name)”与上一轮相比：保留 \(overlap.kept) 个，新增 \(overlap.new) 个，"
              + "退出 \(overlap.dropped) 个\(expected?.zh ?? "")。",
            en: "stage \"\(stage.plan.name)\" against this round: \(overlap.kept) units kept, \(overlap.new) new, "
              + "\(overlap.dropped) dropped\(expected?.en ?? "")."
          ),
          fix: LocalizedText("")
        )
      )
    }
    return notes
  }
}

private func seriesFindings(_ draw: EarlierDraw, order: DrawOrder, seed: Seed) -> [Finding] {
  var differences = [LocalizedText]()
  if draw.receipt.seedCommitment != seed.commitment.hex { differences.append(LocalizedText(zh: "种子", en: "the seed")) }
  if draw.receipt.group != order.group { differences.append(LocalizedText(zh: "组名", en: "the group")) }
  if draw.receipt.stages.map(\.plan.name) != order.stages.map(\.plan.name) {
    differences.append(LocalizedText(zh: "阶段名", en: "the stages"))
  }
  if differences.isEmpty { return [] }
  let zh = differences.map(\.zh).joined(separator: "、")
  let en = differences.map(\.en).joined(separator: ", ")
  return [
    Finding(
      "series-differs",
      file: draw.file,
      value: draw.receipt.group,
      message: LocalizedText(
        zh: "该轮与本次的\(zh)不同，单元不会保持同样的号码，轮换无从谈起。",
        en:
          "\(en) of this round differ from those of the draw, so units would not keep their numbers and nothing rotates."
      ),
      fix: LocalizedText(
        zh: "一个系列的各轮须用同一种子、组名与阶段名；另起系列请换组名。",
        en: "The rounds of a series share seed, group and stage; for a new series take another group."
      )
    )
  ]
}
