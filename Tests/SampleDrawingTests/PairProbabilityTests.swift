import SampleDrawing
import Testing

/// Sizes for which a list of at most eight units has certainty units, equal sizes and size 0.
private let lists = [
  SizedList(sizes: [3, 1, 4, 1, 5, 9, 2, 6], sample: 3), SizedList(sizes: [5, 5, 5, 5, 5], sample: 2),
  SizedList(sizes: [40, 3, 0, 1, 4, 5, 9, 2], sample: 4), SizedList(sizes: [7, 8, 9, 1000, 900], sample: 3),
  SizedList(sizes: [1, 1_000_000, 999_999, 2, 999_998], sample: 2), SizedList(sizes: [2, 3, 5, 7, 11, 13], sample: 5),
]

/// A design as the probability of every sample, units as bits.
private typealias Design = [Int: Double]

private func samples(of size: Int, from units: [Int]) -> [Int] {
  (0..<(1 << units.count)).filter { $0.nonzeroBitCount == size }.map { bits in
    units.indices.reduce(0) { bits >> $1 & 1 == 1 ? $0 | 1 << units[$1] : $0 }
  }
}

private func holds(_ sample: Int, _ unit: Int) -> Bool { sample >> unit & 1 == 1 }

private func normalized(_ design: Design) -> Design {
  let total = design.values.reduce(0, +)
  return design.mapValues { $0 / total }
}

/// The units with 0 < π < 1, their π, the certain units as bits, and the number still to take.
private func split(_ list: SizedList) throws -> (units: [Int], pi: [Double], certain: Int, sample: Int) {
  let pi = try #require(list.inclusionProbabilities)
  let units = pi.indices.filter { pi[$0] > 0 && pi[$0] < 1 }
  let certain = pi.indices.reduce(0) { pi[$1] == 1 ? $0 | 1 << $1 : $0 }
  return (units, pi, certain, list.sample - certain.nonzeroBitCount)
}

/// Compares a method's probabilities with those of a design that was written down sample by sample.
private func expect(_ pairs: PairProbabilities?, of design: Design, in list: SizedList, tolerance: Double) throws {
  let pairs = try #require(pairs)
  let pi = try #require(list.inclusionProbabilities)
  for one in list.sizes.indices {
    let single = design.reduce(0) { holds($1.key, one) ? $0 + $1.value : $0 }
    #expect(abs(single - pi[one]) <= tolerance * max(pi[one], 1e-6), "unit \(one): \(single), \(pi[one])")
    for other in list.sizes.indices where other > one {
      let both = design.reduce(0) { holds($1.key, one) && holds($1.key, other) ? $0 + $1.value : $0 }
      #expect(
        abs(both - pairs[one, other]) <= tolerance * max(both, 1e-6),
        "\(one), \(other): \(both), \(pairs[one, other])"
      )
      #expect(pairs[one, other] == pairs[other, one])
    }
  }
}

private func all(_ list: SizedList) -> [Int] { Array(list.sizes.indices) }

@Test("Sampford's units and pairs are those of the rejective design, sample by sample", arguments: lists)
func sampford(list: SizedList) throws {
  let (units, pi, certain, sample) = try split(list)
  var design = Design()
  for candidate in samples(of: sample, from: units) {
    var product = 1.0
    var sum = 0.0
    for unit in units where holds(candidate, unit) {
      product *= pi[unit] / (1 - pi[unit])
      sum += 1 - pi[unit]
    }
    design[candidate | certain] = sample == 0 ? 1 : product * sum
  }
  // 1 − π near 1 loses digits in this test's own arithmetic.
  try expect(
    Sampford().jointProbabilities(of: all(list), in: list),
    of: normalized(design),
    in: list,
    tolerance: 1e-9
  )
}

