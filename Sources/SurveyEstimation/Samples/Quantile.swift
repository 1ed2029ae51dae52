internal import Glibc
internal import StatisticalFunctions
package import SurveyData

/// A rule that reads a quantile off the weighted values.
///
/// Source: Hyndman and Fan (1996), Amer. Statistician 50, as R survey's `svyquantile` weights them.
public enum QuantileRule: String, Sendable, CaseIterable {
  /// The inverse of the weighted distribution function.
  case math
  /// As `math`, but the midpoint where the function is flat at the probability (Hyndman and Fan 2).
  case school
  /// The same as `school`.
  case hf2
  /// Linear between the values (Hyndman and Fan 7).
  case hf7
}

/// Around which transformation of the distribution function the limits of a quantile are taken.
public enum QuantileInterval: String, Sendable, CaseIterable {
  /// Woodruff's: the limits of the share at the quantile by Student's t, read back.
  case mean
  /// As `mean`, on the logit of the share.
  case xlogit
  /// As `mean`, on the arcsine of its root.
  case asin
  /// Korn and Graubard's limits of the share.
  case beta
  /// Francisco and Fuller's: the values that a score test does not reject, from the first to the one after the last.
  case score
  /// `score` as R survey 4.1 reads it, for comparison: the weighted quantile at the unweighted share of rows up to a
  /// limit. With unequal weights its limits may both lie on one side of the quantile.
  case scoreByRows = "score-by-rows"
}

/// A quantile with its limits.
package struct QuantileEstimate: Sendable {
  package var probability: Double
  package var value: Double
  /// `nil` where the share's limits leave 0…1, no value is larger than the quantile, or the score test rejects no value on that side.
  package var lower: Double?
  package var upper: Double?
  /// Half the distance of the limits over Student's quantile.
  package var standardError: Double?
  package var degreesOfFreedom: Int
}

extension SurveySample {
  /// Quantiles of a variable with Woodruff's limits.
  ///
  /// Source: Woodruff (1952), J. Amer. Statist. Assoc. 47; Francisco and Fuller (1991), Ann. Statist. 19. Rows are those
  /// of the filter and the domain; one without a value is dropped where `dropsMissing`, and leaves nothing otherwise.
  /// - Returns: one a probability, or nothing.
  /// - Throws: a refusal for a column that is missing or holds no numbers.
  package func quantiles(
    of variable: Expression,
    probabilities: [Double],
    rule: QuantileRule,
    interval: QuantileInterval,
    level: Double,
    filter: Expression? = nil,
    domain: [DomainValue] = [],
    dropsMissing: Bool = false
  ) throws(InputRefusal) -> [QuantileEstimate] {
    let values = try variable.numbers(over: table)
    let isInside = try rowsInside(domain, filter: filter)
    let rows = isInside.indices.filter { isInside[$0] && !values[$0].isNaN }
    if rows.isEmpty || !dropsMissing && rows.count < isInside.count(where: { $0 }) { return [] }
    let distribution = WeightedDistribution(rows.map { (values[$0], weights[$0]) })
    var held = isInside
    for row in held.indices where values[row].isNaN { held[row] = false }
    let study = QuantileStudy(sample: self, values: values, rows: rows, isInside: held, distribution: distribution)
    return probabilities.map { study.estimate($0, rule: rule, interval: interval, level: level) }
  }
}

/// Values in ascending order with the sums of their weights.
struct WeightedDistribution: Sendable {
  private let values: [Double]
  /// Σ w of the values up to each.
  private let sums: [Double]
  private let total: Double

  /// - Parameter rows: value and weight; rows without weight do not count.
  init(_ rows: [(value: Double, weight: Double)]) {
    let kept = rows.filter { $0.weight != 0 }
    let order = kept.indices.sorted { (kept[$0].value, $0) < (kept[$1].value, $1) }
    values = order.map { kept[$0].value }
    var sum = ExactSum()
    sums = order.map { place in
      sum.add(kept[place].weight)
      return sum.value
    }
    total = sum.value
  }

  var distinctValues: [Double] {
    values.indices.filter { $0 == 0 || values[$0] != values[$0 - 1] }.map { values[$0] }
  }

  var least: Double { values.first ?? .nan }
  var largest: Double { values.last ?? .nan }

