import StatisticalFunctions
import Testing

@Suite struct GeneratorTests {
  @Test("SplitMix64 gives the published numbers of seed 1234567")
  func splitMix() {
    var mixer = SplitMix64(state: 1_234_567)
    let numbers = (0..<5).map { _ in mixer.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ]
    )
  }

  @Test("xoshiro256** gives the published numbers of state 1, 2, 3, 4")
  func xoshiro() throws {
    var generator = try #require(SeededGenerator(state: (1, 2, 3, 4)))
    let numbers = (0..<10).map { _ in generator.next() }
    #expect(
      numbers == [
        11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
        607_988_272_756_665_600, 16_172_922_978_634_559_625, 8_476_171_486_693_032_832,
        10_595_114_339_597_558_777, 2_904_607_092_377_533_576,
      ]
    )
    #expect(SeededGenerator(state: (0, 0, 0, 0)) == nil)
  }

  // The step of the generator is linear over single bits; its matrix, squared 128 times, is the jump.
  @Test("a jump is 2¹²⁸ steps, by the squares of the step's own matrix")
  func jump() throws {
    typealias State = (UInt64, UInt64, UInt64, UInt64)
    func step(_ s: State) -> State {
      var s = s
      let shifted = s.1 << 17
      s.2 ^= s.0
      s.3 ^= s.1
      s.1 ^= s.2
      s.0 ^= s.3
      s.2 ^= shifted
      s.3 = (s.3 << 45) | (s.3 >> 19)
      return s
    }
    func unit(_ bit: Int) -> State {
      var words: [UInt64] = [0, 0, 0, 0]
      words[bit / 64] = 1 << UInt64(bit % 64)
      return (words[0], words[1], words[2], words[3])
    }
    func product(_ columns: [State], _ vector: State) -> State {
      var sum: State = (0, 0, 0, 0)
      let words = [vector.0, vector.1, vector.2, vector.3]
      for bit in 0..<256 where words[bit / 64] >> UInt64(bit % 64) & 1 == 1 {
        sum.0 ^= columns[bit].0
        sum.1 ^= columns[bit].1
        sum.2 ^= columns[bit].2
        sum.3 ^= columns[bit].3
      }
      return sum
    }
    var columns = (0..<256).map { step(unit($0)) }
    for _ in 0..<128 {
      let before = columns
      columns = before.map { product(before, $0) }
    }
    let start: State = (0x0123_4567_89ab_cdef, 42, 7, 0xfeed_beef)
    let generator = try #require(SeededGenerator(state: start))
    #expect(generator.jumped() == SeededGenerator(state: product(columns, start)))
  }

  @Test("a uniform number is never 0 or 1, and the smallest step is kept")
  func uniform() {
    var generator = SeededGenerator(seed: 2018)
    var sum = 0.0
    for _ in 0..<100_000 {
      let u = generator.uniform()
      #expect(u > 0 && u < 1)
      sum += u
    }
    // Five standard errors of 1/√12 / √100,000: a false alarm in 1.7 million seeds.
    #expect(abs(sum / 100_000 - 0.5) < 5 * 0.000913)
  }

  @Test("whole numbers below a bound are alike often", arguments: [1, 2, 3, 7, 10] as [UInt64])
  func below(bound: UInt64) {
    var generator = SeededGenerator(seed: bound)
    var counts = [Double](repeating: 0, count: Int(bound))
    for _ in 0..<50_000 { counts[Int(generator.below(bound))] += 1 }
    let expected = 50_000 / Double(bound)
    let statistic = counts.reduce(0) { $0 + ($1 - expected) * ($1 - expected) / expected }
    // False alarm: one seed in a million.
    if bound > 1 {
      #expect(ChiSquared(degreesOfFreedom: Double(bound - 1)).upperTail(statistic) > 1e-6)
    } else {
      #expect(counts == [50_000])
    }
  }

  @Test("a seed always gives the same numbers, another seed others")
  func seeds() {
    var one = SeededGenerator(seed: 1)
    var same = SeededGenerator(seed: 1)
    var other = SeededGenerator(seed: 2)
    let numbers = (0..<8).map { _ in one.next() }
    #expect(numbers == (0..<8).map { _ in same.next() })
    #expect(numbers != (0..<8).map { _ in other.next() })
  }
}
