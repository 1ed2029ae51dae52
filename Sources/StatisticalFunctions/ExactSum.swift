/// A sum of doubles with the same bits in whatever order they are added.
///
/// Formula: every number is cut at the borders of an absolute grid of 32-bit windows; the pieces are added
/// as whole numbers in the three highest windows in use. What lies below is dropped, and whether it is
/// dropped depends on the largest number alone, never on the order. Error: below n · 2⁻⁶⁴ of the largest
/// number, so that the rounded sum is as a rule the exact one, rounded once.
/// Domain: finite numbers, at most 2³⁰ of them; a number that is not finite makes the sum NaN.
/// Source: the windows of Kulisch's long accumulator, folded as by Demmel and Hida (2004) and Ahrens, Demmel
/// and Nguyen (2020), here in integers.
package struct ExactSum: Sendable, Hashable {
  private var high: Int64 = 0
  private var middle: Int64 = 0
  private var low: Int64 = 0
  /// The grid's number of the highest window in use.
  private var top: Int32 = ExactSum.empty

  private static let empty = Int32.min
  private static let poisoned = Int32.max
  /// Makes every exponent of a double positive; a multiple of 32.
  private static let offset = 1088

  package init() {}

  package init(_ value: Double) {
    add(value)
  }

  /// Adds a number.
  @inline(__always)
  package mutating func add(_ value: Double) {
    guard let pieces = Pieces(value) else {
      if !value.isFinite { top = Self.poisoned }
      return
    }
    add(pieces.high, pieces.middle, pieces.low, top: pieces.window)
  }

  /// Adds a number several times, with the same bits as one by one.
  ///
  /// - Parameters:
  ///   - value: what is added.
  ///   - count: 0…2³⁰.
  @inline(__always)
  package mutating func add(_ value: Double, times count: Int) {
    guard count > 0, let pieces = Pieces(value) else {
      if count > 0, !value.isFinite { top = Self.poisoned }
      return
    }
    let factor = Int64(count)
    add(pieces.high &* factor, pieces.middle &* factor, pieces.low &* factor, top: pieces.window)
  }

  /// A number cut at the borders of the grid.
  private struct Pieces {
    var high: Int64
    var middle: Int64
    var low: Int64
    /// The grid's number of the window with the highest bit.
    var window: Int32

    /// `nil` for zero and for what is not finite.
    @inline(__always)
    init?(_ value: Double) {
      if value == 0 { return nil }
      let bits = value.bitPattern
      let exponentBits = Int((bits >> 52) & 0x7FF)
      guard exponentBits != 0x7FF else { return nil }
      let fraction = bits & 0xF_FFFF_FFFF_FFFF
      let significand = exponentBits == 0 ? fraction : fraction | 0x10_0000_0000_0000
      let position = max(exponentBits, 1) - 1075 + ExactSum.offset
      window = Int32(truncatingIfNeeded: (position + 52) >> 5)
      // The significand with its highest bit in the highest of three windows.
      let shift = UInt64(position - (Int(window) - 2) * 32)
      let wide = significand << (shift & 31)
      let over = shift & 31 == 0 ? 0 : significand >> (64 - (shift & 31))
      if shift < 32 {
        (high, middle, low) = (Int64(over), Int64(wide >> 32), Int64(wide & 0xFFFF_FFFF))
      } else {
        (high, middle, low) = (Int64(wide >> 32), Int64(wide & 0xFFFF_FFFF), 0)
      }
      if bits >> 63 != 0 { (high, middle, low) = (-high, -middle, -low) }
    }
  }

  /// Adds all that another sum holds.
  package mutating func add(_ other: ExactSum) {
    guard other.top != Self.empty else { return }
    guard other.top != Self.poisoned else {
      top = Self.poisoned
      return
    }
    add(other.high, other.middle, other.low, top: other.top)
  }

  /// Takes away all that another sum holds.
  package mutating func subtract(_ other: ExactSum) {
    var negative = other
    negative.high = -other.high
    negative.middle = -other.middle
    negative.low = -other.low
    add(negative)
  }

  @inline(__always)
  private mutating func add(_ high: Int64, _ middle: Int64, _ low: Int64, top other: Int32) {
    if other == top {
      self.high &+= high
      self.middle &+= middle
      self.low &+= low
      return
    }
    addApart(high, middle, low, top: other)
  }

  @inline(never)
  private mutating func addApart(_ high: Int64, _ middle: Int64, _ low: Int64, top other: Int32) {
    if top == Self.poisoned { return }
    if top == Self.empty {
      self = ExactSum()
      (self.high, self.middle, self.low, top) = (high, middle, low, other)
    } else if other > top {
      switch other - top {
      case 1: (self.high, self.middle, self.low) = (high, middle &+ self.high, low &+ self.middle)
      case 2: (self.high, self.middle, self.low) = (high, middle, low &+ self.high)
      default: (self.high, self.middle, self.low) = (high, middle, low)
      }
      top = other
    } else {
      switch top - other {
      case 1:
        self.middle &+= high
        self.low &+= middle
      case 2: self.low &+= high
      default: break
      }
    }
  }

  /// The sum, rounded once to the nearest double; NaN after a number that was not finite.
  package var value: Double { extended.high }

  /// The sum to twice the precision of a double.
  package var extended: ExtendedDouble {
    if top == Self.empty { return ExtendedDouble(0) }
    if top == Self.poisoned { return ExtendedDouble(.nan) }
    let whole = (Int128(high) << 64) + (Int128(middle) << 32) + Int128(low)
    let exponent = (Int(top) - 2) * 32 - Self.offset
    let first = Self.rounded(whole.magnitude)
    let rest = Int128(bitPattern: whole.magnitude &- first.value)
    let second = Self.rounded(rest.magnitude)
    let sign = whole < 0 ? -1.0 : 1.0
    return ExtendedDouble(
      high: sign * Self.scaled(first, by: exponent),
      low: rest == 0 ? 0 : (rest < 0 ? -sign : sign) * Self.scaled(second, by: exponent)
    )
  }

  /// A whole number of 53 significant bits, as the product of a number below 2⁵⁴ and a power of two.
  private struct Significand {
    var bits: UInt64
    var shift: Int

    var value: UInt128 { UInt128(bits) &<< UInt128(shift) }
  }

  // Written out: the library's conversion of 128-bit numbers is generic and many times slower.
  private static func rounded(_ whole: UInt128) -> Significand {
    let shift = 128 - whole.leadingZeroBitCount - 53
    guard shift > 0 else { return Significand(bits: UInt64(truncatingIfNeeded: whole), shift: 0) }
    let bits = UInt64(truncatingIfNeeded: whole &>> UInt128(shift))
    let rest = whole & ((1 &<< UInt128(shift)) &- 1)
    let half: UInt128 = 1 &<< UInt128(shift - 1)
    let roundsUp = rest > half || (rest == half && bits & 1 == 1)
    return Significand(bits: roundsUp ? bits &+ 1 : bits, shift: shift)
  }

  private static func scaled(_ number: Significand, by exponent: Int) -> Double {
    let power = number.shift + exponent
    let value = Double(number.bits)
    // Well inside the range of normal numbers, where a product with a power of two is exact.
    if power > -960, power < 900 { return value * Double(bitPattern: UInt64(power + 1023) << 52) }
    return Double(sign: .plus, exponent: power, significand: value)
  }
}

