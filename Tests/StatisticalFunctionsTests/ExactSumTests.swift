import StatisticalFunctions
import Testing

@Suite struct ExactSumTests {
  @Test("a number added many times at once leaves the bits of one addition after the other")
  func times() {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<200 {
      let value = (generator.uniform() - 0.5) * [1e-300, 1e-20, 1, 1e9, 1e250][Int(generator.below(5))]
      let other = (generator.uniform() - 0.5) * [1e-20, 1, 1e12][Int(generator.below(3))]
      let count = Int(generator.below(300))
      var single = ExactSum(other)
      for _ in 0..<count { single.add(value) }
      var many = ExactSum(other)
      many.add(value, times: count)
      #expect(single == many)
    }
  }

  @Test("a sum is the whole number it stands for, rounded to nearest, and the rest rounded again")
  func rounding() {
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<5000 {
      var sum = ExactSum()
      var whole: Int128 = 0
      for _ in 0..<(1 + generator.below(6)) {
        let bits = Int128(generator.below(1 << 53)) << Int128(generator.below(40))
        let value = generator.below(2) == 0 ? bits : -bits
        whole += value
        sum.add(Double(value))
      }
      let rounded = Double(whole)
      let found = sum.extended
      #expect(found.high == rounded && found.low == Double(whole - Int128(rounded)), "\(whole)")
    }
  }

  @Test("ties go to the even neighbour", arguments: [(1.0, 0.0), (2, 0), (3, 4), (6, 8), (10, 8), (14, 16)])
  func ties(added: Double, rounded: Double) {
    var sum = ExactSum(0x1p54)
    sum.add(added)
    #expect(sum.value == 0x1p54 + rounded)
    var negative = ExactSum(-0x1p54)
    negative.add(-added)
    #expect(negative.value == -0x1p54 - rounded)
  }
}
