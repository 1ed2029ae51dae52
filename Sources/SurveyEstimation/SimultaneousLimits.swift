internal import StatisticalFunctions
internal import SurveyData

/// How limits of one figure in several domains, and of all levels of a share, are made to hold together.
package enum SimultaneousMethod: String, Sendable, Codable, CaseIterable {
  case bonferroni
  case scheffe
}

/// An estimation whose limits hold together, family by family, where the request asks for it.
///
/// A family is one figure in all domains of one set of by-variables; the shares of all levels of a column are one family.
/// Bonferroni: k limits have the level 1 − (1 − level)/k each. Scheffé by covariance: the multiplier of the standard error
/// is √(r ν/(ν − r + 1) F_{r, ν−r+1}(level)), r the rank of the family's covariance matrix and ν its fewest degrees of
/// freedom; the limits have the level at which Student's t has that multiplier. One-sided bounds hold together too.
/// Source: Miller (1981), Simultaneous Statistical Inference, §2.1–2.2; Korn and Graubard (1990), American Statistician 44.
/// - Parameters:
///   - request: with the level at which a family holds.
///   - run: the estimation of a request, whose level is not the one asked for from the second time on.
/// - Returns: the estimation, every limit under the level asked for.
func withSimultaneousLimits(
  _ request: EstimationRequest,
  _ run: (EstimationRequest) -> Estimation
) -> Estimation {
  guard let method = request.simultaneous else { return run(request) }
  var first = request
  first.covariances = request.covariances || method == .scheffe
  var estimation = run(first)
  var runs: [Double: Estimation] = [:]
  for family in families(estimation.estimates, request) {
    let level: Double?
    switch method {
    case .bonferroni: level = 1 - (1 - request.level) / Double(family.count)
    case .scheffe: level = scheffeLevel(family, in: estimation, level: request.level)
    }
    guard let level, level < 1 else {
      for place in family { estimation.estimates[place].clearLimits() }
      estimation.notes.append(.scheffeFreedom(estimation.estimates[family[0]].indicator, count: family.count))
      continue
    }
    if level == request.level { continue }
    if runs[level] == nil {
      var other = request
      other.level = level
      other.covariances = false
      other.domainCorrelations = false
      runs[level] = run(other)
    }
    guard let run = runs[level] else { continue }
    for place in family {
      estimation.estimates[place].takeLimits(of: run.estimates[place], level: request.level)
    }
  }
  if !request.covariances { estimation.covariances = [] }
  return estimation
}

/// The places of the estimates of each family that have limits.
private func families(_ estimates: [Estimate], _ request: EstimationRequest) -> [[Int]] {
  struct Key: Hashable {
    var indicator: String
    var variables: [String]
  }
  let shares = request.indicators.filter {
    if case .proportions = $0.statistic { return true }
    return false
  }.map(\.key)
  var order: [Key] = []
  var places: [Key: [Int]] = [:]
  for (place, estimate) in estimates.enumerated() where estimate.standardError != nil {
    guard (estimate.degreesOfFreedom ?? 0) > 0 else { continue }
    let column = shares.first { estimate.indicator.hasPrefix($0 + "=") }
    let key = Key(indicator: column ?? estimate.indicator, variables: estimate.domain.map(\.variable))
    if places[key] == nil { order.append(key) }
    places[key, default: []].append(place)
  }
  return order.compactMap { places[$0] }
}

private func scheffeLevel(_ family: [Int], in estimation: Estimation, level: Double) -> Double? {
  let estimates = family.map { estimation.estimates[$0] }
  let variables = estimates[0].domain.map(\.variable)
  guard let matrix = estimation.covariances.first(where: { $0.by == variables }),
    let freedom = estimates.compactMap(\.degreesOfFreedom).min()
  else { return nil }
  let names = estimates.map(\.nameInMatrix)
  let places = names.compactMap { matrix.names.firstIndex(of: $0) }
  guard places.count == names.count else { return nil }
  let rank = Double(matrixRank(places.map { row in places.map { matrix.values[row][$0] } }))
  let rest = Double(freedom) - rank + 1
  // A family in which nothing varies has limits that need no widening.
  if rank == 0 { return level }
  guard rest > 0 else { return nil }
  // One figure is widened by Student's own quantile, which is the level it has.
  if rank == 1 { return level }
  let multiplier = rank * Double(freedom) / rest * FisherF(numerator: rank, denominator: rest).quantile(level)
  return 1 - 2 * StudentT(degreesOfFreedom: Double(freedom)).upperTail(multiplier.squareRoot())
}

/// The rank of a covariance matrix: Cholesky with pivoting on correlations, pivots below 1e-9 counting as 0.
func matrixRank(_ matrix: [[Double]]) -> Int {
  var rest = matrix
  let scales = matrix.indices.map { matrix[$0][$0] }
  var rank = 0
  var left = Set(matrix.indices.filter { scales[$0] > 0 })
  while let pivot = left.max(by: { (rest[$0][$0] / scales[$0], $1) < (rest[$1][$1] / scales[$1], $0) }),
    rest[pivot][pivot] > 1e-9 * scales[pivot]
  {
    rank += 1
    left.remove(pivot)
    for row in left {
      let factor = rest[row][pivot] / rest[pivot][pivot]
      for column in left { rest[row][column] -= factor * rest[pivot][column] }
    }
  }
  return rank
}

extension Estimate {
  /// The name of the estimate in a ``CovarianceMatrix``.
  fileprivate var nameInMatrix: String {
    if domain.isEmpty { return indicator }
    return indicator + " @ " + domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ",")
  }

  fileprivate mutating func clearLimits() {
    interval = nil
    comparison = nil
    oneSided = nil
    verdict = nil
  }

  /// Takes the limits of the same estimate at another level, under the level at which the family holds.
  fileprivate mutating func takeLimits(of other: Estimate, level: Double) {
    interval = other.interval
    comparison = other.comparison
    oneSided = other.oneSided
    verdict = other.verdict
    interval?.level = level
    comparison?.level = level
    oneSided?.level = level
  }
}

extension Finding {
  fileprivate static func scheffeFreedom(_ indicator: String, count: Int) -> Finding {
    Finding(
      "scheffe-freedom",
      severity: .note,
      column: indicator,
      value: String(count),
      message: LocalizedText(
        zh: "\(count) 个估计的协方差的秩超过自由度：没有 Scheffé 型限值。",
        en:
          "the covariances of \(count) estimates have a rank above their degrees of freedom: no limits of Scheffé's kind."
      ),
      fix: LocalizedText(zh: "请用 --simultaneous bonferroni。", en: "Use --simultaneous bonferroni.")
    )
  }
}
