/// The rank of a matrix given by its columns, found from their products alone.
///
/// Formula: Cholesky's decomposition of X′X, column by column; a column counts where what the ones before leave of it
/// is at least `tolerance` of its length. That is what ``OrthonormalBasis`` counts, in a fraction of the time, because
/// products of columns are taken in pieces that stay in the cache.
/// Domain: finite numbers, columns of one length; a tolerance of 1e-7 and more, because squares are compared.
/// Complexity: O(n k²) for k columns of n numbers.
/// Source: Golub and Van Loan (2013), Matrix Computations, §4.2 and §5.2.
package func gramRank(_ columns: [[Double]], tolerance: Double) -> Int {
  let count = columns.count
  let length = columns.first?.count ?? 0
  var gram = [Double](repeating: 0, count: count * count)
  for start in stride(from: 0, to: length, by: 512) {
    let end = min(start + 512, length)
    for row in 0..<count {
      for column in 0...row { gram[row * count + column] += product(columns[row], columns[column], start, end) }
    }
  }
  // The rows of the decomposition that count, each over the columns before and with it.
  var kept: [Int] = []
  for row in 0..<count {
    let squared = gram[row * count + row]
    guard squared > 0 else { continue }
    var rest = squared
    for (place, earlier) in kept.enumerated() {
      let own = row * count + earlier
      var value = gram[own]
      for before in kept[..<place] { value -= gram[row * count + before] * gram[earlier * count + before] }
      value /= gram[earlier * count + earlier]
      gram[own] = value
      rest -= value * value
    }
    if rest < tolerance * tolerance * squared { continue }
    gram[row * count + row] = rest.squareRoot()
    kept.append(row)
    if kept.count == length { break }
  }
  return kept.count
}

/// Eight sums side by side: one alone would wait for itself at every addition.
private func product(_ left: [Double], _ right: [Double], _ start: Int, _ end: Int) -> Double {
  left.withUnsafeBufferPointer { left in
    right.withUnsafeBufferPointer { right in
      var sums = SIMD8<Double>(repeating: 0)
      var place = start
      let (one, other) = (UnsafeRawBufferPointer(left), UnsafeRawBufferPointer(right))
      while place + 8 <= end {
        sums +=
          one.loadUnaligned(fromByteOffset: 8 * place, as: SIMD8<Double>.self)
          * other.loadUnaligned(fromByteOffset: 8 * place, as: SIMD8<Double>.self)
        place += 8
      }
      var sum = sums.sum()
      while place < end {
        sum += left[place] * right[place]
        place += 1
      }
      return sum
    }
  }
}
