/// A k-d tree over points from which points are removed one by one.
///
/// Nearest means the smallest squared distance, among equal distances the smallest rank (the point's
/// number). Each node knows its box and the smallest rank left below it, so that many points at one place
/// cost no more than points apart. Bounds are computed by the same operations in the same order as
/// distances, and rounding keeps order, so the answer is that of comparing all points one by one.
struct NeighbourTree: Sendable {
  private struct Node {
    var parent: Int32
    /// The right child, the left one being the next node; 0 for a leaf.
    var right: Int32 = 0
    /// A leaf's points that are left, as places in `slots`.
    var begin: Int32 = 0
    var end: Int32 = 0
    /// The smallest rank left below; `none` where nothing is left.
    var least: Int32 = Self.none

    static let none = Int32.max
  }

  private static let leafSize = 6

  private let dimension: Int
  private let points: [Double]
  private var slots: [Int32]
  private var leafOfPoint: [Int32]
  private var nodes: [Node] = []
  /// For each node and dimension the lower and the upper bound.
  private var boxes: [Double] = []

  /// - Parameters:
  ///   - points: coordinates, point by point.
  ///   - count: how many points there are, fewer than 2^31.
  init(points: [Double], count: Int) {
    dimension = count == 0 ? 0 : points.count / count
    self.points = points
    slots = (0..<count).map { Int32($0) }
    leafOfPoint = [Int32](repeating: 0, count: count)
    if count > 0 { build(0..<count, parent: -1) }
  }

  /// Takes a point out.
  mutating func remove(_ point: Int) {
    var place = Int(leafOfPoint[point])
    var slot = Int(nodes[place].begin)
    while Int(slots[slot]) != point { slot += 1 }
    nodes[place].end -= 1
    slots.swapAt(slot, Int(nodes[place].end))
    while place >= 0 {
      let least = leastRank(below: place)
      if least == nodes[place].least { return }
      nodes[place].least = least
      place = Int(nodes[place].parent)
    }
  }

  /// The nearest other point that is left.
  func nearest(to point: Int) -> Int? {
    if nodes.isEmpty { return nil }
    var best = Neighbour(distance: .infinity, rank: Node.none)
    search(0, bound: Neighbour(distance: 0, rank: 0), around: point, best: &best)
    return best.rank == Node.none ? nil : Int(best.rank)
  }

  private struct Neighbour {
    var distance: Double
    var rank: Int32

    func precedes(_ other: Neighbour) -> Bool {
      distance < other.distance || distance == other.distance && rank < other.rank
    }
  }

  private func search(_ place: Int, bound: Neighbour, around point: Int, best: inout Neighbour) {
    if !bound.precedes(best) { return }
    let node = nodes[place]
    if node.right == 0 {
      for slot in Int(node.begin)..<Int(node.end) where Int(slots[slot]) != point {
        let found = Neighbour(distance: squaredDistance(Int(slots[slot]), point), rank: slots[slot])
        if found.precedes(best) { best = found }
      }
      return
    }
    let left = place + 1
    let right = Int(node.right)
    let leftBound = lowerBound(left, point)
    let rightBound = lowerBound(right, point)
    if leftBound.precedes(rightBound) {
      search(left, bound: leftBound, around: point, best: &best)
      search(right, bound: rightBound, around: point, best: &best)
    } else {
      search(right, bound: rightBound, around: point, best: &best)
      search(left, bound: leftBound, around: point, best: &best)
    }
  }

  private func squaredDistance(_ one: Int, _ other: Int) -> Double {
    var sum = 0.0
    for axis in 0..<dimension {
      let gap = points[one * dimension + axis] - points[other * dimension + axis]
      sum += gap * gap
    }
    return sum
  }

  /// No point left in a node stands before this in the order of neighbours.
  private func lowerBound(_ place: Int, _ point: Int) -> Neighbour {
    let least = nodes[place].least
    if least == Node.none { return Neighbour(distance: .infinity, rank: least) }
    var sum = 0.0
    for axis in 0..<dimension {
      let value = points[point * dimension + axis]
      let low = boxes[2 * (place * dimension + axis)]
      let high = boxes[2 * (place * dimension + axis) + 1]
      let gap = value < low ? low - value : value > high ? value - high : 0
      sum += gap * gap
    }
    return Neighbour(distance: sum, rank: least)
  }

  private func leastRank(below place: Int) -> Int32 {
    let node = nodes[place]
    if node.right > 0 { return min(nodes[place + 1].least, nodes[Int(node.right)].least) }
    var least = Node.none
    for slot in Int(node.begin)..<Int(node.end) { least = min(least, slots[slot]) }
    return least
  }

  /// Splits at the middle of the widest axis, equal coordinates by rank, down to small leaves.
  private mutating func build(_ range: Range<Int>, parent: Int) {
    let place = nodes.count
    nodes.append(Node(parent: Int32(parent)))
    var widest = (axis: 0, width: -1.0)
    for axis in 0..<dimension {
      var low = Double.infinity
      var high = -Double.infinity
      for slot in range {
        let value = points[Int(slots[slot]) * dimension + axis]
        low = min(low, value)
        high = max(high, value)
      }
      boxes.append(low)
      boxes.append(high)
      if high - low > widest.width { widest = (axis, high - low) }
    }
    if range.count <= Self.leafSize {
      nodes[place].begin = Int32(range.lowerBound)
      nodes[place].end = Int32(range.upperBound)
      for slot in range { leafOfPoint[Int(slots[slot])] = Int32(place) }
    } else {
      sort(range, axis: widest.axis)
      let middle = range.lowerBound + range.count / 2
      build(range.lowerBound..<middle, parent: place)
      nodes[place].right = Int32(nodes.count)
      build(middle..<range.upperBound, parent: place)
    }
    nodes[place].least = leastRank(below: place)
  }

  private mutating func sort(_ range: Range<Int>, axis: Int) {
    let (points, dimension) = (points, dimension)
    slots[range].sort { one, other in
      let left = points[Int(one) * dimension + axis]
      let right = points[Int(other) * dimension + axis]
      return left == right ? one < other : left < right
    }
  }
}
