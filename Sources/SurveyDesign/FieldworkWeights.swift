internal import SurveyData

/// Weights and variance strata of the units that came back.
///
/// Formula: at each stage, a unit that came back counts for w·(Σ w of the selected) / (Σ w of those that came
/// back) of its stratum, w = 1 / π at that stage: with equal probabilities N / (number that came back). A unit
/// above the last stage came back when something below it did. The weight is the product over the stages.
/// Where chances differ, π · (Σ w of those that came back) / (Σ w of the selected) stands for the chance of a unit in the
/// variance: with equal probabilities that is (number that came back) / N.
/// Source: weighting-class adjustment, Särndal, Swensson and Wretman (1992), ch. 15.
struct FieldworkWeights {
  /// By stage and node: the product down to this stage; 0 for a unit that did not come back.
  private(set) var weights: [[Double]] = []
  /// By stage and cell: the label of its variance stratum.
  private(set) var stratumLabels: [[String]] = []
  /// By stage and cell: the population of its variance stratum.
  private(set) var populations: [[Double]] = []
  /// By stage and node: its chance at this stage to be selected and to come back, at most 1; 0 for a unit that did not.
  private(set) var probabilities: [[Double]] = []
  /// By stage and node: whether it had to be in the sample, beside others of its stratum that had not.
  private(set) var isCertain: [[Bool]] = []
  private(set) var notes: [Finding] = []

  private let units: ListedUnits
  private let stages: [ListedStage]
  /// By stage and node: whether something of it came back.
  private var isBack: [[Bool]]

  init(units: ListedUnits, stages: [ListedStage], isBack lastStage: [Bool]) {
    self.units = units
    self.stages = stages
    let last = units.nodes.count - 1
    isBack = units.nodes.map { [Bool](repeating: false, count: $0.count) }
    isBack[last] = lastStage
    for stage in stride(from: last, to: 0, by: -1) {
      for (place, node) in units.nodes[stage].enumerated() where isBack[stage][place] {
        isBack[stage - 1][node.parent] = true
      }
    }
    for stage in 0...last {
      weigh(stage)
      join(stage)
    }
    noteUnitsWithoutReturn()
  }

  private mutating func weigh(_ stage: Int) {
    let nodes = units.nodes[stage]
    var stageWeights = [Double](repeating: 0, count: nodes.count)
    var chances = stageWeights
    var lost = [Group: Double]()
    var kept = [Group: Double]()
    var selectedSums = [Double]()
    for cell in units.cells[stage] {
      let sum = selectedSum(cell, stage: stage)
      selectedSums.append(sum)
      guard stage > 0, let above = weightAbove(cell, stage: stage) else { continue }
      let group = Group(firstStageNode: units.nodes[stage - 1][cell.parent].firstStageNode, stratum: cell.stratum)
      if cell.nodes.contains(where: { isBack[stage][$0] }) {
        kept[group, default: 0] += above * sum
      } else {
        lost[group, default: 0] += above * sum
      }
    }
    for (place, cell) in units.cells[stage].enumerated() {
      let back = cell.nodes.filter { isBack[stage][$0] }
      guard !back.isEmpty else { continue }
      let baseMean = selectedSums[place] / Double(max(1, cell.nodes.count { nodes[$0].isSelected }))
      // A reserve in use stands for a unit as selected ones do: its own probability is conditional.
      let bases = back.map { nodes[$0].isSelected ? nodes[$0].hits / nodes[$0].probability : baseMean }
      let adjustment = selectedSums[place] / bases.reduce(0, +)
      var above = 1.0
      var spread = 1.0
      if stage > 0 {
        above = weights[stage - 1][cell.parent]
        let group = Group(firstStageNode: units.nodes[stage - 1][cell.parent].firstStageNode, stratum: cell.stratum)
        if let gone = lost[group], let rest = kept[group], rest > 0 { spread = 1 + gone / rest }
      }
      for (node, base) in zip(back, bases) {
        stageWeights[node] = above * base * adjustment * spread
        chances[node] = min(1, (nodes[node].isSelected ? nodes[node].probability : 1 / baseMean) / adjustment)
      }
    }
    weights.append(stageWeights)
    probabilities.append(chances)
    let gone = lost.keys.filter { kept[$0] == nil }
    let spread = lost.count - gone.count
    if spread > 0 { notes.append(note(.spread, spread, stage: stage)) }
    let lostFirst = stage == 0 ? units.cells[0].count { !$0.nodes.contains { isBack[0][$0] } } : 0
    if gone.count + lostFirst > 0 { notes.append(note(.lost, gone.count + lostFirst, stage: stage)) }
  }

