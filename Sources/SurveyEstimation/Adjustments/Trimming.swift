internal import SurveyData
internal import SurveyDesign

/// Weights cut at the bounds; what is cut off is shared out evenly over the rows that were inside.
///
/// - Throws: a refusal where no weight is left inside to take it.
func trimmed(_ weights: [Double], by spec: Trimming) throws(InputRefusal) -> [Double] {
  let lower = spec.lower ?? -.infinity
  let upper = spec.upper ?? .infinity
  var current = weights
  let used = weights.count { $0 != 0 }
  var rounds = 0
  while true {
    rounds += 1
    var cutOff = 0.0
    var inside = 0
    var next = current
    for row in current.indices {
      // Rows without weight are no part of the sample any more.
      if weights[row] == 0 { continue }
      if current[row] < lower || current[row] > upper {
        next[row] = max(lower, min(current[row], upper))
        cutOff += current[row] - next[row]
      } else {
        inside += 1
      }
    }
    if inside == used { return current }
    guard inside > 0, rounds < 1000 else {
      throw InputRefusal(
        Finding(
          "trimming-bounds",
          message: LocalizedText(zh: "没有权数在界内，无处分摊。", en: "no weight is inside the bounds to take what is cut off."),
          fix: LocalizedText(zh: "请放宽上下界。", en: "Widen the bounds.")
        )
      )
    }
    for row in current.indices where weights[row] != 0 && current[row] >= lower && current[row] <= upper {
      next[row] += cutOff / Double(inside)
    }
    current = next
    if !spec.isRepeated { return current }
  }
}
