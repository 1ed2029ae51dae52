internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign

/// Replicate weights and how the spread of the replicates becomes a variance.
///
/// Formula: V = scale · Σ_r rscale_r (θ_r − c)(θ_r − c)′, with c the estimate of the whole sample (mean squared error)
/// or the mean of the replicates. Source: Rust and Rao (1996), Stat. Methods Med. Res. 5; Wolter (2007).
struct ReplicateWeights: Sendable {
  /// Factors of units stand for the weights of all their rows until an adjustment of the weights makes them differ.
  private enum Storage {
    /// By replicate: the weight of every row.
    case columns([[Double]])
    case units(UnitFactors)
  }

  private struct UnitFactors {
    /// By row.
    var weights: [Double]
    var unitOfRow: [Int32]
    var unitCount: Int
    /// By replicate, by unit.
    var factors: [[Double]]
  }

  private var storage: Storage
  let scale: Double
  let replicateScales: [Double]
  let isMeanSquaredError: Bool
  /// Degrees of freedom are the rank of the deviations from the whole sample's weights.
  private let countsDeviations: Bool
  /// The weights of the whole sample.
  private var whole: [Double]
  /// The first stage whose error the replicates show; `nil` for replicates of a file.
  let stage: Int?
  /// Of the whole sample.
  private(set) var wholeFreedom = 0

