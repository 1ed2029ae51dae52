import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

/// Points from a small generator of whole numbers, so that the test needs no library and repeats.
private func points(_ count: Int, spread: Int) -> [(east: Int, north: Int)] {
  var state: UInt64 = 88_172_645_463_325_252
  func next() -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(spread))
  }
  return (0..<count).map { _ in (next(), next()) }
}

private func frame(_ points: [(east: Int, north: Int)]) -> Table {
  Table(columns: [
    Column("id", texts: points.indices.map { "p\(10_000 + $0)" }),
    Column("east", numbers: points.map { Double($0.east) }),
    Column("north", numbers: points.map { Double($0.north) }),
  ])
}

private func plan(_ method: String, _ count: Int) -> StagePlan {
  StagePlan(
    name: "point",
    id: "id",
    method: method,
    take: .count(count),
    coordinates: method == "local-pivotal" ? ["east", "north"] : []
  )
}

/// The spatial balance of Stevens and Olsen (2004).
///
/// The variance of the expected number of units that lie nearest to each selected unit; 0 is perfect. Points equally near are shared.
private func voronoiBalance(_ sample: [Int], _ points: [(east: Int, north: Int)]) -> Double {
  let share = Double(sample.count) / Double(points.count)
  var counts = [Double](repeating: 0, count: sample.count)
  for point in points {
    let distances = sample.map { unit in
      let east = points[unit].east - point.east
      let north = points[unit].north - point.north
      return east * east + north * north
    }
    guard let least = distances.min() else { continue }
    let nearest = distances.indices.filter { distances[$0] == least }
    for place in nearest { counts[place] += share / Double(nearest.count) }
  }
  return counts.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / Double(sample.count)
}

@Test("local pivotal samples are spread: their spatial balance is far below that of simple random sampling")
func spatialBalance() throws {
  let points = points(200, spread: 10_000)
  let frame = frame(points)
  func mean(_ method: String) throws -> Double {
    var sum = 0.0
    for replay in 0..<100 {
      let key = try DrawKey(seed: "spatial \(replay)", group: "test/spatial", stage: "point")
      let cell = try drawStage(plan(method, 20), frame: frame, key: key).cells[0]
      sum += voronoiBalance(cell.selected.map(\.frameRow), points)
    }
    return sum / 100
  }
  let spread = try mean("local-pivotal")
  let random = try mean("srs")
  #expect(spread < random / 2.5, "\(spread) against \(random)")
}

/// The guide's rule with a comparison of all points, written apart from the method.
private func plainLocalPivotal(
  _ ids: [String],
  _ points: [(east: Int, north: Int)],
  count: Int,
  key: DrawKey
) -> Set<String> {
  let order = ids.indices.sorted { key.ticket(ids[$0]) < key.ticket(ids[$1]) }
  let whole = ids.count
  var weights = [Int](repeating: count, count: order.count)
  var list = Array(order.indices)
  var next = 0
  func uniform() -> Double {
    next += 1
    return key.streamUniform(stratum: "", at: next - 1)
  }
  while !list.isEmpty {
    let one = list[Int(uniform() * Double(list.count))]
    var other = -1
    var least = Int.max
    for rank in list.sorted() where rank != one {
      let east = points[order[rank]].east - points[order[one]].east
      let north = points[order[rank]].north - points[order[one]].north
      if east * east + north * north < least {
        least = east * east + north * north
        other = rank
      }
    }
    let (sum, odds) = (weights[one] + weights[other], uniform())
    if sum <= whole {
      let passes = odds * Double(sum) < Double(weights[other])
      (weights[one], weights[other]) = passes ? (0, sum) : (sum, 0)
    } else {
      let fills = odds * Double(2 * whole - sum) < Double(whole - weights[other])
      (weights[one], weights[other]) = fills ? (whole, sum - whole) : (sum - whole, whole)
    }
    for unit in [one, other] where weights[unit] == 0 || weights[unit] == whole {
      guard let place = list.firstIndex(of: unit), let last = list.popLast() else { continue }
      if last != unit { list[place] = last }
    }
  }
  return Set(order.indices.filter { weights[$0] == whole }.map { ids[order[$0]] })
}

@Test(
  "the tree finds the neighbours that comparing all points finds, on grids full of ties too",
  arguments: [1, 3, 12, 100_000]
)
func neighbours(spread: Int) throws {
  let points = points(150, spread: spread)
  let frame = frame(points)
  let ids = points.indices.map { "p\(10_000 + $0)" }
  for (replay, count) in [1, 7, 40, 75, 149].enumerated() {
    let key = try DrawKey(seed: "tree \(replay)", group: "test/spatial", stage: "point")
    let drawn = try drawStage(plan("local-pivotal", count), frame: frame, key: key).cells[0].selected.map(\.id)
    #expect(drawn.count == count)
    #expect(Set(drawn) == plainLocalPivotal(ids, points, count: count, key: key))
  }
}

@Test("with all units at one point every unit still has its probability")
func onePoint() throws {
  let points = [(east: Int, north: Int)](repeating: (3, 3), count: 12)
  let frame = frame(points)
  var met = [String: Int]()
  let replays = 3_000
  for replay in 0..<replays {
    let key = try DrawKey(seed: "one point \(replay)", group: "test/spatial", stage: "point")
    for unit in try drawStage(plan("local-pivotal", 5), frame: frame, key: key).cells[0].selected {
      met[unit.id, default: 0] += 1
    }
  }
  // 12 units at 4.5 standard errors: a false alarm with probability below 10⁻⁴ for new seeds.
  let expected = 5.0 / 12
  let standardError = (expected * (1 - expected) / Double(replays)).squareRoot()
  #expect(met.count == 12)
  for (id, count) in met {
    #expect(abs(Double(count) / Double(replays) - expected) <= 4.5 * standardError, "\(id): \(count)")
  }
}