  private struct Group: Hashable {
    var firstStageNode: Int
    var stratum: String
  }

  private func selectedSum(_ cell: ListedUnits.Cell, stage: Int) -> Double {
    var sum = 0.0
    for node in cell.nodes where units.nodes[stage][node].isSelected {
      sum += units.nodes[stage][node].hits / units.nodes[stage][node].probability
    }
    return sum
  }

  private func weightAbove(_ cell: ListedUnits.Cell, stage: Int) -> Double? {
    let above = weights[stage - 1][cell.parent]
    return above > 0 ? above : nil
  }

  // A stratum of which one unit came back, and not all, has no variance of its own. Below the first stage it
  // is joined, for the variance only, with the next stratum of the same unit.
  private mutating func join(_ stage: Int) {
    var labels = units.cells[stage].map(\.stratum)
    var sizes = units.cells[stage].map(\.population)
    var joined = 0
    var alone = 0
    if stage > 0 {
      var cellsOfParent = [Int: [Int]]()
      for (place, cell) in units.cells[stage].enumerated() where cell.nodes.contains(where: { isBack[stage][$0] }) {
        cellsOfParent[cell.parent, default: []].append(place)
      }
      for places in cellsOfParent.values {
        let ordered = places.sorted {
          Array(units.cells[stage][$0].stratum.utf8).lexicographicallyPrecedes(
            Array(units.cells[stage][$1].stratum.utf8)
          )
        }
        let groups = VarianceGroups(
          cells: ordered,
          sizes: ordered.map { units.cells[stage][$0].population },
          counts: ordered.map { place in units.cells[stage][place].nodes.count { isBack[stage][$0] } }
        )
        joined += groups.joined
        for group in groups.groups {
          let label = group.map { units.cells[stage][$0].stratum }.joined(separator: " + ")
          var size = group.reduce(0) { $0 + units.cells[stage][$1].population }
          let count = group.reduce(0) { sum, place in
            sum + units.cells[stage][place].nodes.count { isBack[stage][$0] }
          }
          if count == 1, size > 1 {
            alone += 1
            size = 1
            for place in group {
              for node in units.cells[stage][place].nodes where isBack[stage][node] { probabilities[stage][node] = 1 }
            }
          }
          for place in group {
            labels[place] = label
            sizes[place] = size
          }
        }
      }
    }
    if joined > 0 { notes.append(note(.joined, joined, stage: stage)) }
    if alone > 0 { notes.append(note(.alone, alone, stage: stage)) }
    stratumLabels.append(labels)
    populations.append(sizes)
    setCertainUnits(stage)
  }

  /// With unequal chances, units that were certain to be in the sample add nothing: they are a stratum of their own.
  ///
  /// Below the first stage they stay where a single other unit would be left, which then has a variance with them.
  private mutating func setCertainUnits(_ stage: Int) {
    struct Stratum: Hashable {
      var parent: Int
      var label: String
    }
    var certain = [Bool](repeating: false, count: units.nodes[stage].count)
    if stages[stage].chances == .unequal {
      var nodesOfStratum = [Stratum: [Int]]()
      for (place, cell) in units.cells[stage].enumerated() {
        let stratum = Stratum(parent: cell.parent, label: stratumLabels[stage][place])
        nodesOfStratum[stratum, default: []] += cell.nodes.filter { isBack[stage][$0] }
      }
      for nodes in nodesOfStratum.values {
        let others = nodes.count { probabilities[stage][$0] < 1 }
        guard others > 1 || others == 1 && stage == 0 else { continue }
        for node in nodes where probabilities[stage][node] >= 1 { certain[node] = true }
      }
    }
    isCertain.append(certain)
  }

