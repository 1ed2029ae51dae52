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
    if value == 0 { return }
    let bits = value.bitPattern
    let exponentBits = Int((bits >> 52) & 0x7FF)
    guard exponentBits != 0x7FF else {
      top = Self.poisoned
      return
    }
    let fraction = bits & 0xF_FFFF_FFFF_FFFF
    let significand = exponentBits == 0 ? fraction : fraction | 0x10_0000_0000_0000
    let position = max(exponentBits, 1) - 1075 + Self.offset
    let window = Int32(truncatingIfNeeded: (position + 52) >> 5)
    // The significand with its highest bit in the highest of three windows.
    let shift = UInt64(position - (Int(window) - 2) * 32)
    let wide = significand << (shift & 31)
    let over = shift & 31 == 0 ? 0 : significand >> (64 - (shift & 31))
    var pieces: (high: Int64, middle: Int64, low: Int64)
    if shift < 32 {
      pieces = (Int64(over), Int64(wide >> 32), Int64(wide & 0xFFFF_FFFF))
    } else {
      pieces = (Int64(wide >> 32), Int64(wide & 0xFFFF_FFFF), 0)
    }
    if bits >> 63 != 0 { pieces = (-pieces.high, -pieces.middle, -pieces.low) }
    add(pieces.high, pieces.middle, pieces.low, top: window)
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
    let rounded = Double(whole)
    let rest = Double(whole - Int128(rounded))
    let exponent = (Int(top) - 2) * 32 - Self.offset
    return ExtendedDouble(
      high: Double(sign: .plus, exponent: exponent, significand: rounded),
      low: Double(sign: .plus, exponent: exponent, significand: rest)
    )
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
