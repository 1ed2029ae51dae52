import SurveyData
import SurveyDesign

/// Repeats a draw and its further waves of reserves, the draw first, each by its own seed.
///
/// - Parameters:
///   - chain: the draw and its waves; each needs its seed, or a receipt that is revealed.
///   - frames: the frame of each stage.
///   - earlier: the earlier draws whose units the draw left out.
/// - Returns: the draw with the reserves of all these waves.
/// - Throws: the first difference; `earlier-seed-missing` where a sealed receipt comes without its seed.
package func repeatedDraw(
  _ chain: [EarlierDraw],
  frames: [ReceiptFrame],
  earlier: [EarlierDraw] = []
) throws(Verification.Difference) -> Draw {
  guard let first = chain.first else {
    throw differs("wave-missing", zh: "没有给出抽样的回执。", en: "the receipt of the draw was not given.")
  }
  if first.receipt.wave != nil {
    throw differs(
      "wave-missing",
      zh: "\(first.file)：这本身是一批续抽；请指明原抽样。",
      en: "\(first.file): this is a further wave itself; name the draw it belongs to."
    )
  }
  for link in chain where link.receipt.revealed == nil && link.seed == nil {
    throw differs(
      "earlier-seed-missing",
      zh: "\(link.file)：该回执尚未公开，续抽须重做它：请用 --earlier-seed-file 给出其种子。",
      en: "\(link.file): this receipt is sealed, and a further wave repeats it: give its seed by --earlier-seed-file."
    )
  }
  let verification = verify(
    first.receipt,
    frames: frames,
    seed: first.seed,
    list: first.list,
    earlier: earlier
  )
  guard var draw = verification.draw else {
    throw differs(
      verification.difference?.code ?? "not-repeatable",
      zh: "\(first.file)：\(verification.message.zh)",
      en: "\(first.file): \(verification.message.en)"
    )
  }
  for (place, link) in chain.enumerated().dropFirst() {
    let seed = try checkedSeed(link.receipt, given: link.seed)
    draw = try repeatedWave(link.receipt, after: chain[..<place], draw: draw, frames: frames, seed: seed).draw
  }
  return draw
}

/// Repeats one wave after the draw and the waves before it.
private func repeatedWave(
  _ receipt: Receipt,
  after chain: ArraySlice<EarlierDraw>,
  draw: Draw,
  frames: [ReceiptFrame],
  seed: Seed
) throws(Verification.Difference) -> WaveDraw {
  guard let record = receipt.wave, record.number == chain.count + 1, record.receipts.count == chain.count else {
    throw differs(
      "wave-missing",
      zh: "回执不是第 \(chain.count + 1) 批备选的回执，或其前各批没有给全。",
      en: "the receipt is not that of wave \(chain.count + 1), or not all waves before it were given."
    )
  }
  for (link, digest) in zip(chain, record.receipts) {
    let isNamed: Bool
    do throws(InputRefusal) { isNamed = try link.receipt.isNamed(by: digest) } catch { throw refused(error) }
    if !isNamed {
      throw differs(
        "wave-missing",
        zh: "回执续抽自 SHA-256 \(digest)，给出的是另一份回执：\(link.file)。",
        en: "the receipt is a wave of SHA-256 \(digest); \(link.file) is another one."
      )
    }
  }
  if chain.contains(where: { $0.receipt.seedCommitment == receipt.seedCommitment }) {
    throw differs("wave-seed", zh: "这一批用了此前的种子。", en: "the wave was drawn by a seed used before it.")
  }
  guard receipt.group == draw.group, receipt.stages.map(\.plan) == draw.stages.map(\.plan) else {
    throw differs("plan-differs", zh: "回执的设计与原抽样不同。", en: "the receipt's plan is not that of the draw.")
  }
  let wave: WaveDraw
  do throws(InputRefusal) {
    wave = try drawWave(
      record.request,
      of: draw,
      number: record.number,
      frames: frames.map(\.units),
      seed: seed
    )
  } catch {
    throw refused(error)
  }
  let stage = receipt.stages[wave.stage]
  if let key = stage.key, key != wave.key.hex {
    throw differs(
      "key-differs",
      zh: "阶段“\(stage.plan.name)”的密钥不符：应为 \(wave.key.hex)，回执为 \(key)。",
      en: "stage \"\(stage.plan.name)\": the key should be \(wave.key.hex), the receipt has \(key)."
    )
  }
  if let cells = stage.cells {
    let repeated = waveCells(wave, isOpen: receipt.state == .revealed)
    try compareCells(cells, repeated: repeated, stage: stage.plan.name)
  } else if receipt.state == .revealed || wave.stage == 0 {
    throw differs("strata-missing", zh: "回执缺少各层。", en: "the receipt lacks the strata of the wave.")
  }
  return wave
}

/// Verifies the receipt of a further wave: the draw and the waves before it are repeated first.
func verifyWave(
  _ receipt: Receipt,
  record: Receipt.Wave,
  frames: [ReceiptFrame],
  seed: Seed?,
  list: Table?,
  earlier: [EarlierDraw]
) -> Verification {
  do throws(Verification.Difference) {
    let seed = try checkedSeed(receipt, given: seed)
    var chain = [EarlierDraw]()
    for digest in record.receipts {
      guard let link = try named(digest, among: earlier) else {
        throw differs(
          "earlier-missing",
          zh: "这是“\(receipt.group)”的第 \(record.number) 批备选；核验还需要此前的回执（SHA-256 \(digest)）："
            + "请用 --earlier 给出。",
          en: "this is wave \(record.number) of \"\(receipt.group)\"; to verify it give the receipt before it "
            + "(SHA-256 \(digest)) by --earlier."
        )
      }
      chain.append(link)
    }
    let draw = try repeatedDraw(chain, frames: frames, earlier: earlier)
    let wave = try repeatedWave(receipt, after: chain[...], draw: draw, frames: frames, seed: seed)
    let expected = DrawnList.table(of: wave, frames: frames.map(\.units))
    if let list { try compareLists(list, expected: expected) }
    let text = canonicalText(of: expected)
    let isListed = receipt.revealed.map { $0.listDigest == Digest(of: text).hex } ?? true
    if !isListed || Receipt.commitment(toList: text, seed: seed.text) != receipt.listCommitment {
      throw differs("list-differs", zh: "名单与回执中的承诺不符。", en: "the list is not the one committed to.")
    }
    return Verification(difference: nil, unitCount: expected.rowCount, wave: wave)
  } catch {
    return Verification(difference: error, unitCount: 0)
  }
}
