import SurveyData
import SurveyDesign

/// What a stage is drawn from: draws that state the same have the same units, with the same values.
package struct FrameIdentity: Sendable, Equatable {
  /// SHA-256 of the canonical frame, before any filter (protocol §6).
  package var digest: String
  /// The filter as written in the survey file.
  package var filter: String?

  package init(digest: String, filter: String?) {
    self.digest = digest
    self.filter = filter
  }

  /// That of a frame nothing of which is filtered.
  /// - Throws: `column-missing` when the frame has no such id column.
  init(ofWhole frame: Table, id: String) throws(InputRefusal) {
    self.init(digest: try CanonicalFrame(frame, id: id).digest.hex, filter: nil)
  }

  /// That of a receipt's input; of no frame where a receipt has too few inputs.
  init(of input: Receipt.Input?) { self.init(digest: input?.frameDigest ?? "", filter: input?.filter) }
}

extension Receipt.Excluded {
  /// Why the units of a stratum of the earlier draw were not all as likely; nil where they were.
  fileprivate var unequalCause: LocalizedText? {
    guard let method = SelectionMethods.named(plan.method) else {
      return LocalizedText(zh: "“\(group)”的方法未知", en: "the method of \"\(group)\" is unknown")
    }
    if method.followsSize(in: plan) {
      return LocalizedText(zh: "“\(group)”按规模抽取", en: "\"\(group)\" was drawn by sizes")
    }
    if plan.mustInclude != nil {
      return LocalizedText(zh: "“\(group)”有必选单元", en: "\"\(group)\" had must-include units")
    }
    if usedReserves == true {
      return LocalizedText(zh: "“\(group)”用上的备选也被排除", en: "reserves of \"\(group)\" that came into use are left out")
    }
    if weights == .remaining {
      return LocalizedText(
        zh: "“\(group)”的权数本身只代表剩余单元",
        en: "the weights of \"\(group)\" themselves speak for remaining units only"
      )
    }
    return nil
  }

  /// Why the earlier draw is not one from the same units; nil where it is.
  fileprivate func otherUnitsCause(_ frame: FrameIdentity) -> LocalizedText? {
    guard let frameDigest else {
      return LocalizedText(
        zh: "“\(group)”所用的抽样框没有记录",
        en: "it is not recorded what frame \"\(group)\" was drawn from"
      )
    }
    if frameDigest != frame.digest {
      return LocalizedText(
        zh: "“\(group)”所用的抽样框与本次不同",
        en: "\"\(group)\" was drawn from another frame, or from this one before it changed"
      )
    }
    if !isSameFilter(frame) {
      return LocalizedText(zh: "“\(group)”的筛选条件与本次不同", en: "\"\(group)\" was drawn under another filter")
    }
    return nil
  }

  private func isSameFilter(_ frame: FrameIdentity) -> Bool { sameBytes(filter ?? "", frame.filter ?? "") }

  /// Whether nothing says that the earlier draw was from other units: receipts did not always record its frame.
  fileprivate func mayBeOfSameUnits(_ frame: FrameIdentity) -> Bool {
    frameDigest == nil || frameDigest == frame.digest && isSameFilter(frame)
  }

  /// Why an exchange of two units of one of this draw's strata could change the earlier selection.
  ///
  /// - Parameters:
  ///   - apart: the columns whose values are the same for all units of one of this draw's strata.
  ///   - known: the receipts that this draw leaves out.
  /// - Returns: the first cause; nil where the selection looks the same under any exchange.
  fileprivate func unevenCause(apart: Set<String>, known: Set<String>) -> LocalizedText? {
    if !["srs", "bernoulli"].contains(plan.method) {
      return LocalizedText(
        zh: "“\(group)”按 \(plan.method) 抽取，而其分层与本次不同",
        en: "\"\(group)\" was drawn by \(plan.method), and not from the same strata"
      )
    }
    if let missing = plan.strata.first(where: { !apart.contains($0) }) {
      return LocalizedText(
        zh: "“\(group)”按“\(missing)”分层，本次没有",
        en: "\"\(group)\" was stratified by \(missing), this draw is not"
      )
    }
    if let parent = plan.parent, !apart.contains(parent) {
      return LocalizedText(
        zh: "“\(group)”在“\(parent)”之内抽取，本次没有按它分开",
        en: "\"\(group)\" was drawn within each \(parent), which this draw does not keep apart"
      )
    }
    // Through what it left out itself, an earlier round inherits the order in which those rounds were drawn.
    if !Set(without ?? []).isSubset(of: known) {
      return LocalizedText(
        zh: "“\(group)”自己排除过本次没有排除的抽样",
        en: "\"\(group)\" left out a draw that this one does not leave out"
      )
    }
    return nil
  }

