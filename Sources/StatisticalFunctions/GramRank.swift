/// The rank of a matrix given by its columns, found from their products alone.
///
/// Formula: Cholesky's decomposition of X′X, column by column; a column counts where what the ones before leave of it
/// is at least `tolerance` of its length. That is what ``OrthonormalBasis`` counts, in a fraction of the time.
/// Domain: finite numbers, columns of one length; a tolerance of 1e-7 and more, because squares are compared.
/// Complexity: O(n k²) for k columns of n numbers.
/// Source: Golub and Van Loan (2013), Matrix Computations, §4.2 and §5.2.
/// - Parameter clear: a column that counts is clear of doubt where this share of its length is left; by default every one.
/// - Returns: `nil` where a column counts and is not clear: the squares of what is left are as small as their rounding.
package func gramRank(_ columns: [[Double]], tolerance: Double, clear: Double = 0) -> Int? {
  let count = columns.count
  let length = columns.first?.count ?? 0
  let gram = gramMatrix(columns, length: length)
  /// The rows of the decomposition that count, one after the other, each over those before and with it.
  var factor = [Double](repeating: 0, count: count * count)
  var kept: [Int] = []
  for row in 0..<count {
    let squared = gram[row * count + row]
    guard squared > 0 else { continue }
    let own = kept.count * count
    var rest = squared
    for (place, earlier) in kept.enumerated() {
      let shared = factor.withUnsafeBufferPointer { factor in
        product(factor, own, factor, place * count, length: place)
      }
      let value = (gram[row * count + earlier] - shared) / factor[place * count + place]
      factor[own + place] = value
      rest -= value * value
    }
    if rest < tolerance * tolerance * squared { continue }
    if rest < clear * clear * squared { return nil }
    factor[own + kept.count] = rest.squareRoot()
    kept.append(row)
    if kept.count == length { break }
  }
  return kept.count
}

/// Σ x y of two vectors of one length, eight sums side by side.
package func innerProduct(_ left: [Double], _ right: [Double]) -> Double {
  left.withUnsafeBufferPointer { left in
    right.withUnsafeBufferPointer { right in product(left, 0, right, 0, length: min(left.count, right.count)) }
  }
}

/// X′X below and on the diagonal, in pieces of the columns that stay in the cache.
private func gramMatrix(_ columns: [[Double]], length: Int) -> [Double] {
  let count = columns.count
  var gram = [Double](repeating: 0, count: count * count)
  let piece = 512
  // Pieces of all columns side by side, filled up with zeros to whole pairs of columns.
  var packed = [Double](repeating: 0, count: (count + count % 2) * piece)
  for start in stride(from: 0, to: length, by: piece) {
    let size = min(piece, length - start)
    for column in 0..<count {
      for place in 0..<size { packed[column * piece + place] = columns[column][start + place] }
      for place in size..<piece { packed[column * piece + place] = 0 }
    }
    packed.withUnsafeBytes { packed in
      for row in stride(from: 0, to: count, by: 2) {
        for column in stride(from: 0, through: row, by: 2) {
          let four = fourProducts(packed, row: row * piece, column: column * piece, length: piece)
          gram[row * count + column] += four.0
          if column < row { gram[row * count + column + 1] += four.1 }
          if row + 1 < count {
            gram[(row + 1) * count + column] += four.2
            gram[(row + 1) * count + column + 1] += four.3
          }
        }
      }
    }
  }
  return gram
}

/// The products of two rows with two columns: each number is read once for two of them.
private func fourProducts(
  _ numbers: UnsafeRawBufferPointer,
  row: Int,
  column: Int,
  length: Int
) -> (Double, Double, Double, Double) {
  var sums = (SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>())
  var place = 0
  while place < length {
    let first = numbers.loadUnaligned(fromByteOffset: 8 * (row + place), as: SIMD4<Double>.self)
    let second = numbers.loadUnaligned(fromByteOffset: 8 * (row + length + place), as: SIMD4<Double>.self)
    let left = numbers.loadUnaligned(fromByteOffset: 8 * (column + place), as: SIMD4<Double>.self)
    let right = numbers.loadUnaligned(fromByteOffset: 8 * (column + length + place), as: SIMD4<Double>.self)
    sums.0 += first * left
    sums.1 += first * right
    sums.2 += second * left
    sums.3 += second * right
    place += 4
  }
  return (sums.0.sum(), sums.1.sum(), sums.2.sum(), sums.3.sum())
}

/// Eight sums side by side: one alone would wait for itself at every addition.
private func product(
  _ left: UnsafeBufferPointer<Double>,
  _ leftStart: Int,
  _ right: UnsafeBufferPointer<Double>,
  _ rightStart: Int,
  length: Int
) -> Double {
  var sums = SIMD8<Double>(repeating: 0)
  var place = 0
  let (one, other) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
  while place + 8 <= length {
    sums +=
      one.loadUnaligned(fromByteOffset: 8 * (leftStart + place), as: SIMD8<Double>.self)
      * other.loadUnaligned(fromByteOffset: 8 * (rightStart + place), as: SIMD8<Double>.self)
    place += 8
  }
  var sum = sums.sum()
  while place < length {
    sum += left[leftStart + place] * right[rightStart + place]
    place += 1
  }
  return sum
}
