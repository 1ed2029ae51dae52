/// The least and the greatest number of units of a stratum.
struct WholeBounds: Sendable, Hashable {
  var least: Int
  var most: Int

  func clamped(_ share: Double) -> Double { min(max(share, Double(least)), Double(most)) }
}

/// The shares in real numbers: proportional to the measures, but for those that a bound holds.
///
/// Formula: clamp(λ·A, least, most), λ such that they add up to the total.
/// Domain: Σ least ≤ total ≤ Σ most; a measure of 0 only where least = most.
func boundedShares(of measures: [Double], bounds: [WholeBounds], total: Int) -> [Double] {
  func shares(at factor: Double) -> [Double] {
    measures.indices.map { bounds[$0].clamped(factor * measures[$0]) }
  }
  var corners = [0.0]
  for (place, measure) in measures.enumerated() where measure > 0 {
    corners.append(Double(bounds[place].least) / measure)
    corners.append(Double(bounds[place].most) / measure)
  }
  corners.sort()
  // The last corner at which the shares do not yet exceed the total; beyond it they grow by straight lines.
  var low = 0
  var high = corners.count
  while high - low > 1 {
    let middle = (low + high) / 2
    if shares(at: corners[middle]).reduce(0, +) <= Double(total) { low = middle } else { high = middle }
  }
  let corner = corners[low]
  var fixed = 0.0
  var free = 0.0
  var isFree = [Bool](repeating: false, count: measures.count)
  for (place, measure) in measures.enumerated() {
    let least = Double(bounds[place].least)
    let most = Double(bounds[place].most)
    if measure > 0, least < most, least / measure <= corner, corner < most / measure {
      isFree[place] = true
      free += measure
    } else {
      fixed += bounds[place].clamped(corner * measure)
    }
  }
  if free == 0 { return shares(at: corner) }
  let factor = (Double(total) - fixed) / free
  return measures.indices.map { place in
    isFree[place] ? bounds[place].clamped(factor * measures[place]) : bounds[place].clamped(corner * measures[place])
  }
}

/// The shares in whole numbers: from the least numbers on, each further unit goes where it serves most.
///
/// Formula: the unit after the k-th of a stratum has the priority A² / (k·(k+1)) or A / (2k + 1); they never
/// rise with k, so that taking the greatest one at a time minimises the criterion (a separable convex sum).
/// Under ``AllocationCriterion/variance`` a stratum's first unit comes before any second one.
/// Source: Gross (1956), as in Ibaraki & Katoh (1988), Resource Allocation Problems, section 4.2.
/// Domain: as ``boundedShares(of:bounds:total:)``.
func wholeShares(
  of measures: [Double],
  bounds: [WholeBounds],
  total: Int,
  criterion: AllocationCriterion
) -> [Int] {
  var numbers = bounds.map(\.least)
  var queue = PriorityQueue()
  func claim(_ place: Int) -> PriorityQueue.Claim? {
    let taken = numbers[place]
    guard taken < bounds[place].most else { return nil }
    let measure = measures[place]
    switch criterion {
    case .variance:
      if taken == 0 { return PriorityQueue.Claim(isFirst: true, priority: measure, place: place) }
      let priority = measure * measure / (Double(taken) * Double(taken + 1))
      return PriorityQueue.Claim(isFirst: false, priority: priority, place: place)
    case .evenness:
      return PriorityQueue.Claim(isFirst: false, priority: measure / Double(2 * taken + 1), place: place)
    }
  }
  for place in measures.indices {
    if let claim = claim(place) { queue.push(claim) }
  }
  var left = total - numbers.reduce(0, +)
  while left > 0, let best = queue.popFirst() {
    numbers[best.place] += 1
    left -= 1
    if let next = claim(best.place) { queue.push(next) }
  }
  return numbers
}

/// The strata's claims to the next unit, the strongest at the head.
private struct PriorityQueue {
  struct Claim {
    /// A first unit where the criterion has no value without one.
    var isFirst: Bool
    var priority: Double
    var place: Int

    func precedes(_ other: Claim) -> Bool {
      if isFirst != other.isFirst { return isFirst }
      if priority != other.priority { return priority > other.priority }
      return place < other.place
    }
  }

  private var heap: [Claim] = []

  mutating func push(_ claim: Claim) {
    heap.append(claim)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].precedes(heap[parent]) else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  mutating func popFirst() -> Claim? {
    guard let first = heap.first else { return nil }
    let last = heap.removeLast()
    if heap.isEmpty { return first }
    heap[0] = last
    var parent = 0
    while true {
      var best = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].precedes(heap[best]) {
        best = child
      }
      if best == parent { return first }
      heap.swapAt(parent, best)
      parent = best
    }
  }
}
