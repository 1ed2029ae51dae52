import SurveyData
import SurveyDesign

/// The strata of a frame: the distinct combinations of the strata columns.
struct StratumGrouping: Sendable {
  /// The values of each stratum, in the order of their bytes.
  var strata: [[String]]
  /// For every row, the place of its stratum in ``strata``.
  var stratumOfRow: [Int32]

  init(_ columns: [CodedText], rowCount: Int) {
    var group = [Int32](repeating: 0, count: rowCount)
    var members: [[String]] = [[]]
    for column in columns {
      var groupOfPair = [Int64: Int32]()
      var next = [[String]]()
      // Frames mostly stand in order of their strata, so the last pair is often met again.
      var lastPair: Int64 = -1
      var lastGroup: Int32 = 0
      for row in 0..<rowCount {
        let pair = Int64(group[row]) << 32 | Int64(column.codes[row])
        if pair != lastPair {
          if let known = groupOfPair[pair] {
            lastGroup = known
          } else {
            lastGroup = Int32(next.count)
            groupOfPair[pair] = lastGroup
            next.append(members[Int(group[row])] + [column.levels[Int(column.codes[row])]])
          }
          lastPair = pair
        }
        group[row] = lastGroup
      }
      members = next
    }
    let order = members.indices.sorted { valuesPrecede(members[$0], members[$1]) }
    var place = [Int32](repeating: 0, count: members.count)
    for (index, old) in order.enumerated() { place[old] = Int32(index) }
    strata = order.map { members[$0] }
    for row in 0..<rowCount { group[row] = place[Int(group[row])] }
    stratumOfRow = group
  }
}

/// Whether one list of values stands before another, value by value in the order of bytes.
func valuesPrecede(_ left: [String], _ right: [String]) -> Bool {
  for (a, b) in zip(left, right) where !sameBytes(a, b) { return precedesAsBytes(a, b) }
  return left.count < right.count
}

/// The rows of every stratum within every drawn parent, parents in their order, then strata in theirs.
func groupedCells(
  _ plan: StagePlan,
  frame: Table,
  stratumOfRow: [Int32],
  parent: CodedText?,
  parents: [String]?
) throws(InputRefusal) -> [StageUnits.Cell] {
  var parentOfLevel = [Int32]()
  if let parent, let parents {
    var placeOfParent = [[UInt8]: Int32]()
    for (place, id) in parents.enumerated() { placeOfParent[Array(id.utf8)] = Int32(place) }
    parentOfLevel = parent.levels.map { placeOfParent[Array($0.utf8)] ?? -1 }
  }
  let pairs = PairGrouping(frame.rowCount) { row in
    var place: Int32 = 0
    if let parent { place = parentOfLevel[Int(parent.codes[row])] }
    return place < 0 ? -1 : Int64(place) << 32 | Int64(stratumOfRow[row])
  }
  var cells = [StageUnits.Cell]()
  cells.reserveCapacity(pairs.keys.count)
  var hasUnits = [Bool](repeating: false, count: max(1, parents?.count ?? 1))
  for (index, pair) in pairs.keys.enumerated() {
    let place = Int(pair >> 32)
    hasUnits[place] = true
    cells.append(
      StageUnits.Cell(
        parent: parents == nil ? nil : place,
        stratum: Int(pair & 0xFFFF_FFFF),
        rows: pairs.rows(of: index)
      )
    )
  }
  var findings = [Finding]()
  for (place, id) in (parents ?? []).enumerated() where !hasUnits[place] {
    findings.append(
      Finding(
        "parent-empty",
        file: frame.file,
        column: plan.parent,
        value: id,
        message: LocalizedText(
          zh: "已抽中的单元在阶段“\(plan.name)”的抽样框中没有下级单元。",
          en: "this drawn unit has no units in the frame of stage \"\(plan.name)\"."
        ),
        fix: LocalizedText(zh: "请补全抽样框，或核对上级编号。", en: "Complete the frame, or check the parent's id.")
      )
    )
  }
  if parents == nil, cells.isEmpty {
    findings.append(
      Finding(
        "frame-empty",
        file: frame.file,
        message: LocalizedText(zh: "抽样框没有单元。", en: "the frame has no units."),
        fix: LocalizedText(zh: "请核对文件。", en: "Check the file.")
      )
    )
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  return cells
}

/// Rows gathered by a number, the numbers ascending; within one number the rows keep their order.
struct PairGrouping {
  private(set) var keys: [Int64] = []
  private var ends: [Int] = [0]
  private var ordered: [Int32] = []

  /// - Parameter key: the number of a row; −1 leaves it out.
  init(_ rowCount: Int, key: (Int) -> Int64) {
    var groupOfKey = [Int64: Int32]()
    var found = [Int64]()
    var groupOfRow = [Int32](repeating: -1, count: rowCount)
    var sizes = [Int]()
    var lastKey: Int64 = -1
    var lastGroup: Int32 = -1
    for row in 0..<rowCount {
      let key = key(row)
      if key < 0 { continue }
      if key != lastKey {
        if let known = groupOfKey[key] {
          lastGroup = known
        } else {
          lastGroup = Int32(found.count)
          groupOfKey[key] = lastGroup
          found.append(key)
          sizes.append(0)
        }
        lastKey = key
      }
      groupOfRow[row] = lastGroup
      sizes[Int(lastGroup)] += 1
    }
    let order = found.indices.sorted { found[$0] < found[$1] }
    var next = [Int](repeating: 0, count: found.count)
    for group in order {
      keys.append(found[group])
      next[group] = ends[ends.count - 1]
      ends.append(next[group] + sizes[group])
    }
    ordered = [Int32](repeating: 0, count: ends[ends.count - 1])
    for row in 0..<rowCount where groupOfRow[row] >= 0 {
      let group = Int(groupOfRow[row])
      ordered[next[group]] = Int32(row)
      next[group] += 1
    }
  }

  func rows(of index: Int) -> ArraySlice<Int32> { ordered[ends[index]..<ends[index + 1]] }
}
