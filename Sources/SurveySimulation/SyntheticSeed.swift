internal import StatisticalFunctions

/// A generator for one unit and one purpose: it depends on nothing else, so any village can be made alone.
///
/// Formula: FNV-1a (64 bits) over seed, unit and purpose, each followed by a line feed, started through
/// SplitMix64. Whole-number arithmetic only. Simulation only: a draw uses SHA-256 tickets.
func syntheticGenerator(seed: String, unit: String, purpose: StaticString) -> SeededGenerator {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  for byte in seed.utf8 { add(byte) }
  add(10)
  for byte in unit.utf8 { add(byte) }
  add(10)
  purpose.withUTF8Buffer { for byte in $0 { add(byte) } }
  add(10)
  var mixer = SplitMix64(state: hash)
  return SeededGenerator(seed: mixer.next())
}

/// The place that a uniform number falls to among shares that add to 1; the last where they add to less.
func category(_ uniform: Double, of shares: [Double]) -> Int {
  var left = uniform
  for (index, share) in shares.enumerated() {
    if left < share { return index }
    left -= share
  }
  return shares.count - 1
}
