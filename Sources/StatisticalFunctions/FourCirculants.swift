/// A Hadamard matrix of four circulant blocks in the array of Goethals and Seidel.
///
/// With A, B, C, D circulant of order n, AAᵀ + BBᵀ + CCᵀ + DDᵀ = 4nI and R the matrix that turns columns round, the array
/// [A, BR, CR, DR; −BR, A, DᵀR, −CᵀR; −CR, −DᵀR, A, BᵀR; −DR, CᵀR, −BᵀR, A] is orthogonal of order 4n. The first rows
/// were found by search: symmetric ones (Williamson's) for 23, 29 and 43, unions of orbits of {1, 16, 22} for 39.
/// Source: Goethals and Seidel (1967), Canad. J. Math. 19; Williamson (1944), Duke Math. J. 11.
struct FourCirculants {
  /// The first rows of A, B, C, D: whether an element is −1.
  private let rows: [[Bool]]
  private let size: Int

  /// - Returns: `nil` where the table has no such order.
  init?(order: Int) {
    guard order % 4 == 0, let rows = Self.firstRows[order / 4] else { return nil }
    self.rows = rows.map { row in row.map { $0 == "-" } }
    size = order / 4
  }

  /// Row by row: whether the element is −1.
  var signs: [Bool] {
    let order = 4 * size
    // Of the array, by block row and column: which matrix, transposed or not, and its sign; all but A are turned round.
    let blocks: [[(matrix: Int, isTransposed: Bool, isNegative: Bool)]] = [
      [(0, false, false), (1, false, false), (2, false, false), (3, false, false)],
      [(1, false, true), (0, false, false), (3, true, false), (2, true, true)],
      [(2, false, true), (3, true, true), (0, false, false), (1, true, false)],
      [(3, false, true), (2, true, false), (1, true, true), (0, false, false)],
    ]
    var signs = [Bool](repeating: false, count: order * order)
    for row in 0..<order {
      for column in 0..<order {
        let block = blocks[row / size][column / size]
        let (i, j) = (row % size, column % size)
        let turned = block.matrix == 0 ? j : size - 1 - j
        let place = block.isTransposed ? i - turned : turned - i
        signs[row * order + column] = rows[block.matrix][(place + size) % size] != block.isNegative
      }
    }
    return signs
  }

  private static let firstRows: [Int: [String]] = [
    23: [
      "+--++-+--++++++--+-++--",
      "++++-+---++--++---+-+++",
      "+-+-++----+--+----++-+-",
      "+-++++-+++----+++-++++-",
    ],
    29: [
      "+-+-++---+--++++++--+---++-+-",
      "+-+-+----++-++--++-++----+-+-",
      "+--+-++---++++++++++---++-+--",
      "+++-++-++++---++---++++-++-++",
    ],
    39: [
      "+-++-+-+-+-------+-+-+-++-+++--++++--++",
      "+++-++----+-+++-+----++-+++--++-++-++--",
      "+-+--+-++--+-------+++--+-+-+--++++--+-",
      "++-++----++-----+----++-++++-----+-----",
    ],
    43: [
      "+-+------++++-+-++--+--+--++-+-++++------+-",
      "+++--++++-+-+++-++--------++-+++-+-++++--++",
      "+--+-+--++++-+--+++-++++-+++--+-++++--+-+--",
      "+-+-++--++-+++++---++--++---+++++-++--++-+-",
    ],
  ]
}
