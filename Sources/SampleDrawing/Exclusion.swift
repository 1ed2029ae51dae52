package import SurveyData
import SurveyDesign

/// The units of one stage of an earlier draw that are not drawn again.
package struct Exclusion: Sendable, Equatable {
  /// What the receipt says of the earlier draw.
  package var record: Receipt.Excluded
  /// The units left out, in the order of their bytes.
  package var ids: [String]

  /// - Parameters:
  ///   - earlier: the earlier draw's receipt.
  ///   - stage: its stage.
  ///   - ids: that stage's units that are left out.
  ///   - fieldworkRecords: how many lines the fieldwork record had, where the reserves that came into use by it are
  ///     among them.
  ///   - isChecked: whether the ids were compared with the receipt, and not only found in a list beside it.
  /// - Throws: when the receipt cannot be written again, for its digest.
  package init(
    of earlier: Receipt,
    stage: Receipt.Stage,
    ids: [String],
    fieldworkRecords: Int? = nil,
    isChecked: Bool
  ) throws(InputRefusal) {
    let ordered = ids.sorted(by: precedesAsBytes)
    self.ids = ordered
    record = Receipt.Excluded(
      receipt: try earlier.sealed.digest().hex,
      group: earlier.group,
      attempt: earlier.attempt,
      date: earlier.date,
      state: earlier.state,
      plan: stage.plan,
      weights: stage.weights,
      without: stage.exclusions.map { $0.map(\.receipt) },
      usedReserves: fieldworkRecords == nil ? nil : true,
      fieldworkRecords: fieldworkRecords,
      checked: isChecked,
      units: ordered.count
    )
  }

  /// An exclusion as a receipt records it, with the ids found elsewhere.
  init(record: Receipt.Excluded, ids: [String]) {
    self.record = record
    self.ids = ids.sorted(by: precedesAsBytes)
  }

  /// The digest that fixes the ids without giving them away.
  ///
  /// Formula: SHA-256("mingcha exclusion 1" LF seed LF id LF id LF …), the ids in the order of their bytes.
  func commitment(seed: String) -> String {
    Digest(of: "mingcha exclusion 1\n\(seed)\n" + ids.map { $0 + "\n" }.joined()).hex
  }
}

/// The population for which a stage's weights speak when units of earlier draws are left out.
package enum WeightsPopulation: String, Codable, Sendable {
  /// All units, the excluded ones too: π = n / N over both rounds.
  case whole
  /// The units that were left: π is conditional on the earlier rounds.
  case remaining
}

/// What exclusion came to at one stage.
package struct StageExclusion: Sendable {
  package var sources: [Exclusion]
  package var weights: WeightsPopulation
  /// By source, the ids that the stage's frame does not have.
  package var notInFrame: [[String]]
}

extension Receipt.Excluded {
  /// Whether every unit of a stratum of the earlier draw was as likely as any other.
  fileprivate var hasEqualProbabilities: Bool {
    guard let method = SelectionMethods.named(plan.method) else { return false }
    return !method.followsSize(in: plan) && plan.mustInclude == nil && weights != .remaining && usedReserves != true
  }

  /// Whether the earlier selection looked the same under any exchange of units within a stratum, so that this
  /// also holds within a finer one.
  fileprivate var isExchangeable: Bool { ["srs", "bernoulli"].contains(plan.method) }

  fileprivate var hasFixedSize: Bool {
    guard usedReserves != true, let method = SelectionMethods.named(plan.method) else { return false }
    return method.hasFixedSize && !method.isWithReplacement
  }
}

