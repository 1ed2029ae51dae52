package import SurveyData
import SurveyDesign

/// Whether a draw repeats, and if not, the first thing that differs.
package struct Verification: Sendable {
  /// One thing that is not as the receipt says.
  package struct Difference: Error, Sendable, Equatable {
    /// A short stable code, such as `frame-changed`.
    package var code: String
    package var message: LocalizedText
  }

  /// The first difference; nil where everything repeats.
  package var difference: Difference?
  /// Units repeated: selected and reserve.
  package var unitCount: Int
  /// The draw as it was repeated; nil where something differs.
  package var draw: Draw?
  /// The further wave as it was repeated.
  package var wave: WaveDraw?

  package init(difference: Difference?, unitCount: Int, draw: Draw? = nil, wave: WaveDraw? = nil) {
    self.difference = difference
    self.unitCount = unitCount
    self.draw = draw
    self.wave = wave
  }

  /// Whether everything repeats.
  package var isVerified: Bool { difference == nil }

  /// What to tell the user.
  package var message: LocalizedText {
    difference?.message
      ?? LocalizedText(
        zh: "核验通过：抽样可完全重复，共 \(unitCount) 个单元。",
        en: "verified: the draw repeats in full, \(unitCount) units."
      )
  }
}

/// Repeats a draw from its frames and seed and compares it with the receipt and, if given, the list.
///
/// In this order: seed, each frame with its strata and N, keys, n and the selected units stratum by stratum,
/// the list. A list may hold further columns; those of ``DrawnList`` are compared.
///
/// - Parameters:
///   - receipt: what is verified.
///   - frames: one a stage.
///   - seed: needed while the receipt is sealed; a revealed receipt brings its own.
///   - list: compared as well, where it is given.
///   - earlier: the earlier draws whose units were left out; a revealed receipt names the units itself.
///   - joint: the probabilities of pairs as they were read back; `nil` leaves them to the receipt's digest.
/// - Returns: the first difference, or that there is none.
package func verify(
  _ receipt: Receipt,
  frames: [ReceiptFrame],
  seed: Seed? = nil,
  list: Table? = nil,
  earlier: [EarlierDraw] = [],
  joint: Table? = nil
) -> Verification {
  if let wave = receipt.wave {
    return verifyWave(receipt, record: wave, frames: frames, seed: seed, list: list, earlier: earlier)
  }
  do throws(Verification.Difference) {
    let seed = try checkedSeed(receipt, given: seed)
    guard frames.count == receipt.stages.count, receipt.inputs.count == receipt.stages.count else {
      throw differs(
        "stages-differ",
        zh: "回执有 \(receipt.stages.count) 个阶段，给出 \(frames.count) 个抽样框。",
        en: "the receipt has \(receipt.stages.count) stages, \(frames.count) frames were given."
      )
    }
    for (place, frame) in frames.enumerated() {
      try checkFrame(frame, input: receipt.inputs[place], stage: receipt.stages[place])
    }
    let draw = try repeated(receipt, frames: frames, seed: seed, earlier: earlier)
    let expected = DrawnList.table(of: draw, frames: frames.map(\.units))
    if let list { try compareLists(list, expected: expected) }
    let text = canonicalText(of: expected)
    if Receipt.commitment(toList: text, seed: seed.text) != receipt.listCommitment {
      throw differs("list-differs", zh: "名单与回执中的承诺不符。", en: "the list is not the one committed to.")
    }
    if let revealed = receipt.revealed, revealed.listDigest != Digest(of: text).hex {
      throw differs("list-differs", zh: "名单的摘要与回执不符。", en: "the list's digest is not the receipt's.")
    }
    try compareJoint(joint, of: draw, with: receipt)
    return Verification(difference: nil, unitCount: expected.rowCount, draw: draw)
  } catch {
    return Verification(difference: error, unitCount: 0)
  }
}

func differs(_ code: String, zh: String, en: String) -> Verification.Difference {
  Verification.Difference(code: code, message: LocalizedText(zh: zh, en: en))
}

