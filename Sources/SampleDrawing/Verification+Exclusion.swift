import SurveyData
import SurveyDesign

/// The units that a stage of a receipt left out: from the earlier draws at hand, else from the revealed receipt.
/// - Throws: `exclusion-missing` where neither has them, `exclusion-differs` where they are not those recorded.
func recordedExclusions(
  of stage: Receipt.Stage,
  earlier: [EarlierDraw],
  seed: Seed
) throws(Verification.Difference) -> [Exclusion] {
  var exclusions = [Exclusion]()
  for record in stage.exclusions ?? [] {
    let exclusion: Exclusion
    if let draw = try named(record.receipt, among: earlier) {
      exclusion = try repeated(record, of: draw, stage: stage.plan.name)
    } else if let ids = record.ids {
      exclusion = Exclusion(record: record, ids: ids)
    } else {
      throw differs(
        "exclusion-missing",
        zh: "阶段“\(stage.plan.name)”排除了“\(record.group)”（\(described(record).zh)）的单元；"
          + "核验还需要该回执及其 list.csv：请用 --earlier 给出。",
        en: "stage \"\(stage.plan.name)\" leaves out the units of \"\(record.group)\" (\(described(record).en)); "
          + "to verify it give that receipt, with its list.csv beside it, by --earlier."
      )
    }
    if exclusion.commitment(seed: seed.text) != record.commitment {
      throw differs(
        "exclusion-differs",
        zh: "阶段“\(stage.plan.name)”：“\(record.group)”的单元不是抽样时所排除的单元。",
        en: "stage \"\(stage.plan.name)\": the units of \"\(record.group)\" are not those that were left out."
      )
    }
    exclusions.append(exclusion)
  }
  return exclusions
}

/// The draw that a digest names, among those at hand.
func named(
  _ digest: String,
  among earlier: [EarlierDraw]
) throws(Verification.Difference) -> EarlierDraw? {
  for draw in earlier {
    do throws(InputRefusal) {
      if try draw.receipt.isNamed(by: digest) { return draw }
    } catch {
      throw refused(error)
    }
  }
  return nil
}

/// The exclusion that an earlier draw at hand gives; its record stays that of the receipt, which tells the state
/// the earlier receipt had then.
private func repeated(
  _ record: Receipt.Excluded,
  of draw: EarlierDraw,
  stage: String
) throws(Verification.Difference) -> Exclusion {
  do throws(InputRefusal) {
    var draw = draw
    if let count = record.fieldworkRecords {
      if let lines = draw.fieldwork {
        // What was added to the record since the draw does not count.
        draw.fieldwork = Array(lines.prefix(count))
      } else if let ids = record.ids {
        draw.fieldwork = ids.map { EarlierDraw.VisitedUnit(stage: record.plan.name, unit: $0) }
      } else {
        throw missingFieldwork(of: draw)
      }
    } else {
      draw.fieldwork = nil
    }
    let found = try draw.exclusion(ofStage: record.plan.name)
    let isSame =
      found.record.group == record.group && found.record.plan == record.plan
      && (record.frameDigest.map { $0 == found.record.frameDigest && record.filter == found.record.filter } ?? true)
      && found.record.weights == record.weights && found.record.without == record.without
      && (record.ids.map { $0 == found.ids } ?? true)
    if isSame { return Exclusion(record: record, ids: found.ids) }
  } catch {
    throw refused(error)
  }
  throw differs(
    "exclusion-differs",
    zh: "阶段“\(stage)”：回执所记的此前抽样“\(record.group)”与给出的回执不同。",
    en: "stage \"\(stage)\": what the receipt says of the earlier draw \"\(record.group)\" is not what that draw says."
  )
}

private func missingFieldwork(of draw: EarlierDraw) -> InputRefusal {
  InputRefusal(
    Finding(
      "exclusion-fieldwork-missing",
      file: draw.file,
      message: LocalizedText(
        zh: "抽样时还排除了该轮用上的备选，其记录 fieldwork.csv 不在回执旁。",
        en: "the draw also left out the reserves in use of this round, and its fieldwork.csv is not beside the receipt."
      ),
      fix: LocalizedText(zh: "请把 fieldwork.csv 放在回执旁。", en: "Put fieldwork.csv beside the receipt.")
    )
  )
}

private func described(_ record: Receipt.Excluded) -> LocalizedText {
  let date = record.date.map { "\($0), " } ?? ""
  return LocalizedText("\(date)SHA-256 \(record.receipt)")
}
