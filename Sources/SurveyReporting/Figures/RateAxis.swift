import SurveyEstimation

/// An axis for rates that stays readable near 0 (or near 1, for rates that must reach a limit).
///
/// It is linear while the limit takes a fair share of it; where a long interval would squeeze the limit
/// into the edge, it goes by the square root of the distance from 0 (or 1), which keeps 0 on the axis.
struct RateAxis {
  let isMirrored: Bool
  let isRoot: Bool
  /// The far end, as a distance from 0, or from 1 when mirrored.
  private let start: Double
  private let end: Double

  init(values: [Double], limit: Double?) {
    let all = values + (limit.map { [$0] } ?? [])
    let low = all.min() ?? 0
    let high = all.max() ?? 1
    let isNearOne = (limit ?? low) > 0.5
    isMirrored = isNearOne
    let far = isNearOne ? 1 - low : high
    let near = isNearOne ? 1 - high : low
    let distance = limit.map { isNearOne ? 1 - $0 : $0 }
    let isSqueezed = distance.map { $0 > 0 && far > 6 * $0 } ?? false
    isRoot = isSqueezed
    let step = Self.step(for: max(far, 1e-4) / 5)
    end = min(1, max((max(far * 1.02, (distance ?? 0) * 1.3) / step).rounded(.up) * step, 1e-4))
    // An axis far from 0 starts near its values.
    start = !isSqueezed && near > 0.5 * end ? (near / step).rounded(.down) * step : 0
  }

  /// 0…1 along the axis, left to right.
  func position(_ value: Double) -> Double {
    let distance = isMirrored ? 1 - value : value
    let share =
      isRoot
      ? (max(0, distance) / end).squareRoot() : (max(start, distance) - start) / max(end - start, 1e-9)
    let clipped = min(1, max(0, share))
    return isMirrored ? 1 - clipped : clipped
  }

  /// Candidates for tick marks, the end at the limit side first.
  var ticks: [Double] {
    let distances: [Double]
    if isRoot {
      let ladder = [
        0, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1,
      ]
      distances = ladder.filter { $0 <= end * 1.000_001 }
    } else {
      let step = Self.step(for: (end - start) / 5)
      let count = Int(((end - start) / step + 1e-6).rounded(.down))
      distances = (0...max(count, 0)).map { start + Double($0) * step }
    }
    return distances.map { isMirrored ? 1 - $0 : $0 }
  }

  /// 1, 2 or 5 times a power of ten, not below the wish.
  private static func step(for wish: Double) -> Double {
    var power = 1e-6
    while power * 10 <= wish { power *= 10 }
    for factor in [1.0, 2, 5] where power * factor >= wish * 0.999_999 { return power * factor }
    return power * 10
  }
}
