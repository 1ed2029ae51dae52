package import SurveyData
package import SurveyDesign

/// A draw of the survey file: its stages, each from a frame.
package struct DrawDefinition: Sendable {
  package struct Stage: Sendable {
    /// The name of the frame that is drawn from.
    package var frame: String
    package var plan: StagePlan
    /// The draws whose units of this stage are left out.
    package var exclude: [String]
    /// Whether reserves of those draws that came into use are left out too.
    package var excludesUsedReserves: Bool
  }

  package var name: String
  /// What lists and reports call it.
  package var title: LocalizedText?
  /// The name that the rounds of a series share instead of their own, so that units keep their numbers.
  package var group: String?
  package var stages: [Stage]
}

extension SurveyFile {
  /// Reads `draws`; the stage's id and parent columns are its frame's.
  static func draws(
    _ root: YAMLMapping,
    frames: [FrameDefinition],
    problems: inout [Finding]
  ) -> [DrawDefinition] {
    guard let node = root.mapping("draws", problems: &problems) else { return [] }
    node.check(keys: node.keys, problems: &problems)
    return node.keys.compactMap { name in
      guard let draw = node.mapping(name, problems: &problems) else { return nil }
      draw.check(keys: ["name", "stages", "group", "exclude", "exclude-used-reserves"], problems: &problems)
      if name.contains("/") || name.hasPrefix(".") || name.isEmpty {
        problems.append(
          node.problem(
            "draw-name",
            key: name,
            message: LocalizedText(zh: "抽样名会成为文件夹名。", en: "a draw's name becomes the name of a folder."),
            fix: LocalizedText(zh: "请勿以点开头或含斜线。", en: "No slash in it and no dot at its begin.")
          )
        )
      }
      guard let nodes = draw.mappings("stages", problems: &problems), !nodes.isEmpty else {
        if !draw.has("stages") { problems.append(draw.missing("stages")) }
        return nil
      }
      var stages = [DrawDefinition.Stage]()
      for (place, stage) in nodes.enumerated() {
        if let read = self.stage(stage, isFirst: place == 0, frames: frames, problems: &problems) {
          stages.append(read)
        }
      }
      if let excluded = draw.texts("exclude", problems: &problems) {
        if nodes.count > 1 {
          problems.append(
            draw.problem(
              "exclude-stage",
              key: "exclude",
              message: LocalizedText(
                zh: "多阶段抽样须说明在哪个阶段排除。",
                en: "a draw of several stages must say at which stage units are left out."
              ),
              fix: LocalizedText(zh: "请把 exclude 写在该阶段下。", en: "Write `exclude` under that stage.")
            )
          )
        } else if !stages.isEmpty {
          stages[0].exclude += excluded
          if draw.flag("exclude-used-reserves", problems: &problems) ?? false { stages[0].excludesUsedReserves = true }
        }
      }
      for excluded in stages.flatMap(\.exclude) where excluded == name || !node.keys.contains(excluded) {
        let others = node.keys.filter { $0 != name }
        problems.append(draw.unknownName("draw-unknown", key: "exclude", value: excluded, among: others))
      }
      let group = draw.text("group", problems: &problems)
      let title = draw.localized("name", problems: &problems)
      guard stages.count == nodes.count else { return nil }
      return DrawDefinition(name: name, title: title, group: group, stages: stages)
    }
  }

  private static func stage(
    _ node: YAMLMapping,
    isFirst: Bool,
    frames: [FrameDefinition],
    problems: inout [Finding]
  ) -> DrawDefinition.Stage? {
    node.check(
      keys: [
        "frame", "name", "strata", "take", "allocate", "must-include", "reserves", "method", "size", "sort", "rotation",
        "exclude", "exclude-used-reserves", "balance", "coordinates",
      ],
      problems: &problems
    )
    let frameName = node.requiredText("frame", problems: &problems)
    let frame = frames.first { $0.name == frameName }
    if frame == nil, node.has("frame") {
      problems.append(
        node.unknownName("frame-unknown", key: "frame", value: frameName, among: frames.map(\.name))
      )
    }
    let take =
      node.has("allocate")
      ? AllocationText.allocation(node, problems: &problems).map { .allocate($0) }
      : TakeText.take(node, problems: &problems)
    if node.has("take"), node.has("allocate") {
      problems.append(
        node.problem(
          "take-twice",
          key: "take",
          message: LocalizedText(zh: "take 与 allocate 只能给出一个。", en: "`take` and `allocate` exclude each other."),
          fix: LocalizedText(zh: "请删去其中一个。", en: "Remove one.")
        )
      )
    }
    if take == nil, !node.has("take"), !node.has("allocate") { problems.append(node.missing("take")) }
    let mustInclude = node.expression("must-include", problems: &problems)
    let sort = (node.texts("sort", problems: &problems) ?? []).map { SortText.key($0) }
    let reserves = TakeText.reserves(node, problems: &problems)
    let method = node.text("method", problems: &problems) ?? "srs"
    let strata = node.texts("strata", problems: &problems) ?? []
    let size = node.text("size", problems: &problems)
    let rotation = node.number("rotation", problems: &problems) ?? 0
    let balance = node.texts("balance", problems: &problems) ?? []
    let coordinates = node.texts("coordinates", problems: &problems) ?? []
    let name = node.text("name", problems: &problems) ?? frameName
    let exclude = node.texts("exclude", problems: &problems) ?? []
    let excludesUsedReserves = node.flag("exclude-used-reserves", problems: &problems) ?? false
    guard let frame, let take else { return nil }
    if !isFirst, frame.parent == nil {
      problems.append(
        node.problem(
          "parent-missing",
          key: "frame",
          value: frameName,
          message: LocalizedText(
            zh: "第二阶段起，抽样框须有 parent 列。",
            en: "from the second stage on a frame needs its parent column."
          ),
          fix: LocalizedText(zh: "请在 frames 中补上 parent。", en: "Give `parent` under frames.")
        )
      )
    }
    return DrawDefinition.Stage(
      frame: frame.name,
      plan: StagePlan(
        name: name,
        id: frame.id,
        parent: isFirst ? nil : frame.parent,
        strata: strata,
        method: method,
        take: take,
        reserves: reserves.others,
        reservesByStratum: reserves.named,
        mustInclude: mustInclude?.source,
        size: size,
        sort: sort,
        rotation: rotation,
        balance: balance,
        coordinates: coordinates
      ),
      exclude: exclude,
      excludesUsedReserves: excludesUsedReserves
    )
  }
}
