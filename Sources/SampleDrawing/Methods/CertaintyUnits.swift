import SurveyData

/// The units so large that a proportional sample must hold them, and what they leave.
struct CertaintyUnits: Sendable {
  /// Whether each unit of the stratum is one.
  var isCertain: [Bool]
  var certaintyCount: Int
  /// Units of positive size that are left, in the order they came.
  var rest: [Int]
  /// How many of the rest are still to be taken.
  var restSample: Int
  /// The total size of the rest.
  var restTotal: UInt64

  /// Formula: while n > 0 and n·x ≥ X for some unit left, take all such units at once and lower n and X by them.
  ///
  /// Domain: every size positive, X < 2^63. Source: draw protocol §5.
  init(units: [Int], sample: Int, total: UInt64, in cell: CellUnits) {
    self.init(units: units, sample: sample, total: total, count: cell.count) { cell.size($0) }
  }

  /// The same for sizes that stand in a list.
  init(units: [Int], sample: Int, total: UInt64, sizes: [UInt64]) {
    self.init(units: units, sample: sample, total: total, count: sizes.count) { sizes[$0] }
  }

  private init(units: [Int], sample: Int, total: UInt64, count: Int, size: (Int) -> UInt64) {
    isCertain = [Bool](repeating: false, count: count)
    certaintyCount = 0
    rest = units
    restSample = sample
    restTotal = total
    while restSample > 0 {
      // Most strata have no certainty unit: then nothing is copied.
      var largest: UInt64 = 0
      for unit in rest { largest = max(largest, size(unit)) }
      if UInt128(restSample) * UInt128(largest) < UInt128(restTotal) { break }
      var left = [Int]()
      var taken: UInt64 = 0
      for unit in rest {
        let size = size(unit)
        if UInt128(restSample) * UInt128(size) >= UInt128(restTotal) {
          isCertain[unit] = true
          taken += size
        } else {
          left.append(unit)
        }
      }
      let found = rest.count - left.count
      if found == 0 { break }
      rest = left
      certaintyCount += found
      restSample -= found
      restTotal -= taken
    }
  }
}

/// The total size of a stratum, or a refusal where it is beyond the rule's exact range.
func totalSize(of cell: CellUnits, below limit: UInt128, timesSample sample: Int) throws(InputRefusal)
  -> UInt64
{
  var total: UInt128 = 0
  for unit in 0..<cell.count { total += UInt128(cell.size(unit)) }
  if total * UInt128(max(1, sample)) < limit { return UInt64(total) }
  throw InputRefusal(sizeTotalFinding(total, in: cell))
}

func sizeTotalFinding(_ total: UInt128, in cell: CellUnits) -> Finding {
  let place = cell.label.split(separator: "\n").joined(separator: ", ")
  return Finding(
    "size-total",
    value: String(total),
    message: LocalizedText(
      zh: "层“\(place)”的规模合计过大，无法精确计算。",
      en: "the sizes of stratum \"\(place)\" add up to more than can be computed exactly."
    ),
    fix: LocalizedText(zh: "请改用较大的计量单位。", en: "Use a larger unit of measurement.")
  )
}