  /// Replicate weights of a file.
  /// - Throws: a refusal for rows or columns of the wrong number, and for missing or infinite weights.
  init(_ spec: ReplicateColumns, weights: [Double]) throws(InputRefusal) {
    let count = spec.replicateScales.count
    var findings: [Finding] = []
    if spec.weights.count != weights.count {
      findings.append(
        Finding(
          "replicate-rows",
          value: "\(spec.weights.count)",
          message: LocalizedText(
            zh: "重复权数有 \(spec.weights.count) 行，样本有 \(weights.count) 行。",
            en: "the replicate weights have \(spec.weights.count) rows, the sample has \(weights.count)."
          ),
          fix: LocalizedText(zh: "须逐行对应。", en: "Give one row of them for each row of the sample.")
        )
      )
    }
    for (row, values) in spec.weights.enumerated()
    where values.count != count || values.contains(where: { !$0.isFinite }) {
      findings.append(
        Finding(
          "replicate-columns",
          row: row + 1,
          value: "\(values.count)",
          message: LocalizedText(
            zh: "应有 \(count) 个重复权数，均为数字。",
            en: "there should be \(count) replicate weights, all of them numbers."
          ),
          fix: LocalizedText(zh: "请核对重复权数的列。", en: "Check the columns of replicate weights.")
        )
      )
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    storage = .columns(
      (0..<count).map { replicate in
        weights.indices.map { row in
          spec.areWhole ? spec.weights[row][replicate] : spec.weights[row][replicate] * weights[row]
        }
      }
    )
    scale = spec.scale
    replicateScales = spec.replicateScales
    isMeanSquaredError = spec.isMeanSquaredError
    countsDeviations = spec.countsDeviations
    whole = weights
    stage = nil
    updateFreedom()
  }

  /// Replicates made of a sample's design.
  /// - Throws: a refusal where the design does not suit the method.
  init(_ plan: Replication, of sample: SurveySample, isMeanSquaredError: Bool) throws(InputRefusal) {
    guard let method = ReplicationMethods.named(plan.method) else {
      throw replicatesUnsuited(
        zh: "没有“\(plan.method)”这种重复权数方法。",
        en: "there is no method \"\(plan.method)\" for replicate weights.",
        fixZh: "可用：\(ReplicationMethods.all.map(\.name).joined(separator: "、"))。",
        fixEn: "Known: \(ReplicationMethods.all.map(\.name).joined(separator: ", "))."
      )
    }
    let isMeanSquaredError = isMeanSquaredError || method.isAroundWhole
    let units = try ReplicationUnits(sample, isMeanSquaredError: isMeanSquaredError)
    let made = try method.factors(of: units, plan: plan)
    let shown = max(made.stage, units.openStage)
    storage = .units(
      UnitFactors(
        weights: sample.weights,
        unitOfRow: units.stages[shown].unitOfRow,
        unitCount: units.stages[shown].unitCount,
        factors: made.factors
      )
    )
    scale = made.scale
    replicateScales = made.replicateScales
    self.isMeanSquaredError = isMeanSquaredError
    countsDeviations = method.isAroundWhole
    whole = sample.weights
    stage = shown
    updateFreedom()
  }

  var count: Int { replicateScales.count }

  /// The weights of every row in one replicate.
  func column(_ replicate: Int) -> [Double] {
    switch storage {
    case .columns(let columns): return columns[replicate]
    case .units(let units):
      let factors = units.factors[replicate]
      return units.weights.indices.map { units.weights[$0] * factors[Int(units.unitOfRow[$0])] }
    }
  }

  func weight(_ replicate: Int, row: Int) -> Double {
    switch storage {
    case .columns(let columns): return columns[replicate][row]
    case .units(let units): return units.weights[row] * units.factors[replicate][Int(units.unitOfRow[row])]
    }
  }

  /// What is computed of the weights of each replicate, one column at a time.
  func map<Result>(_ body: ([Double]) -> Result) -> [Result] { (0..<count).map { body(column($0)) } }

  /// Replaces the weights of every replicate.
  mutating func adjust(_ change: ([Double]) throws(InputRefusal) -> [Double]) throws(InputRefusal) {
    var columns: [[Double]] = []
    for replicate in 0..<count { columns.append(try change(column(replicate))) }
    storage = .columns(columns)
    if countsDeviations { whole = try change(whole) }
    updateFreedom()
  }

  /// A figure's value in every replicate.
  ///
  /// Totals and their ratios are sums over units, so that all replicates together are one product of the matrix of
  /// factors and the units' sums; every row is looked at once.
  /// - Parameter counted: the weights of the whole sample.
  func values(of figure: RowFigure, _ rows: [Int], counted: [Double]) -> [Double] {
    guard case .units(let units) = storage, let terms = figure.totals else {
      return map { figure.value($0, rows, counted: counted) }
    }
    func sums(_ term: (Int) -> Double) -> [Double] {
      var sums = [ExactSum](repeating: ExactSum(), count: units.unitCount)
      for row in rows { sums[Int(units.unitOfRow[row])].add(units.weights[row] * term(row)) }
      return sums.map(\.value)
    }
    let above = sums(terms.above)
    let below = terms.below.map(sums)
    return units.factors.map { factors in
      let numerator = innerProduct(factors, above)
      guard let below else { return numerator }
      return numerator / innerProduct(factors, below)
    }
  }

  private mutating func updateFreedom() {
    switch storage {
    case .columns(let columns): wholeFreedom = Self.rank(columns + (countsDeviations ? [whole] : [])) - 1
    case .units(let units): wholeFreedom = rank(units, isInside: [Bool](repeating: true, count: whole.count)) - 1
    }
  }

  /// The rank of the matrix of weights less 1: of deviations from the replicates' mean. The weights of the whole sample
  /// are one more column where it is deviations from them that count.
  func freedom(_ isInside: [Bool]) -> Int {
    if !isInside.contains(false) { return wholeFreedom }
    switch storage {
    case .columns(let columns):
      return Self.rank(
        (columns + (countsDeviations ? [whole] : [])).map { column in
          column.indices.map { isInside[$0] ? column[$0] : 0 }
        }
      ) - 1
    case .units(let units):
      var isThere = [Bool](repeating: false, count: units.unitCount)
      for row in isInside.indices where isInside[row] { isThere[Int(units.unitOfRow[row])] = true }
      if !isThere.contains(false) { return wholeFreedom }
      return rank(units, isInside: isInside) - 1
    }
  }

  /// Products of columns square what they are near to: where a column leaves only a little beside those before it, their
  /// rounding counts dimensions that are not there, and the columns themselves are taken.
  private static func rank(_ columns: [[Double]]) -> Int {
    gramRank(columns, tolerance: 1e-5, clear: 1e-2) ?? OrthonormalBasis(columns, tolerance: 1e-5).rank
  }

  /// Rows of a unit have the same factors: with √Σw² for them all lengths and angles between columns stay.
  private func rank(_ units: UnitFactors, isInside: [Bool]) -> Int {
    var squares = [Double](repeating: 0, count: units.unitCount)
    for row in isInside.indices where isInside[row] {
      squares[Int(units.unitOfRow[row])] += units.weights[row] * units.weights[row]
    }
    let used = squares.indices.filter { squares[$0] > 0 }
    let lengths = used.map { squares[$0].squareRoot() }
    let columns = units.factors.map { factors in used.indices.map { lengths[$0] * factors[used[$0]] } }
    return Self.rank(columns + (countsDeviations ? [lengths] : []))
  }

  /// The covariances of estimates, from their values in every replicate.
  ///
  /// Replicates in which an estimate has no value are left out.
  /// - Parameters:
  ///   - estimates: of the whole sample.
  ///   - replicated: by replicate.
  func covariance(_ estimates: [Double], _ replicated: [[Double]]) -> Matrix? {
    let used = replicated.indices.filter { replicated[$0].allSatisfy(\.isFinite) }
    guard !used.isEmpty else { return nil }
    var center = estimates
    if !isMeanSquaredError {
      let counted = used.filter { replicateScales[$0] > 0 }
      center = estimates.indices.map { figure in
        var sum = 0.0
        for replicate in counted { sum += replicated[replicate][figure] }
        return sum / Double(counted.count)
      }
    }
    var result = Matrix(rows: estimates.count, columns: estimates.count)
    for row in estimates.indices {
      for column in row..<estimates.count {
        var sum = 0.0
        for replicate in used {
          let values = replicated[replicate]
          sum += replicateScales[replicate] * (values[row] - center[row]) * (values[column] - center[column])
        }
        result[row, column] = scale * sum
        result[column, row] = scale * sum
      }
    }
    return result
  }
}