  /// The value that a rule reads at a probability.
  func value(at probability: Double, _ rule: QuantileRule) -> Double {
    guard !values.isEmpty, !probability.isNaN else { return .nan }
    switch rule {
    case .math:
      let (low, high, isFlat) = neighbours(probability)
      return isFlat ? values[low] : values[high]
    case .school, .hf2:
      let (low, high, isFlat) = neighbours(probability)
      return isFlat ? (values[low] + values[high]) / 2 : values[high]
    case .hf7:
      // p_k = Σ_{i<k} w / Σ_{i<N} w, linear between.
      guard values.count > 1 else { return values[0] }
      let scale = sums[sums.count - 2]
      func place(_ index: Int) -> Double { index == 0 ? 0 : sums[index - 1] / scale }
      if probability <= 0 { return values[0] }
      if probability >= place(values.count - 1) { return values[values.count - 1] }
      var low = 0
      var high = values.count - 1
      while high - low > 1 {
        let middle = (low + high) / 2
        if place(middle) <= probability { low = middle } else { high = middle }
      }
      let share = (probability - place(low)) / (place(high) - place(low))
      return values[low] + share * (values[high] - values[low])
    }
  }

  /// The last place whose sum does not exceed p · Σw and the one after it; whether it meets it exactly.
  private func neighbours(_ probability: Double) -> (low: Int, high: Int, isFlat: Bool) {
    let bound = probability * total
    var low = 0
    var above = values.count
    if !(sums[0] <= bound) { return (0, 0, false) }
    while above - low > 1 {
      let middle = (low + above) / 2
      if sums[middle] <= bound { low = middle } else { above = middle }
    }
    let high = low == values.count - 1 ? low : low + 1
    return (low, high, probability - sums[low] / total == 0)
  }

  /// The distance between the upper and lower quartile, unweighted.
  var quartileRange: Double {
    func plain(_ p: Double) -> Double {
      let place = p * Double(values.count - 1)
      let low = Int(place.rounded(.down))
      let high = min(low + 1, values.count - 1)
      return values[low] + (place - Double(low)) * (values[high] - values[low])
    }
    return plain(0.75) - plain(0.25)
  }

  /// The unweighted share of values up to one.
  func share(upTo value: Double) -> Double {
    Double(values.count { $0 <= value }) / Double(values.count)
  }
}

/// The quantiles of one variable in one domain.
private struct QuantileStudy {
  let sample: SurveySample
  let values: [Double]
  let rows: [Int]
  let isInside: [Bool]
  let distribution: WeightedDistribution

  func estimate(
    _ probability: Double,
    rule: QuantileRule,
    interval: QuantileInterval,
    level: Double
  ) -> QuantileEstimate {
    let value = distribution.value(at: probability, rule)
    let freedom = sample.plainFreedom(isInside)
    var result = QuantileEstimate(probability: probability, value: value, degreesOfFreedom: freedom)
    guard freedom > 0 else { return result }
    let limits: (lower: Double, upper: Double)
    if interval == .score {
      limits = scoreLimits(probability, level: level, freedom: freedom)
    } else if interval == .scoreByRows {
      limits = scoreLimitsByRows(probability, level: level, freedom: freedom, rule)
    } else {
      let shares = shareLimits(at: value, interval, level: level, freedom: freedom)
      limits = (
        shares.lower.isNaN || shares.lower < 0 ? .nan : distribution.value(at: shares.lower, rule),
        shares.upper.isNaN || shares.upper > 1 ? .nan : distribution.value(at: shares.upper, rule)
      )
    }
    if !limits.lower.isNaN { result.lower = limits.lower }
    if !limits.upper.isNaN { result.upper = limits.upper }
    let quantile = StudentT(degreesOfFreedom: Double(freedom)).quantile((1 + level) / 2)
    let error = (limits.upper - limits.lower) / (2 * quantile)
    if !error.isNaN { result.standardError = error }
    return result
  }

  /// The weighted mean of something over the rows, with its variance.
  private func mean(_ term: (Double) -> Double) -> (mean: Double, variance: Double) {
    let weights = sample.weights
    func mean(_ weights: [Double]) -> Double {
      var sum = ExactSum()
      var total = ExactSum()
      for row in rows {
        sum.add(weights[row] * term(values[row]))
        total.add(weights[row])
      }
      return sum.value / total.value
    }
    let estimate = mean(weights)
    if let replicates = sample.replicates {
      let variance = replicates.covariance([estimate], replicates.map { [mean($0)] })?[0, 0]
      return (estimate, variance ?? .nan)
    }
    var total = ExactSum()
    for row in rows { total.add(weights[row]) }
    var scores = [Double](repeating: 0, count: sample.rowCount)
    for row in rows { scores[row] = weights[row] * (term(values[row]) - estimate) / total.value }
    return (estimate, sample.covariance([scores], isInside: isInside)?[0, 0] ?? .nan)
  }

