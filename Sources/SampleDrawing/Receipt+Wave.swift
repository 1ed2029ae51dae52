package import SurveyData
import SurveyDesign

extension Receipt {
  /// What makes a receipt one of a further wave of reserves.
  package struct Wave: Codable, Sendable, Equatable {
    /// From 2.
    package var number: Int
    package var stage: String
    /// The strata asked for; absent where all were.
    package var only: [String]?
    /// Reserves asked for in every stratum; absent where the plan's number holds.
    package var reserves: Int?
    /// The receipts of the draw and of the waves before, the draw first: digests of their sealed forms.
    package var receipts: [String]

    /// What was asked for.
    package var request: WaveRequest { WaveRequest(stage: stage, only: only, reserves: reserves) }
  }

  /// The sealed receipt of a further wave of reserves.
  ///
  /// - Parameters:
  ///   - wave: what was drawn.
  ///   - frames: the frame of each stage; the list is made from them.
  ///   - chain: the receipts of the draw and of the waves before, the draw first.
  ///   - toolVersion: of this software.
  ///   - date: any text; no clock is read here.
  /// - Throws: when a frame has lost its id column.
  package init(
    of wave: WaveDraw,
    frames: [ReceiptFrame],
    chain: [Receipt],
    toolVersion: String,
    date: String? = nil
  ) throws(InputRefusal) {
    var own = wave.draw
    own.seed = wave.seed
    try self.init(
      of: own,
      frames: frames,
      toolVersion: toolVersion,
      survey: chain.first?.survey,
      attempt: chain.first?.attempt ?? 1,
      previousReceipt: try chain.last?.sealed.digest().hex,
      date: date
    )
    var digests = [String]()
    for receipt in chain { digests.append(try receipt.sealed.digest().hex) }
    self.wave = Wave(
      number: wave.number,
      stage: wave.request.stage,
      only: wave.request.only,
      reserves: wave.request.reserves,
      receipts: digests
    )
    // What the draw itself was stands in its own receipt.
    stages = wave.draw.stages.map { Stage(plan: $0.plan) }
    if wave.stage == 0 { stages[0].cells = waveCells(wave, isOpen: false) }
    listCommitment = Receipt.commitment(
      toList: canonicalText(of: DrawnList.table(of: wave, frames: frames.map(\.units))),
      seed: wave.seed.text
    )
  }

  /// The same receipt with the wave's seed, key, units and tickets.
  /// - Throws: `seed-differs` when the wave's seed is not the one this receipt committed to.
  package func revealed(by wave: WaveDraw, frames: [ReceiptFrame]) throws(InputRefusal) -> Receipt {
    try checkCommitment(to: wave.seed)
    var receipt = self
    receipt.state = .revealed
    receipt.stages[wave.stage].key = wave.key.hex
    receipt.stages[wave.stage].cells = waveCells(wave, isOpen: true)
    let list = canonicalText(of: DrawnList.table(of: wave, frames: frames.map(\.units)))
    receipt.revealed = Revealed(
      seed: wave.seed.text,
      contributions: wave.seed.contributions,
      listDigest: Digest(of: list).hex
    )
    return receipt
  }
}

extension DrawnList {
  /// The list of a wave: its reserves alone, in the columns of the draw's list.
  package static func table(of wave: WaveDraw, frames: [Table]) -> Table {
    table(of: wave.draw, frames: frames, paths: wave.paths)
  }
}

/// The strata of a wave as its receipt tells them.
func waveCells(_ wave: WaveDraw, isOpen: Bool) -> [Receipt.Cell] {
  let stage = wave.draw.stages[wave.stage]
  return zip(wave.cells, wave.left).map { place, left in
    let reserves = wave.reserves(ofCell: place)
    let cell = stage.cells[place]
    return Receipt.Cell(
      parent: cell.parent,
      stratum: cell.stratum,
      population: cell.populationSize,
      sizeZero: 0,
      sample: nil,
      reserves: reserves.count,
      certainties: 0,
      nothingLeftToChance: left == 0 && !reserves.isEmpty,
      selected: nil,
      reserve: isOpen ? reserves.map { Receipt.Ticketed(id: $0.id, ticket: wave.key.ticket($0.id).hex) } : nil
    )
  }
}
