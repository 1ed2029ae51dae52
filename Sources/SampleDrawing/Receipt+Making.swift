package import SurveyData
import SurveyDesign

/// What a receipt says of a whole frame.
package struct FrameFacts: Sendable, Equatable {
  /// SHA-256 of the canonical frame, in hex (protocol §6).
  package var digest: String
  package var rows: Int
  /// The rows left by the filter.
  package var unitsKept: Int

  package init(digest: String, rows: Int, unitsKept: Int) {
    self.digest = digest
    self.rows = rows
    self.unitsKept = unitsKept
  }
}

/// One stage's frame as a receipt records it.
package struct ReceiptFrame: Sendable {
  /// All rows, as read, before any filter; of a frame that was not kept in memory, the rows drawn.
  package var whole: Table
  /// The rows that are drawn from; the whole where nothing is filtered.
  package var units: Table
  /// What is known of a frame that was not kept in memory, or was looked at before.
  private var known: FrameFacts?
  /// The file's name as it should stand in the receipt.
  package var file: String
  /// SHA-256 of the file's bytes.
  package var fileDigest: String?
  /// The filter as written in the survey file.
  package var filter: String?
  /// Every change that reading made to a value.
  package var changes: [String]

  /// The frame as read, and what of it is drawn from.
  package init(
    whole: Table,
    units: Table? = nil,
    file: String? = nil,
    fileDigest: String? = nil,
    filter: String? = nil,
    changes: [String] = []
  ) {
    self.whole = whole
    self.units = units ?? whole
    self.file = file ?? whole.file
    self.fileDigest = fileDigest
    self.filter = filter
    self.changes = changes
  }
}

extension ReceiptFrame {
  /// A frame that went by in chunks: what is known of it, and the rows drawn, in the order of the draw's frame rows.
  package init(
    facts: FrameFacts,
    drawn: Table,
    file: String,
    fileDigest: String?,
    filter: String?,
    changes: [String]
  ) {
    self.init(whole: drawn, file: file, fileDigest: fileDigest, filter: filter, changes: changes)
    known = facts
  }

  /// What of it two draws must share to be of the same units.
  ///
  /// The digest of a frame in memory is computed once, and kept for the receipt.
  /// - Throws: `column-missing` when the frame has no such id column.
  package mutating func identity(id: String) throws(InputRefusal) -> FrameIdentity {
    let found = try facts(id: id)
    known = found
    return FrameIdentity(digest: found.digest, filter: filter)
  }

  /// The facts, computed where the frame is in memory.
  /// - Throws: `column-missing` when the frame has no such id column.
  package func facts(id: String) throws(InputRefusal) -> FrameFacts {
    if let known { return known }
    return FrameFacts(
      digest: try CanonicalFrame(whole, id: id).digest.hex,
      rows: whole.rowCount,
      unitsKept: units.rowCount
    )
  }
}

extension Receipt {
  /// The sealed receipt of a draw: what may be published before the last visit.
  ///
  /// - Parameters:
  ///   - draw: what was drawn.
  ///   - frames: the frame of each stage; the list is made from them.
  ///   - toolVersion: of this software.
  ///   - survey: the survey's id; nil for loose files.
  ///   - attempt: 1, or one more than that of the receipt before.
  ///   - previousReceipt: the digest of the receipt of the attempt before.
  ///   - date: any text; no clock is read here.
  ///   - series: the digests of the earlier rounds that share seed, group and stage.
  ///   - publicSeedReason: why a seed was used that an earlier receipt had made public.
  ///   - continues: the digest of the draw of the first stages from which this one goes on.
  ///   - arrivals: the last chain value of the log of lists made on arrival.
  /// - Throws: when a frame has lost its id column since the draw.
  package init(
    of draw: Draw,
    frames: [ReceiptFrame],
    toolVersion: String,
    survey: String? = nil,
    attempt: Int = 1,
    previousReceipt: String? = nil,
    date: String? = nil,
    series: [String] = [],
    publicSeedReason: String? = nil,
    continues: String? = nil,
    arrivals: String? = nil
  ) throws(InputRefusal) {
    protocolVersion = Receipt.currentProtocol
    self.toolVersion = toolVersion
    state = .sealed
    self.survey = survey
    group = draw.group
    self.attempt = attempt
    self.previousReceipt = previousReceipt
    self.series = series.isEmpty ? nil : series
    self.publicSeedReason = publicSeedReason
    self.continues = continues
    self.arrivals = arrivals
    self.date = date
    inputs = []
    for (stage, frame) in zip(draw.stages, frames) {
      let facts = try frame.facts(id: stage.plan.id)
      inputs.append(
        Input(
          stage: stage.plan.name,
          file: frame.file,
          fileDigest: frame.fileDigest,
          frameDigest: facts.digest,
          rows: facts.rows,
          unitsKept: facts.unitsKept,
          filter: frame.filter,
          changes: frame.changes
        )
      )
    }
    seedCommitment = draw.seed.commitment.hex
    contributionCommitments = draw.seed.contributions.map { Seed.commitment(to: $0).hex }
    weakSeedReason = draw.seed.weakReason
    stages = draw.stages.enumerated().map { place, stage in
      Stage(
        plan: stage.plan,
        cells: place == 0 ? sealedCells(of: stage, seed: draw.seed) : nil,
        exclusions: exclusionRecords(of: stage, seed: draw.seed, isOpen: false),
        weights: stage.exclusion?.weights
      )
    }
    let list = canonicalText(of: DrawnList.table(of: draw, frames: frames.map(\.units)))
    listCommitment = Receipt.commitment(toList: list, seed: draw.seed.text)
    revealed = nil
  }