  /// The variance stratum of a unit.
  func stratum(_ node: Int, stage: Int) -> String {
    stratumLabels[stage][units.nodes[stage][node].cell] + (isCertain[stage][node] ? " (certain)" : "")
  }

  private mutating func noteUnitsWithoutReturn() {
    for stage in 0..<(units.nodes.count - 1) {
      let names = units.nodes[stage].indices.filter { units.nodes[stage][$0].isSelected && !isBack[stage][$0] }
        .map { units.nodes[stage][$0].id }
      if !names.isEmpty {
        notes.append(note(.empty, names.count, stage: stage, names: names))
      }
    }
  }

  private enum NoteKind: String {
    case spread = "stratum-without-response"
    case lost = "stratum-lost"
    case joined = "strata-joined"
    case alone = "unit-alone"
    case empty = "unit-without-response"
  }

  private func note(_ kind: NoteKind, _ count: Int, stage: Int, names: [String] = []) -> Finding {
    let name = stages[stage].name
    let listed = names.prefix(10).joined(separator: ", ")
    let text: LocalizedText
    let fix: LocalizedText
    switch kind {
    case .spread:
      text = LocalizedText(
        zh: "\(name) 阶段有 \(count) 类没有任何回答，其权数由同一首阶段单位内同类分担。",
        en:
          "at stage \(name), \(count) strata had no response; their weight went to the same stratum of the same first-stage unit."
      )
      fix = LocalizedText(zh: "请看回答率表。", en: "See the response table.")
    case .lost:
      text = LocalizedText(
        zh: "\(name) 阶段有 \(count) 类没有任何回答，也没有同类可分担：估计不代表它们。",
        en:
          "at stage \(name), \(count) strata had no response and none of their kind to stand for them: the estimates do not speak for them."
      )
      fix = LocalizedText(zh: "请补访或在报告中说明。", en: "Revisit them, or say so in the report.")
    case .joined:
      text = LocalizedText(
        zh: "\(name) 阶段有 \(count) 个层只有一个回答单位，计算方差时与同一上级单位的相邻层合并。",
        en:
          "at stage \(name), \(count) strata had one responding unit; for the variance they were joined with a neighbour in the same unit."
      )
      fix = LocalizedText(zh: "权数不受影响。", en: "Weights are not touched.")
    case .alone:
      text = LocalizedText(
        zh: "\(name) 阶段有 \(count) 处只剩一个回答单位，其内部方差无法估计，按零计。",
        en:
          "at stage \(name), \(count) units have a single response below them; the variance within them is counted as zero."
      )
      fix = LocalizedText(zh: "标准误可能略偏小。", en: "Standard errors may be slightly too small.")
    case .empty:
      text = LocalizedText(
        zh: "\(name) 阶段有 \(count) 个单位没有任何回答：\(listed)。",
        en: "at stage \(name), \(count) units have no response at all: \(listed)."
      )
      fix = LocalizedText(
        zh: "由同层其他单位代表；请确认资料齐全。",
        en: "Others of the stratum stand for them; check that all files are there."
      )
    }
    return Finding(kind.rawValue, severity: .note, message: text, fix: fix)
  }
}

/// Neighbouring strata joined until each has two units or is complete.
private struct VarianceGroups {
  private(set) var groups: [[Int]] = []
  /// How many strata had a single unit and were not complete.
  private(set) var joined = 0

  init(cells: [Int], sizes: [Double], counts: [Int]) {
    var open: [Int]?
    for (index, cell) in cells.enumerated() {
      let isAlone = counts[index] == 1 && sizes[index] > 1
      if isAlone, cells.count > 1 { joined += 1 }
      if var group = open {
        group.append(cell)
        groups.append(group)
        open = nil
      } else if isAlone {
        open = [cell]
      } else {
        groups.append([cell])
      }
    }
    // The last one has no next neighbour: it goes to the group before.
    if let group = open {
      if groups.isEmpty { groups.append(group) } else { groups[groups.count - 1] += group }
    }
  }
}
