/// A square matrix of ±1 with orthogonal rows, the first row and the first column all +1.
///
/// Built for orders 1, 2 and multiples of 4 by Paley's constructions over a prime (q + 1 for q ≡ 3 mod 4, 2(q + 1) for
/// q ≡ 1 mod 4) and by doubling. Source: Paley (1933), J. Math. and Phys. 12; Wolter (2007), Introduction to Variance
/// Estimation, app. A. Orders that need other constructions (the first are 52, 92, 100, 116) are passed over.
package struct HadamardMatrix: Sendable {
  package let order: Int
  /// Row by row: whether the element is −1.
  private let isNegative: [Bool]

  /// - Returns: `nil` where the order is none of those built.
  package init?(order: Int) {
    guard let signs = Self.signs(order) else { return nil }
    self.order = order
    // Rows and columns are turned round until the first of each is all +1, which keeps them orthogonal.
    var normal = signs
    for row in 0..<order where normal[row * order] {
      for column in 0..<order { normal[row * order + column].toggle() }
    }
    for column in 0..<order where normal[column] {
      for row in 0..<order { normal[row * order + column].toggle() }
    }
    isNegative = normal
  }

  /// The smallest matrix of at least an order.
  package static func covering(_ least: Int) -> HadamardMatrix? {
    // Powers of two are always there.
    var order = max(1, least)
    while order <= 4 * max(1, least) {
      if let matrix = HadamardMatrix(order: order) { return matrix }
      order += order < 4 ? 1 : 4 - order % 4
    }
    return nil
  }

  /// +1 or −1.
  package subscript(row: Int, column: Int) -> Double { isNegative[row * order + column] ? -1 : 1 }

  private static func signs(_ order: Int) -> [Bool]? {
    if order == 1 { return [false] }
    if order == 2 { return [false, false, false, true] }
    guard order > 0, order % 4 == 0 else { return nil }
    if isPrime(order - 1) { return paleyOne(order - 1) }
    let half = order / 2
    if half > 1, half % 2 == 0, isPrime(half - 1), (half - 1) % 4 == 1 { return paleyTwo(half - 1) }
    guard let smaller = signs(half) else { return nil }
    var doubled = [Bool](repeating: false, count: order * order)
    for row in 0..<order {
      for column in 0..<order {
        let sign = smaller[(row % half) * half + column % half]
        doubled[row * order + column] = row >= half && column >= half ? !sign : sign
      }
    }
    return doubled
  }

  /// I + S with S the skew matrix bordered from the quadratic residues of q ≡ 3 mod 4.
  private static func paleyOne(_ prime: Int) -> [Bool] {
    let order = prime + 1
    let residues = residues(prime)
    var signs = [Bool](repeating: false, count: order * order)
    for row in 1..<order {
      signs[row * order] = true
      for column in 1..<order where row != column {
        signs[row * order + column] = !residues[(column - row + prime) % prime]
      }
    }
    return signs
  }

  /// Each element of the symmetric conference matrix of q ≡ 1 mod 4 becomes a block of two by two.
  private static func paleyTwo(_ prime: Int) -> [Bool] {
    let size = prime + 1
    let order = 2 * size
    let residues = residues(prime)
    var signs = [Bool](repeating: false, count: order * order)
    for row in 0..<size {
      for column in 0..<size {
        // Blocks: 0 → [[1, −1], [−1, −1]]; ±1 → ±[[1, 1], [1, −1]].
        let block: [Bool]
        if row == column {
          block = [false, true, true, true]
        } else {
          let isMinus = row > 0 && column > 0 && !residues[(column - row + prime) % prime]
          block = [isMinus, isMinus, isMinus, !isMinus]
        }
        for place in 0..<4 { signs[(2 * row + place / 2) * order + 2 * column + place % 2] = block[place] }
      }
    }
    return signs
  }

  private static func residues(_ prime: Int) -> [Bool] {
    var residues = [Bool](repeating: false, count: prime)
    for number in 1..<prime { residues[number * number % prime] = true }
    return residues
  }

  private static func isPrime(_ number: Int) -> Bool {
    if number < 2 { return false }
    var divisor = 2
    while divisor * divisor <= number {
      if number % divisor == 0 { return false }
      divisor += 1
    }
    return true
  }
}