  /// The same receipt with seed, keys, units and tickets, once the last visit is over.
  /// - Throws: `seed-differs` when the draw's seed is not the one this receipt committed to.
  package func revealed(by draw: Draw, frames: [ReceiptFrame]) throws(InputRefusal) -> Receipt {
    try checkCommitment(to: draw.seed)
    var receipt = self
    receipt.state = .revealed
    receipt.stages = draw.stages.map { stage in
      Stage(
        plan: stage.plan,
        cells: stage.cells.map { revealedCell($0, key: stage.key) },
        key: stage.key.hex,
        exclusions: exclusionRecords(of: stage, seed: draw.seed, isOpen: true),
        weights: stage.exclusion?.weights
      )
    }
    let list = canonicalText(of: DrawnList.table(of: draw, frames: frames.map(\.units)))
    receipt.revealed = Revealed(
      seed: draw.seed.text,
      contributions: draw.seed.contributions,
      listDigest: Digest(of: list).hex,
      jointDigest: JointList.digest(of: draw)
    )
    return receipt
  }

  /// Refuses a seed that is not the one this receipt committed to.
  func checkCommitment(to seed: Seed) throws(InputRefusal) {
    if seed.commitment.hex == seedCommitment { return }
    throw InputRefusal(
      Finding(
        "seed-differs",
        message: LocalizedText(
          zh: "种子与回执中的承诺不符。",
          en: "the seed is not the one the receipt committed to."
        ),
        fix: LocalizedText(zh: "请使用抽样时的种子。", en: "Use the seed of the draw.")
      )
    )
  }

  /// The digest that fixes a list without giving it away.
  ///
  /// A plain digest of a short list is found by trying every list; the seed in front hides it.
  /// Formula: SHA-256("mingcha list 1" LF seed LF list).
  static func commitment(toList text: String, seed: String) -> String {
    Digest(of: "mingcha list 1\n" + seed + "\n" + text).hex
  }
}

/// A first stage's strata as they stand in a sealed receipt: nothing here depends on the seed.
func sealedCells(of stage: StageDraw, seed: Seed) -> [Receipt.Cell] {
  let open = Receipt.Stage(
    plan: stage.plan,
    exclusions: exclusionRecords(of: stage, seed: seed, isOpen: false)
  )
  let frame = stage.exclusion?.frame ?? FrameIdentity(of: nil)
  return stage.cells.map { sealedCell(openCell($0), of: open, frame: frame) }
}

func revealedCell(_ cell: DrawnCell, key: DrawKey) -> Receipt.Cell {
  var open = openCell(cell)
  open.selected = cell.selected.map { Receipt.Ticketed(id: $0.id, ticket: key.ticket($0.id).hex) }
  open.reserve = cell.reserves.map { Receipt.Ticketed(id: $0.id, ticket: key.ticket($0.id).hex) }
  return open
}

private func openCell(_ cell: DrawnCell) -> Receipt.Cell {
  Receipt.Cell(
    parent: cell.parent,
    stratum: cell.stratum,
    population: cell.populationSize,
    excluded: cell.excludedCount == 0 ? nil : cell.excludedCount,
    sizeTotal: cell.sizeTotal,
    sizeZero: cell.sizeZeroCount,
    sample: cell.sampleSize,
    reserves: cell.reserves.count,
    certainties: cell.certaintyCount,
    mustInclude: cell.mustIncludeCount > 0 ? cell.mustIncludeCount : nil,
    draws: cell.drawCount,
    probability: cell.basis,
    nothingLeftToChance: cell.nothingLeftToChance,
    selected: nil,
    reserve: nil
  )
}
