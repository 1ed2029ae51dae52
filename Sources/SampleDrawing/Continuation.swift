package import SurveyData
import SurveyDesign

extension Draw {
  /// The draw as far as its first stages.
  package func firstStages(_ count: Int) -> Draw {
    Draw(seed: seed, group: group, stages: Array(stages.prefix(count)))
  }
}

extension Receipt {
  /// Why a draw does not go on from the one that this receipt is of; nil where it does.
  ///
  /// It goes on where seed, group, plans and frames of the receipt's stages are the same, and so are the units
  /// that they give.
  /// - Parameters:
  ///   - draw: a draw of the receipt's stages and further ones.
  ///   - frames: the frame of each stage.
  ///   - file: the receipt's file, for the message.
  /// - Returns: the first difference.
  /// - Throws: when a frame has lost its id column since the draw.
  package func continuationFinding(
    by draw: Draw,
    frames: [ReceiptFrame],
    file: String
  ) throws(InputRefusal) -> Finding? {
    func finding(_ what: LocalizedText) -> Finding {
      Finding(
        "continuation-differs",
        file: file,
        message: LocalizedText(
          zh: "此前已抽到阶段“\(stages.last?.plan.name ?? "")”，本次不能接续：\(what.zh)。",
          en: "was drawn down to stage \"\(stages.last?.plan.name ?? "")\", and this draw does not go on from it: "
            + "\(what.en)."
        ),
        fix: LocalizedText(
          zh: "请使用同一种子、同一设计与同一抽样框；若确需重抽，请另起抽样名。",
          en: "Use the same seed, plan and frames; where it must be drawn anew, give the draw another name."
        )
      )
    }
    if draw.seed.commitment.hex != seedCommitment {
      return finding(LocalizedText(zh: "种子不同", en: "the seed is another one"))
    }
    if draw.group != group { return finding(LocalizedText(zh: "组名不同", en: "the group is another one")) }
    guard draw.stages.count >= stages.count, frames.count >= stages.count else {
      return finding(LocalizedText(zh: "阶段数不同", en: "it has fewer stages"))
    }
    for (own, other) in zip(stages, draw.stages) where own.plan != other.plan {
      return finding(
        LocalizedText(zh: "阶段“\(own.plan.name)”的设计不同", en: "the plan of stage \"\(own.plan.name)\" is another one")
      )
    }
    let again = try Receipt(
      of: draw.firstStages(stages.count),
      frames: Array(frames.prefix(stages.count)),
      toolVersion: toolVersion
    )
    for (own, other) in zip(inputs, again.inputs) where own.frameDigest != other.frameDigest {
      return finding(LocalizedText(zh: "抽样框 \(own.file) 已改变", en: "the frame \(own.file) has changed"))
    }
    if again.listCommitment != listCommitment {
      return finding(LocalizedText(zh: "抽中的单元不同", en: "the units drawn are others"))
    }
    return nil
  }
}
