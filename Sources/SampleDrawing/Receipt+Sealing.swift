package import SurveyData
package import SurveyDesign

extension Receipt {
  /// An earlier draw whose units a stage leaves out.
  package struct Excluded: Codable, Sendable, Equatable {
    /// The digest of the earlier receipt in its sealed form, which revealing it does not change.
    package var receipt: String
    package var group: String
    package var attempt: Int
    package var date: String?
    /// The earlier receipt's state when this draw was made.
    package var state: State
    /// The earlier draw's stage.
    package var plan: StagePlan
    /// SHA-256 of the canonical frame that it was drawn from, before any filter.
    package var frameDigest: String?
    /// Its filter as written in the survey file.
    package var filter: String?
    /// Present where the earlier stage itself left units out.
    package var weights: WeightsPopulation?
    /// The receipts that the earlier stage itself left out.
    package var without: [String]?
    /// Whether reserves that came into use are left out too.
    package var usedReserves: Bool?
    /// How many lines the fieldwork record that tells them had then: it only grows.
    package var fieldworkRecords: Int?
    /// Whether the ids were compared with the earlier receipt; if not, its list was trusted.
    package var checked: Bool
    /// How many units it names; absent from a sealed receipt where the number tells something.
    package var units: Int?
    /// A digest of this draw's seed and the ids.
    package var commitment: String?
    /// The units, in the order of their bytes; only when revealed.
    package var ids: [String]?
  }

  /// The receipt as it was before it was revealed; itself where it is sealed.
  package var sealed: Receipt {
    var receipt = self
    receipt.state = .sealed
    receipt.revealed = nil
    receipt.stages = stages.enumerated().map { place, stage in
      var stage = stage
      let frame = FrameIdentity(of: place < inputs.count ? inputs[place] : nil)
      stage.key = nil
      stage.exclusions = stage.exclusions.map { records in
        records.map { record in
          var record = record
          record.ids = nil
          if !areExcludedCountsPublic(records, plan: stage.plan, frame: frame) { record.units = nil }
          return record
        }
      }
      stage.cells = place == 0 ? stage.cells.map { $0.map { sealedCell($0, of: stage, frame: frame) } } : nil
      return stage
    }
    return receipt
  }

  /// Whether a digest names this receipt, as it stands or as it was while sealed.
  package func isNamed(by digest: String) throws(InputRefusal) -> Bool {
    if try sealed.digest().hex == digest { return true }
    return try self.digest().hex == digest
  }
}

/// A stratum without what would tell something of a list: its own, or an earlier one that is still sealed.
func sealedCell(_ cell: Receipt.Cell, of stage: Receipt.Stage, frame: FrameIdentity) -> Receipt.Cell {
  var sealed = cell
  sealed.selected = nil
  sealed.reserve = nil
  let hasFixedSize = SelectionMethods.named(stage.plan.method)?.hasFixedSize ?? false
  if !hasFixedSize { sealed.sample = nil }
  if let records = stage.exclusions, !areExcludedCountsPublic(records, plan: stage.plan, frame: frame) {
    sealed.excluded = nil
    // A size that depends on how many are left would tell it.
    if case .count = stage.plan.take {} else { sealed.sample = nil }
  }
  return sealed
}

/// The earlier draws that a stage left out, as its receipt records them.
func exclusionRecords(of stage: StageDraw, seed: Seed, isOpen: Bool) -> [Receipt.Excluded]? {
  stage.exclusion.map { exclusion in
    let records = exclusion.sources.map(\.record)
    let isPublic = isOpen || areExcludedCountsPublic(records, plan: stage.plan, frame: exclusion.frame)
    return exclusion.sources.map { source in
      var record = source.record
      record.commitment = source.commitment(seed: seed.text)
      record.units = isPublic ? source.ids.count : nil
      record.ids = isOpen ? source.ids : nil
      return record
    }
  }
}
