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
    let input = earlier.inputs.first { sameBytes($0.stage, stage.plan.name) }
    record = Receipt.Excluded(
      receipt: try earlier.sealed.digest().hex,
      group: earlier.group,
      attempt: earlier.attempt,
      date: earlier.date,
      state: earlier.state,
      plan: stage.plan,
      frameDigest: input?.frameDigest,
      filter: input?.filter,
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
  /// What the stage itself is drawn from.
  package var frame: FrameIdentity
  /// Why the weights speak for the remaining units only; nil where they speak for the whole.
  package var obstacle: LocalizedText?
  /// By source, the ids that the stage's frame does not have.
  package var notInFrame: [[String]]

  package var weights: WeightsPopulation { obstacle == nil ? .whole : .remaining }
}

/// The rows of a stage's frame that earlier draws leave out.
struct ExcludedRows: Sendable {
  let outcome: StageExclusion?
  private let isExcluded: [Bool]
  private let codes: [Int32]

  /// Looks up the ids of earlier draws; without `identity` the table is taken for the whole frame.
  /// - Throws: `exclusion-duplicate` for a receipt named twice, `exclusion-foreign` for one that has no unit of
  ///   a first stage's frame.
  init(
    _ exclusions: [Exclusion],
    plan: StagePlan,
    ids: CodedText,
    frame: Table,
    identity: FrameIdentity? = nil,
    isFirstStage: Bool
  ) throws(InputRefusal) {
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
    let own: FrameIdentity
    if let identity { own = identity } else { own = try FrameIdentity(ofWhole: frame, id: plan.id) }
    outcome = StageExclusion(
      sources: exclusions,
      frame: own,
      obstacle: obstacle(toWholeAfter: exclusions.map(\.record), plan: plan, frame: own, isFirstStage: isFirstStage),
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