/// A number of about 106 bits: the unevaluated sum of two doubles.
///
/// For the few places where sums of squares nearly cancel. Source: Dekker (1971); Knuth's two-sum.
package struct ExtendedDouble: Sendable, Hashable {
  package var high: Double
  package var low: Double

  package init(high: Double, low: Double) {
    self.high = high
    self.low = low
  }

  package init(_ value: Double) {
    high = value
    low = 0
  }

  package var value: Double { high + low }

  package static func + (left: ExtendedDouble, right: ExtendedDouble) -> ExtendedDouble {
    let sum = left.high + right.high
    let part = sum - left.high
    let error = (left.high - (sum - part)) + (right.high - part)
    return normalized(sum, error + left.low + right.low)
  }

  package static prefix func - (number: ExtendedDouble) -> ExtendedDouble {
    ExtendedDouble(high: -number.high, low: -number.low)
  }

  package static func - (left: ExtendedDouble, right: ExtendedDouble) -> ExtendedDouble { left + -right }

  package static func * (left: ExtendedDouble, right: ExtendedDouble) -> ExtendedDouble {
    let product = left.high * right.high
    let error = (-product).addingProduct(left.high, right.high)
    return normalized(product, error + left.high * right.low + left.low * right.high)
  }

  private static func normalized(_ high: Double, _ low: Double) -> ExtendedDouble {
    let sum = high + low
    return ExtendedDouble(high: sum, low: low - (sum - high))
  }
}
