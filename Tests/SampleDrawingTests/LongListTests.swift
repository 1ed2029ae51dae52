import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

private let units = 1_500
private let sample = 1_450
private let stage = "county"

/// Sampford's selection by the annex's text with the whole tables in memory: long lists are drawn block by block.
private func sampfordByWholeTable(_ sizes: [UInt64], key: DrawKey) -> [Int] {
  let total = sizes.reduce(0, +)
  let p = sizes.map { Double(UInt64(sample) * $0) / Double(total) }
  let q = sizes.map { Double(total - UInt64(sample) * $0) / Double(total) }
  let width = sample + 1
  var counts = [Double](repeating: 0, count: (units + 1) * width)
  var marked = counts
  counts[units * width] = 1
  func kept(_ value: Double) -> Double { value < 0x1p-200 ? 0 : value }
  for unit in (0..<units).reversed() {
    for k in 0...sample {
      let from = (unit + 1) * width + k
      let countBefore = k == 0 ? 0 : counts[from - 1]
      let markedBefore = k == 0 ? 0 : marked[from - 1]
      counts[unit * width + k] = kept(q[unit] * counts[from] + p[unit] * countBefore)
      marked[unit * width + k] = kept(q[unit] * marked[from] + p[unit] * (markedBefore + q[unit] * countBefore))
    }
  }
  var places = [Int]()
  var wanted = sample
  var gathered = 0.0
  for unit in 0..<units {
    if wanted == 0 { break }
    if units - unit == wanted { return places + Array(unit..<units) }
    let row = (unit + 1) * width + wanted
    let taken = p[unit] * ((gathered + q[unit]) * counts[row - 1] + marked[row - 1])
    let left = q[unit] * (gathered * counts[row] + marked[row])
    if key.streamUniform(stratum: "", at: unit) * (taken + left) < taken {
      places.append(unit)
      wanted -= 1
      gathered += q[unit]
    }
  }
  return places
}

@Test("a list too long for a whole table is drawn with the same bits")
func longList() throws {
  // Sizes so even that no unit is certain although almost all are taken.
  let sizes = (0..<units).map { UInt64(10_000 + ($0 * 37) % 300) }
  let ids = (0..<units).map { String(100_000 + $0) }
  let frame = Table(columns: [Column("id", texts: ids), Column("size", texts: sizes.map { String($0) })])
  let plan = StagePlan(name: stage, id: "id", method: "pps-sampford", take: .count(sample), size: "size")
  let cell = try drawStage(plan, frame: frame, key: key()).cells[0]
  #expect(cell.certaintyCount == 0)
  #expect(cell.selected.map(\.frameRow) == sampfordByWholeTable(sizes, key: try key()))
}
