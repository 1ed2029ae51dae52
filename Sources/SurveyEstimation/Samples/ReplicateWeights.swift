internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign

/// Replicate weights and how the spread of the replicates becomes a variance.
///
/// Formula: V = scale · Σ_r rscale_r (θ_r − c)(θ_r − c)′, with c the estimate of the whole sample (mean squared error)
/// or the mean of the replicates. Source: Rust and Rao (1996), Stat. Methods Med. Res. 5; Wolter (2007).
struct ReplicateWeights: Sendable {
  /// By replicate: the weight of every row.
  var columns: [[Double]]
  let scale: Double
  let replicateScales: [Double]
  let isMeanSquaredError: Bool
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
    columns = (0..<count).map { replicate in
      weights.indices.map { row in
        spec.areWhole ? spec.weights[row][replicate] : spec.weights[row][replicate] * weights[row]
      }
    }
    scale = spec.scale
    replicateScales = spec.replicateScales
    isMeanSquaredError = spec.isMeanSquaredError
    updateFreedom()
  }

  /// Replicates made of a sample's design.
  /// - Throws: a refusal where the design does not suit the method.
  init(
    _ method: ReplicateMethod,
    of sample: SurveySample,
    isMeanSquaredError: Bool
  ) throws(InputRefusal) {
    let stage = sample.tree.stages[0]
    // Strata and units in the order of their first rows.
    var strata: [Int32] = []
    var unitsOfStratum: [Int32: [Int32]] = [:]
    var known = Set<Int32>()
    var unitOfRow: [Int32] = []
    var stratumOfRow: [Int32] = []
    for (row, cell) in sample.cells.enumerated() {
      let stratum = stage.strata[Int(cell)]
      let unit = stage.isElementStage ? Int32(row) : stage.units[Int(cell)]
      unitOfRow.append(unit)
      stratumOfRow.append(stratum)
      if unitsOfStratum[stratum] == nil { strata.append(stratum) }
      if known.insert(unit).inserted { unitsOfStratum[stratum, default: []].append(unit) }
    }
    if method == .jackknife, strata.count > 1 {
      throw Self.unsuited(zh: "JK1 用于无分层的设计。", en: "JK1 is for designs without strata; this one has strata.")
    }
    var columns: [[Double]] = []
    var scales: [Double] = []
    var scale = 1.0
    for stratum in strata {
      let units = unitsOfStratum[stratum] ?? []
      let count = Double(units.count)
      let correction = stage.correction(Int(stratum))
      // A stratum taken whole has no spread: replicates of it would only add to the degrees of freedom.
      if correction < 1e-7 { continue }
      guard units.count > 1 else {
        throw Self.unsuited(zh: "有的层只有一个单位，无法刀切。", en: "a stratum has only one unit, so that none can be left out.")
      }
      for unit in units {
        columns.append(
          sample.weights.indices.map { row in
            if stratumOfRow[row] != stratum { return sample.weights[row] }
            return unitOfRow[row] == unit ? 0 : sample.weights[row] * count / (count - 1)
          }
        )
        scales.append(method == .jackknife ? 1 : (count - 1) / count * correction)
      }
      if method == .jackknife { scale = (count - 1) / count * correction }
    }
    self.columns = columns
    self.scale = scale
    replicateScales = scales
    self.isMeanSquaredError = isMeanSquaredError
    updateFreedom()
  }

  mutating func updateFreedom() { wholeFreedom = Self.rank(columns) - 1 }

  /// The rank of the matrix of weights less 1.
  func freedom(_ isInside: [Bool]) -> Int {
    if !isInside.contains(false) { return wholeFreedom }
    return Self.rank(columns.map { column in column.indices.map { isInside[$0] ? column[$0] : 0 } }) - 1
  }

  private static func rank(_ columns: [[Double]]) -> Int { OrthonormalBasis(columns, tolerance: 1e-5).rank }

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

  private static func unsuited(zh: String, en: String) -> InputRefusal {
    InputRefusal(
      Finding(
        "replicates-unsuited",
        message: LocalizedText(zh: zh, en: en),
        fix: LocalizedText(zh: "请改用 JKn，或合并层。", en: "Use JKn, or join strata.")
      )
    )
  }
}