@Test("conditional Poisson has the units' probabilities and the pairs of a product design", arguments: lists)
func conditionalPoisson(list: SizedList) throws {
  let (units, pi, certain, sample) = try split(list)
  // Weights by iteration on the enumerated design itself, in small steps: slow and independent.
  var weights = units.map { pi[$0] / (1 - pi[$0]) }
  var design = Design()
  for _ in 0..<20_000 {
    design = [:]
    for candidate in samples(of: sample, from: units) {
      var product = 1.0
      for (place, unit) in units.enumerated() where holds(candidate, unit) { product *= weights[place] }
      design[candidate | certain] = product
    }
    design = normalized(design)
    var largest = 0.0
    for (place, unit) in units.enumerated() {
      let reached = design.reduce(0) { holds($1.key, unit) ? $0 + $1.value : $0 }
      largest = max(largest, abs(reached / pi[unit] - 1))
      weights[place] *= (1 + pi[unit] / (1 - pi[unit]) / (reached / (1 - reached))) / 2
    }
    let scale = weights.reduce(0, +)
    if scale > 0 { weights = weights.map { $0 / scale } }
    if largest < 1e-13 { break }
  }
  try expect(
    ConditionalPoisson().jointProbabilities(of: all(list), in: list),
    of: design,
    in: list,
    tolerance: 1e-8
  )
}

@Test("Tillé's pairs are those of the elimination walked unit by unit", arguments: lists)
func tille(list: SizedList) throws {
  let (units, _, certain, sample) = try split(list)
  func inclusion(_ size: Int) throws -> [Double] {
    let sizes = list.sizes.enumerated().map { units.contains($0.offset) ? $0.element : 0 }
    return try #require(SizedList(sizes: sizes, sample: size).inclusionProbabilities)
  }
  var design: Design = [units.reduce(0) { $0 | 1 << $1 }: 1]
  for size in stride(from: units.count - 1, through: sample, by: -1) {
    let before = try inclusion(size + 1)
    let after = try inclusion(size)
    var next = Design()
    for (left, probability) in design {
      for unit in units where holds(left, unit) {
        next[left & ~(1 << unit), default: 0] += probability * (1 - after[unit] / before[unit])
      }
    }
    design = next
  }
  var whole = Design()
  for (key, value) in design { whole[key | certain] = value }
  if sample == 0 { whole = [certain: 1] }
  try expect(Tille().jointProbabilities(of: all(list), in: list), of: whole, in: list, tolerance: 1e-9)
}

@Test("systematic pairs are counted over every start", arguments: [2, 3, 4])
func systematicCount(sample: Int) throws {
  let list = SizedList(sizes: [30, 3, 0, 1, 4, 5, 9, 2], sample: sample)
  let (units, _, certain, rest) = try split(list)
  let sizes = units.map { list.sizes[$0] }
  let total = sizes.reduce(0, +)
  var design = Design()
  for start in 0..<total {
    let places = proportionalPlaces(start: start, sizes: sizes, total: total, sample: rest)
    design[places.reduce(certain) { $0 | 1 << units[$1] }, default: 0] += 1 / Double(total)
  }
  try expect(
    ProportionalSystematic().jointProbabilities(of: all(list), in: list),
    of: design,
    in: list,
    tolerance: 1e-12
  )
  let equal = SizedList(population: 9, sample: sample)
  var equalDesign = Design()
  for start in 0..<9 {
    let places = systematicPlaces(start: UInt64(start), population: 9, sample: sample)
    equalDesign[places.reduce(0) { $0 | 1 << $1 }, default: 0] += 1.0 / 9
  }
  try expect(Systematic().jointProbabilities(of: all(equal), in: equal), of: equalDesign, in: equal, tolerance: 1e-12)
}

/// Walks Brewer's draws: v = π(m − π)/(m − π·left), m the total of the units not yet taken.
private func brewerDesign(_ list: SizedList) throws -> Design {
  let (units, pi, certain, sample) = try split(list)
  var design: Design = [certain: 1]
  for draw in 0..<sample {
    var next = Design()
    for (taken, probability) in design {
      let rest = units.filter { !holds(taken, $0) }
      let mass = rest.reduce(0) { $0 + pi[$1] }
      let weights = rest.map { pi[$0] * (mass - pi[$0]) / (mass - pi[$0] * Double(sample - draw)) }
      let total = weights.reduce(0, +)
      for (unit, weight) in zip(rest, weights) {
        next[taken | 1 << unit, default: 0] += probability * weight / total
      }
    }
    design = next
  }
  return design
}