  private func shareLimits(
    at value: Double,
    _ interval: QuantileInterval,
    level: Double,
    freedom: Int
  ) -> (lower: Double, upper: Double) {
    let (p, variance) = mean { $0 <= value ? 1 : 0 }
    // A share of 1 has no spread that could be read back.
    guard p > 0, p < 1 else { return (.nan, .nan) }
    let t = StudentT(degreesOfFreedom: Double(freedom)).quantile((1 + level) / 2)
    switch interval {
    case .mean, .score, .scoreByRows: return (p - t * variance.squareRoot(), p + t * variance.squareRoot())
    case .xlogit:
      let error = variance.squareRoot() / (p * (1 - p))
      let center = log(p / (1 - p))
      func expit(_ x: Double) -> Double { exp(x) / (1 + exp(x)) }
      return (expit(center - t * error), expit(center + t * error))
    case .asin:
      let error = (variance / (4 * p * (1 - p))).squareRoot()
      let center = Glibc.asin(p.squareRoot())
      let (lower, upper) = (sin(center - t * error), sin(center + t * error))
      return (lower * lower, upper * upper)
    case .beta:
      let few = t
      let many = StudentT(degreesOfFreedom: Double(rows.count - 1)).quantile((1 + level) / 2)
      let size = p * (1 - p) / variance * (many / few) * (many / few)
      guard size.isFinite else { return (.nan, .nan) }
      return (
        Beta(size * p, size * (1 - p) + 1).quantile((1 - level) / 2),
        Beta(size * p + 1, size * (1 - p)).upperQuantile((1 - level) / 2)
      )
    }
  }

  /// (Σ w 1(y > θ) / Σ w − (1 − p)) / s: how far θ lies below the quantile.
  private func score(of theta: Double, _ probability: Double) -> Double {
    let (mean, variance) = mean { ($0 > theta ? 1 : 0) - (1 - probability) }
    return mean / variance.squareRoot()
  }

  /// The score changes at observed values only, and falls from one to the next but for chance.
  private func scoreLimits(_ probability: Double, level: Double, freedom: Int) -> (lower: Double, upper: Double) {
    let t = StudentT(degreesOfFreedom: Double(freedom)).quantile((1 + level) / 2)
    let observed = distribution.distinctValues
    let lower: Int
    let upper: Int
    if observed.count <= Self.scannedValues {
      let scores = observed.map { score(of: $0, probability) }
      lower = scores.firstIndex { $0 < t } ?? observed.count
      upper = (scores.lastIndex { $0 > -t } ?? -1) + 1
    } else {
      lower = observed.partitioningIndex { score(of: $0, probability) < t }
      upper = observed.partitioningIndex { score(of: $0, probability) <= -t }
    }
    // Below the least and from the largest value on, nothing varies that could be tested.
    return (
      lower > 0 && lower < observed.count ? observed[lower] : .nan,
      upper < observed.count - 1 ? observed[upper] : .nan
    )
  }

  /// Up to so many different values each is tested; among more the change is found by halving.
  private static let scannedValues = 1000

  private func scoreLimitsByRows(
    _ probability: Double,
    level: Double,
    freedom: Int,
    _ rule: QuantileRule
  ) -> (lower: Double, upper: Double) {
    let t = StudentT(degreesOfFreedom: Double(freedom)).quantile((1 + level) / 2)
    func statistic(_ theta: Double, _ limit: Double) -> Double {
      let value = score(of: theta, probability) - limit
      // A share without variance lies infinitely far off, which the steps of the search cannot use.
      return value.isFinite ? value : value < 0 ? -.greatestFiniteMagnitude : .greatestFiniteMagnitude
    }
    let margin = distribution.quartileRange / 100
    let (least, largest) = (distribution.least + margin, distribution.largest - margin)
    let tolerance = 1 / (100 * Double(rows.count).squareRoot())
    func root(_ limit: Double) -> Double {
      brentRoot(from: least, to: largest, tolerance: tolerance) { statistic($0, limit) }
    }
    let low = root(t)
    let high = root(-t)
    return (
      low.isNaN ? .nan : distribution.value(at: distribution.share(upTo: low), rule),
      high.isNaN ? .nan : distribution.value(at: distribution.share(upTo: high), rule)
    )
  }
}

extension Array {
  /// The first place from which on a condition holds, where it holds from some place on.
  fileprivate func partitioningIndex(_ isReached: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isReached(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
