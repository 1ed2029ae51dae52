internal import CGSL

/// A dense matrix of doubles, row by row.
package struct Matrix: Sendable, Hashable {
  package let rowCount: Int
  package let columnCount: Int
  /// Row by row.
  package private(set) var values: [Double]

  /// A matrix of zeros.
  package init(rows: Int, columns: Int) {
    rowCount = rows
    columnCount = columns
    values = [Double](repeating: 0, count: rows * columns)
  }

  /// A matrix from its rows, all of the same length.
  package init(_ rows: [[Double]]) {
    rowCount = rows.count
    columnCount = rows.first?.count ?? 0
    values = rows.flatMap { $0 }
    precondition(values.count == rowCount * columnCount, "rows of different lengths")
  }

  package subscript(row: Int, column: Int) -> Double {
    get { values[row * columnCount + column] }
    set { values[row * columnCount + column] = newValue }
  }

  package var rows: [[Double]] {
    (0..<rowCount).map { Array(values[($0 * columnCount)..<(($0 + 1) * columnCount)]) }
  }

  package var transposed: Matrix {
    var result = Matrix(rows: columnCount, columns: rowCount)
    for row in 0..<rowCount {
      for column in 0..<columnCount { result[column, row] = self[row, column] }
    }
    return result
  }

  package static func + (left: Matrix, right: Matrix) -> Matrix {
    precondition(left.rowCount == right.rowCount && left.columnCount == right.columnCount, "matrices of another shape")
    var sum = left
    for place in sum.values.indices { sum.values[place] += right.values[place] }
    return sum
  }

  package static func - (left: Matrix, right: Matrix) -> Matrix { left + right * -1 }

  package static func * (left: Matrix, factor: Double) -> Matrix {
    var product = left
    for place in product.values.indices { product.values[place] *= factor }
    return product
  }

  package static func * (left: Matrix, right: Matrix) -> Matrix {
    precondition(left.columnCount == right.rowCount, "matrices that cannot be multiplied")
    var product = Matrix(rows: left.rowCount, columns: right.columnCount)
    for row in 0..<left.rowCount {
      for inner in 0..<left.columnCount {
        let factor = left[row, inner]
        if factor == 0 { continue }
        for column in 0..<right.columnCount { product[row, column] += factor * right[inner, column] }
      }
    }
    return product
  }

  package static func * (left: Matrix, vector: [Double]) -> [Double] {
    precondition(left.columnCount == vector.count, "a vector of another length")
    return (0..<left.rowCount).map { row in
      var sum = 0.0
      for column in vector.indices { sum += left[row, column] * vector[column] }
      return sum
    }
  }

  /// x′ A y.
  package func form(_ x: [Double], _ y: [Double]) -> Double {
    let product = self * y
    var sum = 0.0
    for place in x.indices { sum += x[place] * product[place] }
    return sum
  }

  package var diagonal: [Double] { (0..<min(rowCount, columnCount)).map { self[$0, $0] } }
}

extension Matrix {
  /// The inverse of a square matrix; `nil` where it is singular to working precision.
  package var inverse: Matrix? {
    guard rowCount == columnCount, rowCount > 0, values.allSatisfy(\.isFinite), GSL.isQuiet else { return nil }
    let size = rowCount
    guard let factors = gsl_matrix_alloc(size, size), let result = gsl_matrix_alloc(size, size),
      let order = gsl_permutation_alloc(size)
    else { return nil }
    defer {
      gsl_matrix_free(factors)
      gsl_matrix_free(result)
      gsl_permutation_free(order)
    }
    for row in 0..<size {
      for column in 0..<size { gsl_matrix_set(factors, row, column, self[row, column]) }
    }
    var sign: Int32 = 0
    guard gsl_linalg_LU_decomp(factors, order, &sign) == 0, gsl_linalg_LU_invert(factors, order, result) == 0
    else { return nil }
    var inverse = Matrix(rows: size, columns: size)
    for row in 0..<size {
      for column in 0..<size { inverse[row, column] = gsl_matrix_get(result, row, column) }
    }
    return inverse.values.allSatisfy(\.isFinite) ? inverse : nil
  }

