internal import Glibc
package import SampleDrawing
package import SurveyData
internal import SurveyDesign

/// All stages of a draw, and the frames as the receipt records them.
package struct DrawnStages: Sendable {
  package var draw: Draw
  package var frames: [ReceiptFrame]
  package var notes: [Finding]
}

/// The processors that may be used.
package var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

/// Reads and draws stage by stage.
///
/// A frame that can go by in chunks is never in memory as a whole; every other one is read as a table. Both
/// give the same draw.
/// - Parameters:
///   - stages: what is drawn from which files.
///   - exclusions: by stage, the units of earlier draws that are left out; none where it is shorter.
///   - within: where it is given, the last stage is drawn only within these units of the stage before.
///   - workers: threads that read and draw; the outcome does not depend on them.
/// - Throws: an `InputRefusal` with every finding of the plans, else of a stage's files, else of its strata.
package func drawStages(
  _ stages: [DrawOrder.Stage],
  seed: Seed,
  group: String,
  excluding exclusions: [[Exclusion]] = [],
  within: [String]? = nil,
  workers: Int = processorCount
) throws -> DrawnStages {
  try checkPlans(stages.map(\.plan))
  var drawn = DrawnStages(draw: Draw(seed: seed, group: group, stages: []), frames: [], notes: [])
  var parents: [String]?
  for (place, stage) in stages.enumerated() {
    if let within, place == stages.count - 1 {
      parents = try restricted(parents ?? [], to: within, stage: stage.plan)
    }
    let key = try DrawKey(seed: seed.text, group: group, stage: stage.plan.name)
    let excluded = place < exclusions.count ? exclusions[place] : []
    let result: StageDraw
    if excluded.isEmpty,
      let streamed = try stage.source.drawStreaming(
        stage.plan,
        key: key,
        parents: parents,
        workers: workers,
        needsFileDigest: true
      )
    {
      result = streamed.stage
      drawn.frames.append(streamed.frame)
      drawn.notes += streamed.notes
    } else {
      var (frame, own) = try stage.source.read()
      // A frame without its id column has further findings, which the draw collects.
      let isCompared = !excluded.isEmpty && frame.whole[stage.plan.id] != nil
      result = try drawStage(
        stage.plan,
        frame: frame.units,
        parents: parents,
        key: key,
        excluding: excluded,
        from: isCompared ? try frame.identity(id: stage.plan.id) : nil
      )
      drawn.frames.append(frame)
      drawn.notes += own
    }
    parents = result.cells.flatMap { $0.selected.map(\.id) }
    drawn.draw.stages.append(result)
  }
  return drawn
}
