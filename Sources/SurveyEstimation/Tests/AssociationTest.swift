internal import Glibc
internal import StatisticalFunctions
package import SurveyData

/// A way to judge whether two classifications of a sample are independent.
public enum AssociationStatistic: String, Sendable, CaseIterable {
  /// Pearson's X² with Rao and Scott's second-order correction, as an F.
  case raoScottF = "F"
  /// Pearson's X² with the first-order correction, as a χ².
  case raoScottChiSquare = "Chisq"
  /// Wald's test of the cells' distances from independence.
  case wald = "Wald"
  /// Wald's with Thomas and Rao's adjustment for few degrees of freedom.
  case adjustedWald = "adjWald"
  /// Pearson's X² against the mixture that it follows, by a saddlepoint approximation.
  case saddlepoint
}

/// A test of independence in a two-way table.
public struct AssociationTest: Sendable {
  /// F, χ², or Pearson's X² of a mixture.
  public var statistic: Double
  /// Numerator and denominator degrees of freedom of an F; one number of a χ²; none of a mixture.
  public var degreesOfFreedom: [Double]
  /// The chance of a statistic as large where the columns are independent.
  public var pValue: Double
  /// The weighted table: by row and column.
  public var table: [[Double]]
  /// Rows of the sample behind each cell, by row and column.
  package var counts: [[Int]] = []
  /// The values of the column that the rows stand for.
  public var rowLevels: [String]
  /// The values of the other one.
  public var columnLevels: [String]
}

extension SurveySample {
  /// Tests whether two columns are independent.
  ///
  /// The rows of a filter and a domain are a subpopulation: the design stays that of the whole sample.
  /// Source: Rao and Scott (1984), Ann. Statist. 12; Thomas and Rao (1987), J. Amer. Statist. Assoc. 82; Kuonen (1999),
  /// Biometrika 86; R survey's `svychisq` (Lumley 2010). Rows that lack either value are left out.
  /// - Throws: a refusal where a column has fewer than two values, or the table cannot be tested.
  package func associationTest(
    _ row: String,
    _ column: String,
    statistic: AssociationStatistic,
    filter: Expression? = nil,
    domain: [DomainValue] = []
  ) throws(InputRefusal) -> AssociationTest {
    let cross = try CrossTable(self, row: row, column: column, isWanted: try rowsInside(domain, filter: filter))
    switch statistic {
    case .wald, .adjustedWald:
      guard let test = cross.wald(isAdjusted: statistic == .adjustedWald) else { throw cross.untestable }
      return test
    case .raoScottF, .raoScottChiSquare, .saddlepoint:
      guard let test = cross.raoScott(statistic) else { throw cross.untestable }
      return test
    }
  }
}

/// The weighted two-way table of a sample, with the covariances of its cells.
private struct CrossTable {
  let sample: SurveySample
  let rowName: String
  let columnName: String
  let rowLevels: [String]
  let columnLevels: [String]
  /// By row of the sample: the cell, rows of the table first; −1 where a value is missing.
  private let cellOfRow: [Int]
  private let isInside: [Bool]
  /// Rows in the filter.
  private let isWanted: [Bool]
  /// Rows in the filter, also those without a value.
  private let rowCount: Double

  init(_ sample: SurveySample, row: String, column: String, isWanted: [Bool]) throws(InputRefusal) {
    self.sample = sample
    rowName = row
    columnName = column
    let rows = Self.coded(try sample.table.column(row), isWanted)
    let columns = Self.coded(try sample.table.column(column), isWanted)
    rowLevels = rows.levels
    columnLevels = columns.levels
    let height = rows.levels.count
    let cells = rows.codes.indices.map { place in
      rows.codes[place] < 0 || columns.codes[place] < 0 ? -1 : rows.codes[place] + height * columns.codes[place]
    }
    cellOfRow = cells
    isInside = cells.indices.map { cells[$0] >= 0 && isWanted[$0] }
    self.isWanted = isWanted
    rowCount = Double(isWanted.count { $0 })
    if rowLevels.count < 2 || columnLevels.count < 2 { throw untestable }
  }

  private static func coded(_ column: Column, _ isWanted: [Bool]) -> (levels: [String], codes: [Int]) {
    var text = column.codedText
    for row in text.codes.indices where !isWanted[row] { text.codes[row] = -1 }
    let levels = sortedLevels(text)
    var places: [String: Int] = [:]
    for (place, level) in levels.enumerated() { places[level] = place }
    return (levels, text.codes.map { $0 < 0 ? -1 : places[text.levels[Int($0)]] ?? -1 })
  }

  var untestable: InputRefusal {
    InputRefusal(
      Finding(
        "table-untestable",
        column: "\(rowName), \(columnName)",
        message: LocalizedText(
          zh: "列联表无法检验：某一列不足两类、自由度不够，或权数恰按表中各格校准。",
          en:
            "the table cannot be tested: a column has fewer than two values, degrees of freedom are missing, or weights are calibrated on its cells."
        ),
        fix: LocalizedText(zh: "请合并稀少的类。", en: "Join rare values.")
      )
    )
  }

