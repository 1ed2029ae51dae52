import SurveyData
import SurveyDesign

/// Compares one frame with what the receipt says of it, naming the stratum where one tells the difference.
func checkFrame(
  _ frame: ReceiptFrame,
  input: Receipt.Input,
  stage: Receipt.Stage
) throws(Verification.Difference) {
  let digest: String
  do throws(InputRefusal) {
    digest = try CanonicalFrame(frame.whole, id: stage.plan.id).digest.hex
  } catch {
    throw differs(
      "frame-changed",
      zh: "抽样框“\(input.file)”已变：没有编号列“\(stage.plan.id)”。",
      en: "the frame \(input.file) has changed: it has no id column \"\(stage.plan.id)\"."
    )
  }
  let isSame = digest == input.frameDigest
  let changed =
    isSame
    ? LocalizedText("")
    : LocalizedText(
      zh: "抽样框“\(input.file)”与抽样时不同：",
      en: "the frame \(input.file) has changed since the draw: "
    )
  if let cells = stage.cells, let counts = stratumCounts(frame.units, stage: stage, cells: cells) {
    for cell in cells {
      guard let count = counts[bytes(of: cell)] else {
        throw differs(
          "stratum-missing",
          zh: changed.zh + "回执中的层“\(cell.place)”不在阶段“\(stage.plan.name)”的抽样框中。",
          en: changed.en
            + "stratum \"\(cell.place)\" of the receipt is not in the frame of stage \"\(stage.plan.name)\"."
        )
      }
      if count != cell.population {
        throw differs(
          "population-differs",
          zh: changed.zh + "层“\(cell.place)”的 N 为 \(count)，回执为 \(cell.population)。",
          en: changed.en + "stratum \"\(cell.place)\" has N = \(count), the receipt says \(cell.population)."
        )
      }
    }
    // Below the first stage a frame holds more than the drawn parents' strata; where no parent was drawn, no stratum.
    if stage.plan.parent == nil || !cells.isEmpty && cells.allSatisfy({ $0.parent == nil }) {
      let known = Set(cells.map { bytes(of: $0) })
      let extra = counts.keys.filter { !known.contains($0) }.map { place(of: $0) }
      if let place = extra.min(by: precedesAsBytes) {
        throw differs(
          "stratum-extra",
          zh: changed.zh + "回执中没有抽样框的层“\(place)”。",
          en: changed.en + "the receipt lacks stratum \"\(place)\" of the frame."
        )
      }
    }
  }
  if frame.whole.rowCount != input.rows {
    throw differs(
      "frame-changed",
      zh: "抽样框“\(input.file)”有 \(frame.whole.rowCount) 行，抽样时为 \(input.rows) 行。",
      en: "the frame \(input.file) has \(frame.whole.rowCount) rows, at the draw it had \(input.rows)."
    )
  }
  if !isSame {
    throw differs(
      "frame-changed",
      zh: changed.zh + "摘要应为 \(input.frameDigest)，现为 \(digest)。",
      en: changed.en + "its digest was \(input.frameDigest) and is \(digest)."
    )
  }
  if frame.units.rowCount != input.unitsKept {
    throw differs(
      "filter-differs",
      zh: "抽样框“\(input.file)”筛选后有 \(frame.units.rowCount) 个单元，抽样时为 \(input.unitsKept) 个。",
      en: "the filter leaves \(frame.units.rowCount) units of \(input.file), at the draw \(input.unitsKept)."
    )
  }
}

/// The values of a stratum's parent and columns, each as its bytes: texts of two strata may be equal in Swift.
private typealias StratumBytes = [[UInt8]]

private func bytes(of values: [String]) -> StratumBytes { values.map { Array($0.utf8) } }

private func bytes(of cell: Receipt.Cell) -> StratumBytes { bytes(of: (cell.parent.map { [$0] } ?? []) + cell.stratum) }

private func place(of values: StratumBytes) -> String {
  values.isEmpty ? "all" : stratumKey(values.map { String(decoding: $0, as: UTF8.self) })
}

/// The number of units in every stratum (within its parent); nil where a column or a value is missing.
private func stratumCounts(
  _ frame: Table,
  stage: Receipt.Stage,
  cells: [Receipt.Cell]
) -> [StratumBytes: Int]? {
  var names = stage.plan.strata
  if cells.contains(where: { $0.parent != nil }), let parent = stage.plan.parent {
    names.insert(parent, at: 0)
  }
  var columns = [CodedText]()
  for name in names {
    guard let column = frame[name]?.codedText, !column.codes.contains(where: { $0 < 0 }) else { return nil }
    columns.append(column)
  }
  let grouping = StratumGrouping(columns, rowCount: frame.rowCount)
  var counts = [Int](repeating: 0, count: grouping.strata.count)
  for stratum in grouping.stratumOfRow { counts[Int(stratum)] += 1 }
  var byValues = [StratumBytes: Int]()
  for (values, count) in zip(grouping.strata, counts) { byValues[bytes(of: values), default: 0] += count }
  return byValues
}