  /// The lower triangle L with L L′ = A; `nil` where A is not positive definite.
  package var choleskyFactor: Matrix? {
    guard rowCount == columnCount, rowCount > 0 else { return nil }
    var factor = Matrix(rows: rowCount, columns: rowCount)
    for column in 0..<rowCount {
      for row in column..<rowCount {
        var sum = self[row, column]
        for inner in 0..<column { sum -= factor[row, inner] * factor[column, inner] }
        if row == column {
          guard sum > 0, sum.isFinite else { return nil }
          factor[row, row] = sum.squareRoot()
        } else {
          factor[row, column] = sum / factor[column, column]
        }
      }
    }
    return factor
  }

  /// The pseudo-inverse of Moore and Penrose; singular values below `tolerance` of the largest count as 0.
  package func pseudoInverse(tolerance: Double) -> Matrix? {
    guard rowCount >= columnCount, columnCount > 0 else {
      return rowCount > 0 ? transposed.pseudoInverse(tolerance: tolerance)?.transposed : nil
    }
    guard values.allSatisfy(\.isFinite), GSL.isQuiet, let left = gsl_matrix_alloc(rowCount, columnCount),
      let right = gsl_matrix_alloc(columnCount, columnCount), let singular = gsl_vector_alloc(columnCount)
    else { return nil }
    defer {
      gsl_matrix_free(left)
      gsl_matrix_free(right)
      gsl_vector_free(singular)
    }
    for row in 0..<rowCount {
      for column in 0..<columnCount { gsl_matrix_set(left, row, column, self[row, column]) }
    }
    guard gsl_linalg_SV_decomp_jacobi(left, right, singular) == 0 else { return nil }
    let largest = gsl_vector_get(singular, 0)
    var inverse = Matrix(rows: columnCount, columns: rowCount)
    for place in 0..<columnCount {
      let value = gsl_vector_get(singular, place)
      if value <= tolerance * largest { continue }
      for row in 0..<columnCount {
        let factor = gsl_matrix_get(right, row, place) / value
        for column in 0..<rowCount { inverse[row, column] += factor * gsl_matrix_get(left, column, place) }
      }
    }
    return inverse
  }

  /// The eigenvalues of a symmetric matrix, ascending.
  package var symmetricEigenvalues: [Double]? {
    guard rowCount == columnCount, rowCount > 0, values.allSatisfy(\.isFinite), GSL.isQuiet,
      let copy = gsl_matrix_alloc(rowCount, rowCount), let found = gsl_vector_alloc(rowCount),
      let space = gsl_eigen_symm_alloc(rowCount)
    else { return nil }
    defer {
      gsl_matrix_free(copy)
      gsl_vector_free(found)
      gsl_eigen_symm_free(space)
    }
    for row in 0..<rowCount {
      for column in 0..<rowCount { gsl_matrix_set(copy, row, column, self[row, column]) }
    }
    guard gsl_eigen_symm(copy, found, space) == 0 else { return nil }
    return (0..<rowCount).map { gsl_vector_get(found, $0) }.sorted()
  }
}

/// An orthonormal basis of the space that some columns span.
///
/// Modified Gram–Schmidt, twice over each column, so that the basis is orthogonal to working precision.
/// A column of which less than `tolerance` of its length is left once the columns before it are taken off
/// adds nothing: it is a combination of them.
package struct OrthonormalBasis: Sendable {
  package private(set) var vectors: [[Double]] = []

  package init(_ columns: [[Double]], tolerance: Double = 1e-7) {
    for column in columns {
      // A basis of the whole space takes no further vector.
      if vectors.count == column.count { break }
      let length = Self.length(column)
      guard length > 0 else { continue }
      var rest = residual(column)
      let left = Self.length(rest)
      if left < tolerance * length { continue }
      rest = residual(rest)
      let norm = Self.length(rest)
      guard norm > 0 else { continue }
      vectors.append(rest.map { $0 / norm })
    }
  }

  package var rank: Int { vectors.count }

  /// What is left of a vector when its projection on the space is taken off.
  package func residual(_ vector: [Double]) -> [Double] {
    var rest = vector
    for basis in vectors {
      var product = 0.0
      for place in rest.indices { product += basis[place] * rest[place] }
      if product == 0 { continue }
      for place in rest.indices { rest[place] -= product * basis[place] }
    }
    return rest
  }

  private static func length(_ vector: [Double]) -> Double {
    var sum = 0.0
    for value in vector { sum += value * value }
    return sum.squareRoot()
  }
}