  private var height: Int { rowLevels.count }
  private var width: Int { columnLevels.count }

  private func totals(_ weights: [Double]) -> [Double] {
    var sums = [ExactSum](repeating: ExactSum(), count: height * width)
    for row in weights.indices where isInside[row] { sums[cellOfRow[row]].add(weights[row]) }
    return sums.map(\.value)
  }

  private func table(_ totals: [Double]) -> [[Double]] {
    (0..<height).map { row in (0..<width).map { totals[row + height * $0] } }
  }

  private var counts: [[Int]] {
    var found = [[Int]](repeating: [Int](repeating: 0, count: width), count: height)
    for row in cellOfRow.indices where isInside[row] { found[cellOfRow[row] % height][cellOfRow[row] / height] += 1 }
    return found
  }

  private var freedom: Double {
    Double(sample.plainFreedom(isWanted))
  }

  /// Covariances of the cells' totals, or of their shares; `nil` where the cells do not vary.
  private func covariance(ofShares: Bool, _ totals: [Double]) -> Matrix? {
    guard let found = computedCovariance(ofShares: ofShares, totals) else { return nil }
    let whole = totals.reduce(0, +)
    let scale = ofShares ? 1 : whole * whole
    // Cells that weights are calibrated on vary by rounding alone: nothing beside a simple random sample's variance.
    var own = 0.0
    var simple = 0.0
    for (cell, total) in totals.enumerated() {
      let share = total / whole
      own += found[cell, cell] / scale
      simple += share * (1 - share) / rowCount
    }
    return own > 1e-12 * simple ? found : nil
  }

  private func computedCovariance(ofShares: Bool, _ totals: [Double]) -> Matrix? {
    let whole = totals.reduce(0, +)
    let shares = totals.map { $0 / whole }
    if let replicates = sample.replicates {
      let replicated = replicates.map { column in
        let own = self.totals(column)
        let sum = own.reduce(0, +)
        return ofShares ? own.map { $0 / sum } : own
      }
      return replicates.covariance(ofShares ? shares : totals, replicated)
    }
    let scores = totals.indices.map { cell in
      cellOfRow.indices.map { row -> Double in
        guard isInside[row] else { return 0 }
        let own = cellOfRow[row] == cell ? 1.0 : 0.0
        return ofShares ? sample.weights[row] * (own - shares[cell]) / whole : sample.weights[row] * own
      }
    }
    return sample.covariance(scores, isInside: isInside)
  }

  /// Pearson's X² of the table brought to the number of rows.
  private func pearson(_ shares: [Double]) -> Double {
    var rowSums = [Double](repeating: 0, count: height)
    var columnSums = [Double](repeating: 0, count: width)
    for row in 0..<height {
      for column in 0..<width {
        rowSums[row] += shares[row + height * column]
        columnSums[column] += shares[row + height * column]
      }
    }
    var sum = 0.0
    for row in 0..<height {
      for column in 0..<width {
        let expected = rowSums[row] * columnSums[column]
        let distance = shares[row + height * column] - expected
        sum += distance * distance / expected
      }
    }
    return rowCount * sum
  }

  func raoScott(_ statistic: AssociationStatistic) -> AssociationTest? {
    let totals = totals(sample.weights)
    let whole = totals.reduce(0, +)
    let shares = totals.map { $0 / whole }
    guard let covariance = covariance(ofShares: true, totals) else { return nil }
    // The interaction's columns less what the main effects explain of them.
    let cells = height * width
    var main: [[Double]] = [[Double](repeating: 1, count: cells)]
    for row in 1..<height { main.append((0..<cells).map { $0 % height == row ? 1 : 0 }) }
    for column in 1..<width { main.append((0..<cells).map { $0 / height == column ? 1 : 0 }) }
    let basis = OrthonormalBasis(main)
    var contrasts: [[Double]] = []
    for column in 1..<width {
      for row in 1..<height {
        contrasts.append(basis.residual((0..<cells).map { $0 % height == row && $0 / height == column ? 1 : 0 }))
      }
    }
    let weighted = contrasts.map { contrast in
      contrast.indices.map { shares[$0] == 0 ? 0 : contrast[$0] / shares[$0] }
    }
    let count = contrasts.count
    var denominator = Matrix(rows: count, columns: count)
    var numerator = denominator
    for row in 0..<count {
      for column in 0..<count {
        var sum = 0.0
        for cell in 0..<cells { sum += contrasts[row][cell] * weighted[column][cell] }
        denominator[row, column] = sum / rowCount
        numerator[row, column] = covariance.form(weighted[row], weighted[column])
      }
    }
    // Δ = D⁻¹ N has the eigenvalues of L⁻¹ N L⁻ᵀ, D = L Lᵀ.
    guard let factor = denominator.choleskyFactor?.inverse else { return nil }
    let symmetric = factor * numerator * factor.transposed
    guard let effects = symmetric.symmetricEigenvalues else { return nil }
    let trace = effects.reduce(0, +)
    let squares = effects.reduce(0) { $0 + $1 * $1 }
    guard trace > 0, squares > 0 else { return nil }
    let ratio = trace * trace / squares
    let chiSquare = pearson(shares)
    var result = AssociationTest(
      statistic: chiSquare,
      degreesOfFreedom: [],
      pValue: .nan,
      table: table(totals),
      counts: counts,
      rowLevels: rowLevels,
      columnLevels: columnLevels
    )
    switch statistic {
    case .raoScottF:
      result.statistic = chiSquare / trace
      result.degreesOfFreedom = [ratio, ratio * freedom]
      result.pValue = FisherF(numerator: ratio, denominator: ratio * freedom).upperTail(result.statistic)
    case .saddlepoint:
      var mixture = effects
      if sample.replicates == nil {
        // Of equal effects it is whole but for rounding, which must not cut off one of the terms.
        let rest = Int(ratio * freedom * (1 + 1e-12))
        mixture += [Double](repeating: -chiSquare / (ratio * freedom), count: rest)
        result.pValue =
          saddlepointTail(0, mixture)
          ?? FisherF(numerator: ratio, denominator: ratio * freedom).upperTail(chiSquare / trace)
      } else {
        result.pValue =
          saddlepointTail(chiSquare, mixture)
          ?? ChiSquared(degreesOfFreedom: ratio).upperTail(chiSquare * ratio / trace)
      }
    default:
      result.degreesOfFreedom = [Double(count)]
      result.pValue = ChiSquared(degreesOfFreedom: Double(count)).upperTail(chiSquare * Double(count) / trace)
    }
    return result
  }

