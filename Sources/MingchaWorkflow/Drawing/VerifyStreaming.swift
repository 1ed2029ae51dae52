internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign

/// A draw repeated without its frames in memory.
struct RepeatedDraw {
  var seed: Seed
  var drawn: DrawnStages
  /// Units repeated: selected and reserve.
  var unitCount: Int
}

/// Repeats a draw while its frames go by.
///
/// - Returns: `nil` unless everything is as the receipt says: what differs is then found and named with the
///   frames in memory.
func repeatStreaming(
  _ receipt: Receipt,
  sources: [FrameSource],
  seed given: Seed?,
  list: Table?,
  joint: Table?,
  workers: Int = processorCount
) -> RepeatedDraw? {
  guard sources.count == receipt.stages.count, let seed = receipt.committedSeed(given: given) else { return nil }
  var drawn = DrawnStages(draw: Draw(seed: seed, group: receipt.group, stages: []), frames: [], notes: [])
  var parents: [String]?
  for (source, stage) in zip(sources, receipt.stages) {
    guard let key = try? DrawKey(seed: seed.text, group: receipt.group, stage: stage.plan.name),
      (try? checkPlans([stage.plan])) != nil,
      let streamed = try? source.drawStreaming(
        stage.plan,
        key: key,
        parents: parents,
        workers: workers,
        needsFileDigest: false
      )
    else { return nil }
    drawn.frames.append(streamed.frame)
    drawn.notes += streamed.notes
    drawn.draw.stages.append(streamed.stage)
    parents = streamed.stage.cells.flatMap { $0.selected.map(\.id) }
  }
  guard let unitCount = receipt.unitCount(repeatedBy: drawn.draw, frames: drawn.frames, list: list, joint: joint) else {
    return nil
  }
  return RepeatedDraw(seed: seed, drawn: drawn, unitCount: unitCount)
}
