/// A square matrix of ±1 with orthogonal rows, the first row and the first column all +1.
///
/// Built for orders 1, 2 and multiples of 4 by Paley's constructions over a field of q elements, a prime or its square
/// (q + 1 for q ≡ 3 mod 4, 2(q + 1) for q ≡ 1 mod 4), by four circulants (92, 116, 156, 172; ``FourCirculants``) and by
/// doubling. Source: Paley (1933), J. Math. and Phys. 12; Wolter (2007), Introduction to Variance Estimation, app. A.
/// Orders that need other constructions (the first are 188, 236, 260) are passed over.
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
    if isPrime(order - 1), let field = QuadraticResidues(order - 1) { return paleyOne(field) }
    let half = order / 2
    if half > 1, half % 2 == 0, (half - 1) % 4 == 1, let field = QuadraticResidues(half - 1) { return paleyTwo(field) }
    if let circulants = FourCirculants(order: order) { return circulants.signs }
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
  private static func paleyOne(_ field: QuadraticResidues) -> [Bool] {
    let order = field.size + 1
    var signs = [Bool](repeating: false, count: order * order)
    for row in 1..<order {
      signs[row * order] = true
      for column in 1..<order where row != column {
        signs[row * order + column] = !field.isSquare(column - 1, minus: row - 1)
      }
    }
    return signs
  }

  /// Each element of the symmetric conference matrix of q ≡ 1 mod 4 becomes a block of two by two.
  private static func paleyTwo(_ field: QuadraticResidues) -> [Bool] {
    let size = field.size + 1
    let order = 2 * size
    var signs = [Bool](repeating: false, count: order * order)
    for row in 0..<size {
      for column in 0..<size {
        // Blocks: 0 → [[1, −1], [−1, −1]]; ±1 → ±[[1, 1], [1, −1]].
        let block: [Bool]
        if row == column {
          block = [false, true, true, true]
        } else {
          let isMinus = row > 0 && column > 0 && !field.isSquare(column - 1, minus: row - 1)
          block = [isMinus, isMinus, isMinus, !isMinus]
        }
        for place in 0..<4 { signs[(2 * row + place / 2) * order + 2 * column + place % 2] = block[place] }
      }
    }
    return signs
  }
}

private func isPrime(_ number: Int) -> Bool {
  if number < 2 { return false }
  var divisor = 2
  while divisor * divisor <= number {
    if number % divisor == 0 { return false }
    divisor += 1
  }
  return true
}

/// Which differences of two elements of a finite field are squares.
///
/// The field of a prime p, or of p² as a + b√r with r no square; element a + b√r has the number a + p·b.
private struct QuadraticResidues {
  let size: Int
  private let prime: Int
  private let squares: [Bool]

  /// - Returns: `nil` unless the size is an odd prime or the square of one.
  init?(_ size: Int) {
    var root = 1
    while root * root < size { root += 1 }
    let isSquared = root * root == size
    let prime = isSquared ? root : size
    guard prime > 2, isPrime(prime) else { return nil }
    var residues = [Bool](repeating: false, count: prime)
    for number in 1..<prime { residues[number * number % prime] = true }
    self.size = size
    self.prime = prime
    guard isSquared, let radicand = (1..<prime).first(where: { !residues[$0] }) else {
      squares = residues
      return
    }
    var squares = [Bool](repeating: false, count: size)
    for a in 0..<prime {
      for b in 0..<prime where a + b > 0 {
        squares[(a * a + radicand * b * b) % prime + prime * (2 * a * b % prime)] = true
      }
    }
    self.squares = squares
  }

  func isSquare(_ left: Int, minus right: Int) -> Bool {
    let low = (left % prime - right % prime + prime) % prime
    let high = (left / prime - right / prime + prime) % prime
    return squares[low + prime * high]
  }
}