  fileprivate var hasFixedSize: Bool {
    guard usedReserves != true, let method = SelectionMethods.named(plan.method) else { return false }
    return method.hasFixedSize && !method.isWithReplacement
  }
}

/// Whether the number of excluded units of every stratum was known before the earlier draws were made: each
/// took a fixed number from the same strata of the same units, and none could take a unit of another.
private func areCountsFixed(_ records: [Receipt.Excluded], plan: StagePlan, frame: FrameIdentity) -> Bool {
  // A must-include unit is left out of no later round, so it shifts how many of the others are.
  if plan.mustInclude != nil { return false }
  for (place, record) in records.enumerated() {
    guard record.hasFixedSize, record.plan.parent == nil, plan.parent == nil,
      Set(record.plan.strata) == Set(plan.strata), record.mayBeOfSameUnits(frame)
    else { return false }
    for other in records[..<place] {
      let areApart =
        record.without?.contains(other.receipt) ?? false || other.without?.contains(record.receipt) ?? false
      if !areApart { return false }
    }
  }
  return true
}

/// Whether the number of excluded units in each stratum may stand in a sealed receipt.
///
/// It may not where it would tell something of an earlier list that is still sealed.
func areExcludedCountsPublic(_ records: [Receipt.Excluded], plan: StagePlan, frame: FrameIdentity) -> Bool {
  records.allSatisfy { $0.state == .revealed } || areCountsFixed(records, plan: plan, frame: frame)
}

/// Why the weights of a stage do not speak for the whole population; nil where they do.
///
/// They do where selection is with equal probabilities from the same units in all rounds: for a unit i outside s₁,
/// π₂ = (1 − e/N)·n/(N − e) = n/N when the number e of excluded units is fixed; when it is not, by symmetry,
/// where the earlier selections are exchangeable within the stratum and n is a fixed number. Otherwise they speak
/// for the remaining units alone: with a frame that grew, say, a new unit could not be taken before.
/// Source: draw protocol §5; Ohlsson (1995) on coordinated samples.
/// - Parameters:
///   - records: the earlier draws.
///   - plan: of this stage.
///   - frame: what it is drawn from.
///   - isFirstStage: whether it is not drawn within units of a stage before.
/// - Returns: the first cause, as a clause.
func obstacle(
  toWholeAfter records: [Receipt.Excluded],
  plan: StagePlan,
  frame: FrameIdentity,
  isFirstStage: Bool
) -> LocalizedText? {
  guard let method = SelectionMethods.named(plan.method), !method.followsSize(in: plan), method.hasFixedSize,
    !method.isWithReplacement
  else {
    return LocalizedText(
      zh: "本次按规模抽取，或样本量由随机决定，或为有放回",
      en: "this draw goes by sizes, leaves its size to chance, or is with replacement"
    )
  }
  for record in records {
    if let cause = record.unequalCause ?? record.otherUnitsCause(frame) { return cause }
  }
  if areCountsFixed(records, plan: plan, frame: frame) { return nil }
  var apart = Set(plan.strata)
  if !isFirstStage, let parent = plan.parent { apart.insert(parent) }
  let known = Set(records.map(\.receipt))
  for record in records {
    if let cause = record.unevenCause(apart: apart, known: known) { return cause }
  }
  if plan.take.isCount { return nil }
  return LocalizedText(
    zh: "样本量随剩余单元数而变，而各层被排除的个数并不固定",
    en: "how many are taken depends on how many are left, and that is not fixed"
  )
}

extension Take {
  /// Whether every stratum is asked for a number that does not depend on how many units are left.
  fileprivate var isCount: Bool {
    switch self {
    case .count: true
    case .upTo, .all, .rate, .allocate: false
    case .byStratum(let takes): takes.values.allSatisfy(\.isCount)
    }
  }
}