/// Whether the number of excluded units of every stratum was known before the earlier draws were made: each
/// took a fixed number from the same strata, and none could take a unit of another.
private func areCountsFixed(_ records: [Receipt.Excluded], plan: StagePlan) -> Bool {
  // A must-include unit is left out of no later round, so it shifts how many of the others are.
  if plan.mustInclude != nil { return false }
  for (place, record) in records.enumerated() {
    guard record.hasFixedSize, record.plan.parent == nil, plan.parent == nil,
      Set(record.plan.strata) == Set(plan.strata)
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
func areExcludedCountsPublic(_ records: [Receipt.Excluded], plan: StagePlan) -> Bool {
  records.allSatisfy { $0.state == .revealed } || areCountsFixed(records, plan: plan)
}

/// The population that the weights of a stage speak for.
///
/// The whole where selection is with equal probabilities in all rounds: for a unit i outside s₁,
/// π₂ = (1 − e/N)·n/(N − e) = n/N when the number e of excluded units is fixed; when it is not, by symmetry,
/// where the earlier selections are exchangeable and n is a fixed number. Otherwise only the remaining units.
/// Source: draw protocol §5; Ohlsson (1995) on coordinated samples.
func weightsPopulation(_ records: [Receipt.Excluded], plan: StagePlan) -> WeightsPopulation {
  guard let method = SelectionMethods.named(plan.method), !method.followsSize(in: plan), method.hasFixedSize,
    !method.isWithReplacement,
    records.allSatisfy(\.hasEqualProbabilities)
  else { return .remaining }
  if areCountsFixed(records, plan: plan) { return .whole }
  let strata = Set(plan.strata)
  let areExchangeable = records.allSatisfy { $0.isExchangeable && strata.isSuperset(of: $0.plan.strata) }
  return areExchangeable && plan.take.isCount ? .whole : .remaining
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

/// The rows of a stage's frame that earlier draws leave out.
struct ExcludedRows: Sendable {
  let outcome: StageExclusion?
  private let isExcluded: [Bool]
  private let codes: [Int32]

  /// - Throws: `exclusion-duplicate` for a receipt named twice, `exclusion-foreign` for one that has no unit of
  ///   a first stage's frame.
  init(_ exclusions: [Exclusion], plan: StagePlan, ids: CodedText, frame: Table, isFirstStage: Bool)
    throws(InputRefusal)
  {
    guard !exclusions.isEmpty else {
      outcome = nil
      isExcluded = []
      codes = []
      return
    }
    // A frame may have millions of ids, the earlier draws few.
    let wanted = Set(exclusions.flatMap(\.ids).map { Array($0.utf8) })
    let lengths = Set(wanted.map(\.count))
    var codeOfID = [[UInt8]: Int]()
    for (code, level) in ids.levels.enumerated() where lengths.contains(level.utf8.count) {
      let bytes = Array(level.utf8)
      if wanted.contains(bytes) { codeOfID[bytes] = code }
    }
    var isPresent = [Bool](repeating: false, count: ids.levels.count)
    for code in ids.codes where code >= 0 { isPresent[Int(code)] = true }
    var marks = [Bool](repeating: false, count: ids.levels.count)
    var missing = [[String]]()
    var findings = [Finding]()
    for (place, exclusion) in exclusions.enumerated() {
      var absent = [String]()
      for id in exclusion.ids {
        if let code = codeOfID[Array(id.utf8)], isPresent[code] {
          marks[code] = true
        } else {
          absent.append(id)
        }
      }
      missing.append(absent)
      if exclusions[..<place].contains(where: { $0.record.receipt == exclusion.record.receipt }) {
        findings.append(duplicateFinding(exclusion, plan: plan))
      } else if isFirstStage, !absent.isEmpty, absent.count == exclusion.ids.count {
        findings.append(foreignFinding(exclusion, plan: plan, frame: frame))
      }
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    outcome = StageExclusion(
      sources: exclusions,
      weights: weightsPopulation(exclusions.map(\.record), plan: plan),
      notInFrame: missing
    )
    isExcluded = marks
    codes = ids.codes
  }

  /// The rows of a stratum that are left, in their order.
  func remaining(of rows: ArraySlice<Int32>) -> ArraySlice<Int32> {
    if outcome == nil { return rows }
    return rows.filter { row in
      let code = codes[Int(row)]
      return code < 0 || !isExcluded[Int(code)]
    }[...]
  }
}

private func duplicateFinding(_ exclusion: Exclusion, plan: StagePlan) -> Finding {
  Finding(
    "exclusion-duplicate",
    value: exclusion.record.group,
    message: LocalizedText(
      zh: "阶段“\(plan.name)”：同一份回执被排除两次。",
      en: "stage \"\(plan.name)\": the same receipt is excluded twice."
    ),
    fix: LocalizedText(zh: "请删去其中一个。", en: "Name it once.")
  )
}

private func foreignFinding(_ exclusion: Exclusion, plan: StagePlan, frame: Table) -> Finding {
  let shown = exclusion.ids.prefix(3).map { masked($0) }.joined(separator: ", ")
  return Finding(
    "exclusion-foreign",
    file: frame.file,
    column: plan.id,
    value: exclusion.record.group,
    message: LocalizedText(
      zh: "此前抽样的 \(exclusion.ids.count) 个单元（\(shown)…）都不在阶段“\(plan.name)”的抽样框中。",
      en: "none of the \(exclusion.ids.count) units of this earlier draw (\(shown), ...) is in the frame of stage "
        + "\"\(plan.name)\"."
    ),
    fix: LocalizedText(
      zh: "请核对：这可能是另一抽样框或另一阶段的回执。",
      en: "Check the receipt: it may be one of another frame or stage."
    )
  )
}

/// The refusal of a stratum in which earlier draws leave too few units.
func exclusionShortage(
  _ plan: StagePlan,
  place: String,
  asked: Int?,
  population: Int,
  left: Int,
  exclusions: [Exclusion],
  file: String
) -> Finding {
  let oldest = exclusions.first?.record.group ?? ""
  let excluded = population - left
  let wanted = asked.map { LocalizedText(zh: "要抽 n = \($0)", en: "is asked for n = \($0)") }
  return Finding(
    left == 0 ? "exclusion-empties-stratum" : "exclusion-leaves-too-few",
    file: file,
    value: place,
    message: LocalizedText(
      zh: "阶段“\(plan.name)”：层“\(place)”\(wanted.map { $0.zh + "，" } ?? "")共 \(population) 个单元，"
        + "其中 \(excluded) 个因此前抽样而排除或规模为 0，只剩 \(left) 个可抽。",
      en:
        "stage \"\(plan.name)\": stratum \"\(place)\" \(wanted.map { $0.en + "; it" } ?? "") has \(population) units, "
        + "of which \(excluded) are excluded by earlier draws or of size 0; \(left) are left."
    ),
    fix: LocalizedText(
      zh: "请写成“up-to N”、减少样本量，或去掉最早一轮（\(oldest)）的排除。",
      en: "Use up-to, ask for fewer, or drop the exclusion of the oldest round (\(oldest))."
    )
  )
}
