internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign

/// The variance of a single-stage sample with unequal probabilities, from joint inclusion probabilities.
///
/// Formula: Σ_k Σ_l Δ_kl s_k s_l with s = w · value and Δ_kl = (π_kl − π_k π_l) / π_kl (Horvitz and Thompson 1952);
/// Sen–Yates–Grundy's subtracts Σ_k s_k² Σ_l Δ_kl, which a fixed sample size lets it do (Sen 1953; Yates and
/// Grundy 1953). Either can be negative, and is then reported as such. Overton: π_kl = π_k π_l (n − 1) / (n − π̄_kl);
/// Hartley and Rao: 1 − Δ_kl = (n − π_k − π_l + Σπ²/n) / (n − 1), with Σπ²/n of the population or estimated by the
/// mean π of the sample. Both are R survey's, for a whole sample of one kind: units taken with certainty should be a
/// stratum of their own.
struct JointScores: ScoreVariance {
  private let linear: MultistageScores
  /// Units in the order of their first rows.
  private let unitOfRow: [Int]
  private let deltas: Matrix
  private let isSenYatesGrundy: Bool

  let keepsOutsideRows = true

  init(_ joint: JointProbabilities, linear: MultistageScores, weights: [Double]) throws(InputRefusal) {
    self.linear = linear
    let stage = linear.variance.tree.stages[0]
    var units: [Int32: Int] = [:]
    var unitOfRow: [Int] = []
    var probabilities: [Double] = []
    var strata: [Int32] = []
    for (row, cell) in linear.cells.enumerated() {
      let unit = stage.isElementStage ? Int32(row) : stage.units[Int(cell)]
      if let known = units[unit] {
        unitOfRow.append(known)
        continue
      }
      units[unit] = probabilities.count
      unitOfRow.append(probabilities.count)
      probabilities.append(stage.probabilities.map { $0[Int(unit)] } ?? 1 / weights[row])
      strata.append(stage.strata[Int(cell)])
    }
    self.unitOfRow = unitOfRow
    if case .exact(_, let isGrundy) = joint { isSenYatesGrundy = isGrundy } else { isSenYatesGrundy = false }
    deltas = try Self.deltas(joint, probabilities: probabilities, strata: strata)
  }

  func covariance(_ scores: [[Double]], isInside: [Bool], from first: Int) -> Matrix? {
    let sums = scores.map { score in
      var sums = [Double](repeating: 0, count: deltas.rowCount)
      for row in score.indices { sums[unitOfRow[row]] += score[row] }
      return sums
    }
    let ones = [Double](repeating: 1, count: deltas.rowCount)
    var result = Matrix(rows: scores.count, columns: scores.count)
    for row in scores.indices {
      for column in row..<scores.count {
        var value = deltas.form(sums[row], sums[column])
        if isSenYatesGrundy { value -= deltas.form(ones, zip(sums[row], sums[column]).map { $0 * $1 }) }
        result[row, column] = value
        result[column, row] = value
      }
    }
    return result
  }

  func freedom(_ isInside: [Bool]) -> Int { linear.freedom(isInside) }

  private static func deltas(
    _ joint: JointProbabilities,
    probabilities: [Double],
    strata: [Int32]
  ) throws(InputRefusal) -> Matrix {
    let count = probabilities.count
    var deltas = Matrix(rows: count, columns: count)
    for unit in 0..<count { deltas[unit, unit] = 1 - probabilities[unit] }
    var sizes: [Int32: Double] = [:]
    var sums: [Int32: Double] = [:]
    for unit in 0..<count {
      sizes[strata[unit], default: 0] += 1
      sums[strata[unit], default: 0] += probabilities[unit]
    }
    func fill(_ delta: (Int, Int, Double) -> Double) {
      for row in 0..<count {
        for column in 0..<count where column != row && strata[row] == strata[column] {
          deltas[row, column] = delta(row, column, sizes[strata[row]] ?? 0)
        }
      }
    }
    switch joint {
    case .independent: break
    case .overton:
      fill { row, column, size in
        let mean = (probabilities[row] + probabilities[column]) / 2
        return mean == 1 ? 0 : 1 - (size - mean) / (size - 1)
      }
    case .hartleyRao(let squares):
      fill { row, column, size in
        let sum = probabilities[row] + probabilities[column]
        // Σπ²/n is estimated without bias by the mean of π over the sample.
        let square = squares ?? (sums[strata[row]] ?? 0) / size
        return sum == 1 ? 0 : 1 - (size - sum + square) / (size - 1)
      }
    case .exact(let pairs, _):
      try requireDesign(pairs, probabilities: probabilities)
      for row in 0..<count {
        for column in 0..<count {
          deltas[row, column] = (pairs[row][column] - pairs[row][row] * pairs[column][column]) / pairs[row][column]
        }
      }
    }
    return deltas
  }

  /// Refuses a matrix that no design can have.
  private static func requireDesign(_ pairs: [[Double]], probabilities: [Double]) throws(InputRefusal) {
    let count = probabilities.count
    var findings: [Finding] = []
    func refuse(_ row: Int?, zh: String, en: String) {
      findings.append(
        Finding(
          "joint-probabilities",
          row: row.map { $0 + 1 },
          message: LocalizedText(zh: zh, en: en),
          fix: LocalizedText(
            zh: "须为样本单位的对称方阵，对角线为入样概率，其余为联合入样概率。",
            en: "Give a symmetric square matrix over the sample's units: π on the diagonal, π_kl elsewhere."
          )
        )
      )
    }
    if pairs.count != count {
      refuse(
        nil,
        zh: "联合概率有 \(pairs.count) 行，样本有 \(count) 个单位。",
        en: "the joint probabilities have \(pairs.count) rows, the sample has \(count) units."
      )
    } else {
      for row in 0..<count {
        if pairs[row].count != count {
          refuse(
            row,
            zh: "该行有 \(pairs[row].count) 个数，应为 \(count) 个。",
            en: "the row has \(pairs[row].count) numbers, not \(count)."
          )
          continue
        }
        for column in 0..<count {
          let value = pairs[row][column]
          let bound = min(pairs[row][row], pairs[column].count == count ? pairs[column][column] : 1)
          let isBad = !(value > 0) || value > bound * (1 + 1e-9)
          let isAsymmetric = pairs[column].count == count && abs(value - pairs[column][row]) > 1e-6 * value
          if isBad || isAsymmetric {
            refuse(
              row,
              zh: "第 \(column + 1) 个数 \(value) 不可能是联合入样概率。",
              en: "number \(column + 1), \(value), cannot be a joint inclusion probability."
            )
            break
          }
        }
      }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
  }
}
