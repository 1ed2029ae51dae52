/// Random bits that a seed fixes for ever, for simulations and tests (never for a draw).
///
/// Source: xoshiro256** by Blackman and Vigna (2018), its state filled by SplitMix64 (Steele, Lea and
/// Flood 2014) as its authors advise. Whole-number arithmetic only: the same bits on every machine.
package struct SeededGenerator: Sendable, Hashable {
  private var first: UInt64
  private var second: UInt64
  private var third: UInt64
  private var fourth: UInt64

  /// A generator whose state is the next four numbers of SplitMix64 started at `seed`.
  package init(seed: UInt64) {
    var mixer = SplitMix64(state: seed)
    first = mixer.next()
    second = mixer.next()
    third = mixer.next()
    fourth = mixer.next()
  }

  /// A generator in a given state, as the published reference is tested; all four zero is refused.
  package init?(state: (UInt64, UInt64, UInt64, UInt64)) {
    guard state.0 | state.1 | state.2 | state.3 != 0 else { return nil }
    (first, second, third, fourth) = state
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    let multiplied = second &* 5
    let result = ((multiplied << 7) | (multiplied >> 57)) &* 9
    let shifted = second << 17
    third ^= first
    fourth ^= second
    second ^= third
    first ^= fourth
    third ^= shifted
    fourth = (fourth << 45) | (fourth >> 19)
    return result
  }

  /// A number strictly between 0 and 1: the middle of one of 2⁵² equal cells.
  package mutating func uniform() -> Double {
    // (bits + ½) / 2⁵² is exact in a double, so neither 0 nor 1 can come out by rounding.
    (Double(next() >> 12) + 0.5) * 0x1p-52
  }

  /// A whole number from 0 to `bound` − 1, each equally likely.
  ///
  /// Domain: bound > 0. Source: Lemire (2019), multiply-high with rejection of the uneven rest.
  package mutating func below(_ bound: UInt64) -> UInt64 {
    precondition(bound > 0, "no whole number is below 0")
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let uneven = (0 &- bound) % bound
      while product.low < uneven { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// A generator 2¹²⁸ steps ahead, so that parallel chunks never share numbers.
  ///
  /// Source: the published `jump()` polynomial of xoshiro256**.
  package func jumped() -> SeededGenerator {
    let polynomial: [UInt64] = [
      0x180e_c6d3_3cfd_0aba, 0xd5a6_1266_f0c9_392c, 0xa958_2618_e03f_c9aa, 0x39ab_dc45_29b1_661c,
    ]
    var walker = self
    var sum: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    for word in polynomial {
      for bit in 0..<64 {
        if word & (1 << UInt64(bit)) != 0 {
          sum.0 ^= walker.first
          sum.1 ^= walker.second
          sum.2 ^= walker.third
          sum.3 ^= walker.fourth
        }
        _ = walker.next()
      }
    }
    return SeededGenerator(state: sum) ?? walker
  }
}

/// The generator that fills the state of others. Source: Steele, Lea and Flood (2014), by Vigna.
package struct SplitMix64: Sendable {
  private var state: UInt64

  package init(state: UInt64) {
    self.state = state
  }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}