@Test("Brewer's draws give every unit its probability, and two units the stated pairs", arguments: lists)
func brewer(list: SizedList) throws {
  let design = try brewerDesign(list)
  let pi = try #require(list.inclusionProbabilities)
  for unit in list.sizes.indices {
    let single = design.reduce(0) { holds($1.key, unit) ? $0 + $1.value : $0 }
    #expect(abs(single - pi[unit]) < 1e-9, "unit \(unit): \(single), \(pi[unit])")
  }
  let (_, _, _, sample) = try split(list)
  let stated = Brewer().jointProbabilities(of: all(list), in: list)
  #expect((stated == nil) == (sample > 2))
  if stated != nil { try expect(stated, of: design, in: list, tolerance: 1e-9) }
}

@Test("Chromy's rule gives every unit its probability for every start", arguments: lists)
func chromy(list: SizedList) throws {
  let (units, pi, _, _) = try split(list)
  for start in units.indices {
    // The distribution of being ahead of the whole number, and of each unit being taken.
    var ahead = 0.0
    var mass = 0.0
    for position in units.indices {
      let unit = units[(start + position) % units.count]
      let before = mass - mass.rounded(.down)
      mass += pi[unit]
      let crosses = before + pi[unit] >= 1 - 1e-12
      let after = before + pi[unit] - (crosses ? 1 : 0)
      let taken: Double
      if crosses {
        let both = before <= 1e-15 ? 0 : ahead * max(0, after) / before
        taken = (1 - ahead) + both
        ahead = both
      } else {
        taken = (1 - ahead) * (after - before) / (1 - before)
        ahead += taken
      }
      #expect(abs(taken - pi[unit]) < 1e-9, "start \(start), unit \(unit): \(taken), \(pi[unit])")
    }
  }
}

@Test("the pairs of a fixed size design add up to (n − 1)·π", arguments: lists)
func rowSums(list: SizedList) throws {
  let pi = try #require(list.inclusionProbabilities)
  let designs: [any SelectionMethod] = [Sampford(), ConditionalPoisson(), Tille(), ProportionalSystematic()]
  var all = try designs.map { try #require($0.jointProbabilities(of: Array(pi.indices), in: list)) }
  all.append(try #require(JointProbabilities.midzuno(of: Array(pi.indices), in: list)))
  for pairs in all {
    for unit in pi.indices {
      let sum = pi.indices.reduce(0) { $1 == unit ? $0 : $0 + pairs[unit, $1] }
      #expect(abs(sum - Double(list.sample - 1) * pi[unit]) < 1e-9)
    }
  }
}

@Test("the approximations are near the exact pairs of a large list")
func approximations() throws {
  let list = SizedList(sizes: (0..<60).map { UInt64(20 + ($0 * 7) % 31) }, sample: 12)
  let pi = try #require(list.inclusionProbabilities)
  let exact = try #require(ConditionalPoisson().jointProbabilities(of: Array(pi.indices), in: list))
  let hajek = JointProbabilities.hajek(pi)
  let hartleyRao = JointProbabilities.hartleyRao(pi)
  for one in pi.indices {
    for other in pi.indices where other > one {
      #expect(abs(hajek[one, other] / exact[one, other] - 1) < 0.005)
      #expect(abs(hartleyRao[one, other] / exact[one, other] - 1) < 0.005)
    }
  }
}

@Test("pairs of some units are those of the whole list")
func someUnits() throws {
  let list = SizedList(sizes: (0..<40).map { UInt64(1 + ($0 * 13) % 29) }, sample: 9)
  let methods: [any SelectionMethod] = [Sampford(), ConditionalPoisson(), Tille(), ProportionalSystematic()]
  let some = [0, 3, 4, 17, 31, 39]
  for method in methods {
    let whole = try #require(method.jointProbabilities(of: Array(0..<40), in: list))
    let part = try #require(method.jointProbabilities(of: some, in: list))
    for (first, one) in some.enumerated() {
      for (second, other) in some.enumerated() where second > first {
        #expect(abs(part[first, second] / whole[one, other] - 1) < 1e-12 || whole[one, other] == 0)
      }
    }
  }
}
