import StatisticalFunctions
import Testing

@Suite struct HadamardTests {
  @Test(
    "rows and columns are orthogonal, the first of each all +1, for every order up to 200 but 188",
    arguments: [1, 2] + (1...50).map { 4 * $0 }.filter { $0 != 188 }
  )
  func orthogonal(order: Int) throws {
    let matrix = try #require(HadamardMatrix(order: order))
    for one in 0..<order {
      #expect(matrix[0, one] == 1 && matrix[one, 0] == 1)
      for other in 0..<one {
        var rows = 0.0
        var columns = 0.0
        for place in 0..<order {
          rows += matrix[one, place] * matrix[other, place]
          columns += matrix[place, one] * matrix[place, other]
        }
        #expect(rows == 0 && columns == 0, "\(one), \(other)")
      }
    }
  }

  @Test("orders that do not exist or are not built are passed over for the next one")
  func covering() {
    #expect(HadamardMatrix(order: 6) == nil && HadamardMatrix(order: 0) == nil && HadamardMatrix(order: 188) == nil)
    #expect(HadamardMatrix.covering(3)?.order == 4 && HadamardMatrix.covering(49)?.order == 52)
    #expect(HadamardMatrix.covering(185)?.order == 192)
    for least in 1...260 { #expect((HadamardMatrix.covering(least)?.order ?? 0) >= least) }
  }
}