func checkedSeed(_ receipt: Receipt, given: Seed?) throws(Verification.Difference) -> Seed {
  var seed = given
  if let revealed = receipt.revealed {
    let own: Seed
    // The receipt records why a weak seed was accepted; without that a weak one is refused again.
    do throws(InputRefusal) {
      own =
        revealed.contributions.isEmpty
        ? try Seed(declared: revealed.seed, weakReason: receipt.weakSeedReason)
        : try Seed(contributions: revealed.contributions, weakReason: receipt.weakSeedReason)
    } catch {
      throw refused(error)
    }
    let committed = revealed.contributions.map { Seed.commitment(to: $0).hex }
    if !sameBytes(own.text, revealed.seed) || committed != receipt.contributionCommitments {
      throw differs(
        "seed-differs",
        zh: "回执中的各方文本合成不出回执中的种子。",
        en: "the receipt's contributions do not combine to its seed and commitments."
      )
    }
    seed = given ?? own
  }
  guard let seed else {
    throw differs(
      "seed-missing",
      zh: "回执尚未公开种子，无法核验；请用 --seed-file 给出种子。",
      en: "the receipt is sealed; give the seed by --seed-file to verify it."
    )
  }
  let committed = seed.contributions.map { Seed.commitment(to: $0).hex }
  if seed.commitment.hex != receipt.seedCommitment
    || !committed.isEmpty && committed != receipt.contributionCommitments
  {
    throw differs(
      "seed-differs",
      zh: "种子与回执中的承诺不符。",
      en: "the seed is not the one the receipt committed to."
    )
  }
  return seed
}

/// Draws every stage again and compares it with the receipt as it goes.
private func repeated(
  _ receipt: Receipt,
  frames: [ReceiptFrame],
  seed: Seed,
  earlier: [EarlierDraw]
) throws(Verification.Difference) -> Draw {
  var drawn = [StageDraw]()
  var parents: [String]?
  for (place, stage) in receipt.stages.enumerated() {
    let exclusions = try recordedExclusions(of: stage, earlier: earlier, seed: seed)
    let result: StageDraw
    do throws(InputRefusal) {
      let key = try DrawKey(seed: seed.text, group: receipt.group, stage: stage.plan.name)
      result = try drawStage(
        stage.plan,
        frame: frames[place].units,
        parents: parents,
        key: key,
        excluding: exclusions,
        from: FrameIdentity(of: receipt.inputs[place])
      )
    } catch {
      throw refused(error)
    }
    if let key = stage.key, key != result.key.hex {
      throw differs(
        "key-differs",
        zh: "阶段“\(stage.plan.name)”的密钥不符：应为 \(result.key.hex)，回执为 \(key)。",
        en: "stage \"\(stage.plan.name)\": the key should be \(result.key.hex), the receipt has \(key)."
      )
    }
    if stage.weights != result.exclusion?.weights {
      throw differs(
        "weights-differ",
        zh: "阶段“\(stage.plan.name)”：权数所代表的总体与回执不符。",
        en: "stage \"\(stage.plan.name)\": the population that the weights speak for is not the receipt's."
      )
    }
    if let cells = stage.cells {
      let repeated =
        receipt.state == .sealed
        ? sealedCells(of: result, seed: seed) : result.cells.map { revealedCell($0, key: result.key) }
      try compareCells(cells, repeated: repeated, stage: stage.plan.name)
    } else if receipt.state == .revealed || place == 0 {
      throw differs(
        "strata-missing",
        zh: "回执缺少阶段“\(stage.plan.name)”的各层。",
        en: "the receipt lacks the strata of stage \"\(stage.plan.name)\"."
      )
    }
    parents = result.cells.flatMap { $0.selected.map(\.id) }
    drawn.append(result)
  }
  return Draw(seed: seed, group: receipt.group, stages: drawn)
}

func refused(_ refusal: InputRefusal) -> Verification.Difference {
  guard let first = refusal.findings.first else {
    return differs("not-repeatable", zh: "抽样无法重复。", en: "the draw cannot be repeated.")
  }
  return differs(
    first.code,
    zh: "抽样无法重复：\(first.line(in: .chinese))",
    en: "the draw cannot be repeated: \(first.line(in: .english))"
  )
}

extension Receipt.Cell {
  /// Parent and strata values as one text.
  var place: String {
    let text = stratumKey((parent.map { [$0] } ?? []) + stratum)
    return text.isEmpty ? "all" : text
  }
}
