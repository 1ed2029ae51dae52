internal import StatisticalFunctions

/// Some rows of each cell: how many, their weights and squared weights.
struct RowSums: Sendable {
  var counts = CellCounts()
  var weights = CellSums()
  var squaredWeights = CellSums()

  @inline(__always)
  mutating func add(weight: Double, times count: Int = 1, at cell: Int) {
    counts.add(count, at: cell)
    weights.add(weight, times: count, at: cell)
    squaredWeights.addProduct(weight, weight, times: count, at: cell)
  }

  mutating func merge(_ other: RowSums, places: [Int32]) {
    counts.merge(other.counts, places: places)
    weights.merge(other.weights, places: places)
    squaredWeights.merge(other.squaredWeights, places: places)
  }
}

/// The sums of one quantity v over the rows of each cell.
///
/// Rows with v = 1 are kept apart: for them v, v² and 1 are the same, so that a yes-or-no answer costs two
/// additions and nothing is stored for other values.
struct QuantitySums: Sendable {
  /// Σ w and Σ w² where v = 1.
  private var ones = CellSums()
  private var squaredOnes = CellSums()
  /// Σ w v, Σ w v², Σ w² v, Σ w² v² where v is neither 0 nor 1.
  private var values = CellSums()
  private var squares = CellSums()
  private var squaredValues = CellSums()
  private var squaredSquares = CellSums()
  /// Rows with v ≠ 0.
  private(set) var events = CellCounts()

  /// - Parameter isElementStage: rows are units of their own, so that squares of w v are needed.
  @inline(__always)
  mutating func add(_ value: Double, weight: Double, at cell: Int, isElementStage: Bool) {
    if value == 0 { return }
    if value == 1 {
      addOnes(1, weight: weight, at: cell, isElementStage: isElementStage)
      return
    }
    events.add(1, at: cell)
    let product = weight * value
    values.add(product, at: cell)
    squares.add(product * value, at: cell)
    if isElementStage {
      // Of the rounded w v that is summed above: the variance is then that of these very numbers.
      squaredValues.addProduct(weight, product, at: cell)
      squaredSquares.addProduct(product, product, at: cell)
    }
  }

  /// Adds rows of one weight with v = 1.
  @inline(__always)
  mutating func addOnes(_ count: Int, weight: Double, at cell: Int, isElementStage: Bool) {
    events.add(count, at: cell)
    ones.add(weight, times: count, at: cell)
    if isElementStage { squaredOnes.addProduct(weight, weight, times: count, at: cell) }
  }

  mutating func merge(_ other: QuantitySums, places: [Int32]) {
    ones.merge(other.ones, places: places)
    squaredOnes.merge(other.squaredOnes, places: places)
    values.merge(other.values, places: places)
    squares.merge(other.squares, places: places)
    squaredValues.merge(other.squaredValues, places: places)
    squaredSquares.merge(other.squaredSquares, places: places)
    events.merge(other.events, places: places)
  }

  /// Σ w² v and Σ w² v² of cells with one row, from Σ w v; the same bits as if they had been added with it.
  mutating func square(_ cells: [Int], weights: CellSums) {
    for cell in cells where events[cell] > 0 {
      let weight = weights[cell].value
      let product = total(cell).value
      squaredValues.addProduct(weight, product, at: cell)
      squaredSquares.addProduct(product, product, at: cell)
    }
  }

  /// Σ w v.
  func total(_ cell: Int) -> ExactSum { sum(ones, values, cell) }
  /// Σ w v².
  func square(_ cell: Int) -> ExactSum { sum(ones, squares, cell) }
  /// Σ w² v.
  func squaredTotal(_ cell: Int) -> ExactSum { sum(squaredOnes, squaredValues, cell) }
  /// Σ w² v².
  func squaredSquare(_ cell: Int) -> ExactSum { sum(squaredOnes, squaredSquares, cell) }

  private func sum(_ first: CellSums, _ second: CellSums, _ cell: Int) -> ExactSum {
    var sum = first[cell]
    sum.add(second[cell])
    return sum
  }
}

/// The sums of u v for two quantities of one indicator.
struct ProductSums: Sendable {
  /// Σ w u v.
  var products = CellSums()
  /// Σ w² u v, where rows are units of their own.
  var squaredProducts = CellSums()

  mutating func merge(_ other: ProductSums, places: [Int32]) {
    products.merge(other.products, places: places)
    squaredProducts.merge(other.squaredProducts, places: places)
  }
}

/// Everything summed for one indicator.
struct IndicatorSums: Sendable {
  /// The rows that count where there is a filter; without one, those that do not count (a missing value),
  /// because they are few.
  var rows = RowSums()
  /// Rows in the filter, whether a value is missing or not; unused without a filter.
  var filtered = CellCounts()
  /// Of a ratio: rows that count but have a denominator of 0.
  var withoutBase = RowSums()
  var quantities: [QuantitySums]
  /// Products of different quantities: (0, 1), (0, 2), (1, 2), ….
  var products: [ProductSums]
  /// Of proportions: the levels met, by their code in the accumulator.
  var levelSums: [Int32: QuantitySums] = [:]
  /// Rows whose numerator lies outside 0…denominator, and rows where it is one of the two.
  var outside = 0
  var extreme = 0

  init(quantityCount: Int) {
    quantities = [QuantitySums](repeating: QuantitySums(), count: quantityCount)
    products = [ProductSums](repeating: ProductSums(), count: quantityCount * (quantityCount - 1) / 2)
  }

  /// Adds what cells with one row lack where rows are units.
  mutating func square(_ cells: [Int], weights: CellSums) {
    for index in quantities.indices { quantities[index].square(cells, weights: weights) }
    for level in levelSums.keys { levelSums[level]?.square(cells, weights: weights) }
    for index in products.indices {
      for cell in cells {
        let (left, right) = (quantities[0].total(cell).value, quantities[1].total(cell).value)
        if left != 0, right != 0 { products[index].squaredProducts.addProduct(left, right, at: cell) }
      }
    }
  }

  mutating func merge(_ other: IndicatorSums, places: [Int32], levels: [Int32]) {
    rows.merge(other.rows, places: places)
    filtered.merge(other.filtered, places: places)
    withoutBase.merge(other.withoutBase, places: places)
    for index in quantities.indices { quantities[index].merge(other.quantities[index], places: places) }
    for index in products.indices { products[index].merge(other.products[index], places: places) }
    for (level, sums) in other.levelSums {
      levelSums[levels[Int(level)], default: QuantitySums()].merge(sums, places: places)
    }
    outside += other.outside
    extreme += other.extreme
  }
}