  func wald(isAdjusted: Bool) -> AssociationTest? {
    let totals = totals(sample.weights)
    let whole = totals.reduce(0, +)
    guard let covariance = covariance(ofShares: false, totals) else { return nil }
    var rowSums = [Double](repeating: 0, count: height)
    var columnSums = [Double](repeating: 0, count: width)
    for cell in totals.indices {
      rowSums[cell % height] += totals[cell]
      columnSums[cell / height] += totals[cell]
    }
    // Cells but the first row and column, less what independence expects; and its derivatives by the totals.
    var distances: [Double] = []
    var gradients: [[Double]] = []
    for column in 1..<width {
      for row in 1..<height {
        let expected = rowSums[row] * columnSums[column] / whole
        distances.append(totals[row + height * column] - expected)
        gradients.append(
          totals.indices.map { cell in
            var slope = expected / whole
            if cell == row + height * column { slope += 1 }
            if cell % height == row { slope -= columnSums[column] / whole }
            if cell / height == column { slope -= rowSums[row] / whole }
            return slope
          }
        )
      }
    }
    let count = distances.count
    var variance = Matrix(rows: count, columns: count)
    for row in 0..<count {
      for column in 0..<count { variance[row, column] = covariance.form(gradients[row], gradients[column]) }
    }
    guard let inverse = variance.inverse else { return nil }
    let square = inverse.form(distances, distances)
    let numerator = Double(count)
    let denominator = isAdjusted ? freedom - numerator + 1 : freedom
    let statistic = isAdjusted ? square * denominator / (numerator * freedom) : square / numerator
    return AssociationTest(
      statistic: statistic,
      degreesOfFreedom: [numerator, denominator],
      pValue: denominator > 0 ? FisherF(numerator: numerator, denominator: denominator).upperTail(statistic) : .nan,
      table: table(totals),
      counts: counts,
      rowLevels: rowLevels,
      columnLevels: columnLevels
    )
  }
}

/// The upper tail of Σ λ χ²₁ by the saddlepoint of Lugannani and Rice.
///
/// Source: Kuonen (1999), Biometrika 86, 929–935. The saddlepoint is found to 1e-8, as R survey finds it.
/// - Returns: `nil` where the point lies too near to the mean for the formula.
func saddlepointTail(_ value: Double, _ coefficients: [Double]) -> Double? {
  guard let largest = coefficients.max(), largest > 0 else { return nil }
  let lambda = coefficients.map { $0 / largest }
  let x = value / largest
  func first(_ zeta: Double) -> Double {
    var sum = 0.0
    for value in lambda { sum += value / (1 - 2 * zeta * value) }
    return sum
  }
  let negative = lambda.filter { $0 < 0 }
  let least: Double
  if let nearest = negative.map({ 1 / (2 * $0) }).max() {
    least = nearest * 0.99999
  } else {
    least = x > lambda.reduce(0, +) ? -0.01 : -Double(lambda.count) / (2 * x)
  }
  guard let most = lambda.filter({ $0 > 0 }).map({ 1 / (2 * $0) }).min() else { return nil }
  let zeta = brentRoot(from: least, to: most * 0.99999, tolerance: 1e-8) { first($0) - x }
  guard !zeta.isNaN, abs(zeta) >= 1e-4 else { return nil }
  var cumulant = 0.0
  var second = 0.0
  for value in lambda {
    let factor = 1 - 2 * zeta * value
    cumulant -= log(factor) / 2
    second += 2 * value * value / (factor * factor)
  }
  let w = (zeta < 0 ? -1 : 1) * (2 * (zeta * x - cumulant)).squareRoot()
  let v = zeta * second.squareRoot()
  return Normal.upperTail(w + log(v / w) / w)
}
