/// One domain: its values and its cells.
struct Domain: Sendable {
  var values: [DomainValue]
  /// In canonical order.
  var cells: [Int32]
  /// The one first-stage unit that the domain is, or lies in by one of its variables.
  var unit: Int32?
}

extension DesignTree {
  /// The domains of a set of by-variables, in the byte order of their values.
  ///
  /// Rows with a missing value belong to no domain of the set.
  func domains(by variables: [String]) -> [Domain] {
    if variables.isEmpty { return [Domain(values: [], cells: order, unit: nil)] }
    let codes = variables.map { byCodes[$0] ?? [] }
    var cellsOfKey: [[Int32]: [Int32]] = [:]
    for cell in order {
      let key = codes.map { $0[Int(cell)] }
      if key.contains(where: { $0 < 0 }) { continue }
      cellsOfKey[key, default: []].append(cell)
    }
    let ranks = variables.map { byteRanks(byTexts[$0] ?? []) }
    let drawn = variables.map { drawnUnits(of: $0) }
    let keys = cellsOfKey.keys.sorted { left, right in
      for place in left.indices where left[place] != right[place] {
        return ranks[place][Int(left[place])] < ranks[place][Int(right[place])]
      }
      return false
    }
    return keys.map { key in
      Domain(
        values: variables.indices.map { DomainValue(variables[$0], byTexts[variables[$0]]?[Int(key[$0])] ?? "") },
        cells: cellsOfKey[key] ?? [],
        unit: variables.indices.lazy.compactMap { drawn[$0][key[$0]] }.first
      )
    }
  }

  /// Codes of a by-variable whose rows are exactly the rows of one first-stage unit.
  private func drawnUnits(of variable: String) -> [Int32: Int32] {
    guard let first = stages.first, !first.isElementStage, let codes = byCodes[variable] else { return [:] }
    var unitOfCode: [Int32: Int32] = [:]
    var codeOfUnit: [Int32: Int32] = [:]
    var split = Set<Int32>()
    var mixed = Set<Int32>()
    for cell in order.lazy.map(Int.init) {
      let code = codes[cell]
      var unit = first.units[cell]
      if unit < 0 {
        // Units with one row each: a domain is one of them where it is that row.
        if rowCounts[cell] > 1 { split.insert(code) }
        unit = -2 - Int32(cell)
      }
      if unitOfCode.updateValue(unit, forKey: code) ?? unit != unit { split.insert(code) }
      if codeOfUnit.updateValue(code, forKey: unit) ?? code != code { mixed.insert(unit) }
    }
    return unitOfCode.filter { $0.key >= 0 && !split.contains($0.key) && !mixed.contains($0.value) }
  }

  /// The degrees of freedom that a domain's interval may rest on.
  ///
  /// Formula: units less strata, over the strata that the domain touches and that are not complete; where all
  /// of them are complete nothing varies at this stage, and the next stage within each unit is counted.
  /// Source: Korn and Graubard (1999), Analysis of Health Surveys, §5.2; units drawn with certainty are strata.
  func freedom(of cells: [Int32], from first: Int, rows: (Int) -> Int) -> Int {
    var place = first
    while place < stages.count {
      let stage = stages[place]
      var freedom = 0
      var isOpen = false
      for range in Runs(stage.strata, cells, 0..<cells.count) {
        let stratum = Int(stage.strata[Int(cells[range.lowerBound])])
        if stage.isComplete(stratum) { continue }
        isOpen = true
        freedom += unitCount(stage, cells, range, rows: rows) - 1
      }
      if isOpen { return freedom }
      place += 1
    }
    return 0
  }

  /// Units less strata at a stage, over all strata touched, as R's `degf` counts the first one.
  func plainFreedom(of cells: [Int32], at place: Int, rows: (Int) -> Int) -> Int {
    let stage = stages[place]
    var freedom = 0
    for range in Runs(stage.strata, cells, 0..<cells.count) {
      freedom += unitCount(stage, cells, range, rows: rows) - 1
    }
    return freedom
  }

  private func unitCount(_ stage: Stage, _ cells: [Int32], _ range: Range<Int>, rows: (Int) -> Int) -> Int {
    var count = 0
    for unit in Runs(stage.units, cells, range) {
      if stage.units[Int(cells[unit.lowerBound])] >= 0 {
        count += 1
      } else {
        for index in unit { count += rows(Int(cells[index])) }
      }
    }
    return count
  }

  /// The stage that holds the last clusters: units that bring several rows each; −1 where there is none.
  func clusterStage(rows: (Int) -> Int) -> Int {
    for place in stages.indices.reversed() where !stages[place].isElementStage {
      for range in Runs(stages[place].units, order, 0..<order.count)
      where stages[place].units[Int(order[range.lowerBound])] >= 0 {
        var count = 0
        for index in range { count += rows(Int(order[index])) }
        if count > 1 { return place }
      }
    }
    return -1
  }

  /// The first stage at which anything is left out of the sample among these cells.
  func firstOpenStage(_ cells: [Int32], from first: Int) -> Int {
    for place in first..<stages.count {
      let stage = stages[place]
      if cells.contains(where: { !stage.isComplete(Int(stage.strata[Int($0)])) }) { return place }
    }
    return stages.count
  }
}
