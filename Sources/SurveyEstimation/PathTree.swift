/// The distinct paths of codes that rows take through the key columns, one node a path and depth.
///
/// Depth 0 is the root (node 0). A path is found by one look-up a column, without making a key object a row.
struct PathTree: Sendable {
  /// The nodes of one depth.
  struct Level: Sendable {
    private(set) var parents: [Int32] = []
    private(set) var codes: [Int32] = []
    private var slots = [Int32](repeating: -1, count: 16)
    private var shift: UInt64 = 60

    var count: Int { parents.count }

    /// The node below a parent with a code, a new one if it was not met before.
    mutating func node(parent: Int32, code: Int32) -> Int32 {
      let mask = slots.count - 1
      var slot = place(parent, code)
      while slots[slot] >= 0 {
        let node = slots[slot]
        if parents[Int(node)] == parent, codes[Int(node)] == code { return node }
        slot = (slot &+ 1) & mask
      }
      let node = Int32(parents.count)
      slots[slot] = node
      parents.append(parent)
      codes.append(code)
      if parents.count * 2 > slots.count { grow() }
      return node
    }

    private func place(_ parent: Int32, _ code: Int32) -> Int {
      let key = UInt64(UInt32(bitPattern: parent)) << 32 | UInt64(UInt32(bitPattern: code))
      return Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift)
    }

    private mutating func grow() {
      slots = [Int32](repeating: -1, count: slots.count * 2)
      shift -= 1
      let mask = slots.count - 1
      for node in parents.indices {
        var slot = place(parents[node], codes[node])
        while slots[slot] >= 0 { slot = (slot &+ 1) & mask }
        slots[slot] = Int32(node)
      }
    }
  }

  /// `levels[k]` holds the nodes of depth k + 1.
  private(set) var levels: [Level]

  init(depth: Int) {
    levels = [Level](repeating: Level(), count: depth)
  }

  /// Walks every row one column down: `nodes` holds the rows' nodes at `depth` and gets those below.
  mutating func descend(_ nodes: inout [Int32], depth: Int, codes: [Int32]) {
    var lastParent: Int32 = -1
    var lastCode: Int32 = -2
    var last: Int32 = 0
    for row in nodes.indices {
      let parent = nodes[row]
      let code = codes[row]
      // Sorted files repeat the path above more often than not.
      if parent != lastParent || code != lastCode {
        last = levels[depth].node(parent: parent, code: code)
        lastParent = parent
        lastCode = code
      }
      nodes[row] = last
    }
  }

  /// The code of the node that a stratum's units with a single row have in common.
  static let sharedCode: Int32 = -2

  /// Walks every row to the node of its unit, or to the one that its stratum's units with a single row share.
  mutating func descend(_ nodes: inout [Int32], depth: Int, codes: [Int32], units: inout LoneUnits) {
    var lastParent: Int32 = -1
    var shared: Int32 = 0
    for row in nodes.indices {
      let parent = nodes[row]
      if units.hasOwnCell(stratum: parent, code: codes[row]) {
        nodes[row] = levels[depth].node(parent: parent, code: codes[row])
      } else {
        if parent != lastParent {
          shared = levels[depth].node(parent: parent, code: Self.sharedCode)
          lastParent = parent
        }
        nodes[row] = shared
      }
    }
  }

  /// Forgets the nodes below a depth.
  mutating func cut(below depth: Int) {
    for place in depth..<levels.count { levels[place] = Level() }
  }

  /// By depth and node of the last depth: the node on its path.
  var ancestors: [[Int32]] {
    let depth = levels.count
    var ancestors: [[Int32]] = [[Int32]](repeating: [], count: depth + 1)
    let count = depth == 0 ? 1 : levels[depth - 1].count
    ancestors[depth] = (0..<Int32(count)).map { $0 }
    for level in stride(from: depth - 1, through: 0, by: -1) {
      ancestors[level] = ancestors[level + 1].map { levels[level].parents[Int($0)] }
    }
    return ancestors
  }

  /// Takes in another tree.
  ///
  /// - Parameters:
  ///   - other: of the same columns.
  ///   - codes: by column and code there, the code here; `nil`: the same.
  ///   - sharedDepth: the depth of units, 0 for none.
  ///   - isShared: by node of that depth there: whether its stratum's shared node takes its place.
  /// - Returns: for every depth, the node here of each node there.
  mutating func merge(
    _ other: PathTree,
    codes: [[Int32]]?,
    sharedDepth: Int = 0,
    isShared: [Bool] = []
  ) -> [[Int32]] {
    var places: [[Int32]] = [[0]]
    for depth in levels.indices {
      let there = other.levels[depth]
      var here: [Int32] = []
      here.reserveCapacity(there.count)
      for node in 0..<there.count {
        var code = there.codes[node]
        if code >= 0, let codes { code = codes[depth][Int(code)] }
        if depth + 1 == sharedDepth, isShared[node] { code = Self.sharedCode }
        here.append(levels[depth].node(parent: places[depth][Int(there.parents[node])], code: code))
      }
      places.append(here)
    }
    return places
  }
}
