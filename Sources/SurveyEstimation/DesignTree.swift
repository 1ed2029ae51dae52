internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign

/// The design as the sample shows it: which cell lies in which unit of which stratum, and how many units
/// each stratum has in the sample and in the population.
struct DesignTree: Sendable {
  /// One stage, by cell and by stratum.
  struct Stage: Sendable {
    /// By cell: its stratum and its unit; the unit is −1 where rows are units, or units have one row each.
    var strata: [Int32]
    var units: [Int32]
    /// By stratum: n, and N where the design knows it.
    var sampleSizes: [Int]
    var populationSizes: [Double?]
    /// By unit: π, where units were drawn with unequal probabilities.
    var probabilities: [Double]?
    /// By stratum, with unequal probabilities: Σ (1 − π) over its units.
    var complements: [Double] = []
    /// Where the variance is taken from successive differences.
    var order: UnitOrder?

    /// Whether the design names no units, but takes rows.
    var isElementStage: Bool
    /// Whether units with a single row share cells.
    var sharesCells = false

    /// 1 − n / N; 1 where sampled with replacement.
    func correction(_ stratum: Int) -> Double {
      populationSizes[stratum].map { ($0 - Double(sampleSizes[stratum])) / $0 } ?? 1
    }

    /// n / N; `nil` where sampled with replacement.
    func fraction(_ stratum: Int) -> Double? {
      populationSizes[stratum].map { Double(sampleSizes[stratum]) / $0 }
    }

    /// The chance that a unit had to be in the sample; `nil` where sampled with replacement.
    func fraction(_ stratum: Int, unit: Int) -> Double? {
      probabilities.map { $0[unit] } ?? fraction(stratum)
    }

    /// Whether every unit of the stratum is in the sample.
    func isComplete(_ stratum: Int) -> Bool {
      if probabilities != nil { return complements[stratum] < 1e-7 }
      return correction(stratum) < 1e-7
    }
  }

  var stages: [Stage] = []
  /// The cells in the order of their paths' texts: no result depends on the order of rows.
  private(set) var order: [Int32] = []
  /// By cell: its place in that order.
  private(set) var ranks: [Int32]
  /// By cell: its rows.
  private(set) var rowCounts: [Int]
  /// By cell: what its sums of weights 1 are to be multiplied by.
  private(set) var scales: [Double]
  /// By by-variable and cell: the code; −1 where missing.
  private(set) var byCodes: [String: [Int32]] = [:]
  /// By by-variable and code: the text.
  private(set) var byTexts: [String: [String]] = [:]

  init(_ sums: EstimationAccumulator, design: SampleDesign, layout: KeyLayout) throws(InputRefusal) {
    let depth = layout.columns.count
    let cellCount = depth == 0 ? (sums.rowCount > 0 ? 1 : 0) : sums.tree.levels[depth - 1].count
    var lone: LoneUnits?
    if case .shared(let units) = sums.units { lone = units }
    let texts = sums.levels.enumerated().map { column, levels in
      // A million units that share cells need no names.
      lone != nil && column + 1 == layout.sharedDepth
        ? ColumnTexts(levels, used: sums.tree.levels[column].codes) : ColumnTexts(levels)
    }
    order = Self.canonicalOrder(sums.tree, texts: texts, cells: cellCount)
    rowCounts = (0..<cellCount).map { sums.rows.counts[$0] }
    ranks = [Int32](repeating: 0, count: cellCount)
    for (rank, cell) in order.enumerated() { ranks[Int(cell)] = Int32(rank) }
    // By depth and cell: the node on the cell's path.
    let ancestors = cellCount == 0 ? [[Int32]](repeating: [], count: depth + 1) : sums.tree.ancestors
    scales = [Double](repeating: 1, count: cellCount)
    var findings: [Finding] = []
    for (place, key) in layout.stages.enumerated() {
      let strata = ancestors[key.stratumDepth]
      let stratumCount = key.stratumDepth == 0 ? 1 : sums.tree.levels[key.stratumDepth - 1].count
      var sizes = [Int](repeating: 0, count: stratumCount)
      var units = [Int32](repeating: -1, count: cellCount)
      if let unitDepth = key.unitDepth {
        let level = sums.tree.levels[unitDepth - 1]
        units = ancestors[unitDepth].map { level.codes[Int($0)] == PathTree.sharedCode ? -1 : $0 }
        for (node, parent) in level.parents.enumerated() where level.codes[node] != PathTree.sharedCode {
          sizes[Int(parent)] += 1
        }
        for cell in 0..<cellCount where units[cell] < 0 { sizes[Int(strata[cell])] += rowCounts[cell] }
      } else {
        for cell in 0..<cellCount { sizes[Int(strata[cell])] += sums.rows.counts[cell] }
      }
      var populations = [Double?](repeating: nil, count: stratumCount)
      if let column = key.population, !key.isProportional {
        findings += Self.readPopulations(
          sums.populations[place],
          column: column,
          sizes: sizes,
          into: &populations,
          name: { Self.name(of: $0, depth: key.stratumDepth, tree: sums.tree, texts: sums.levels) }
        )
      }
      var stage = Stage(
        strata: strata,
        units: units,
        sampleSizes: sizes,
        populationSizes: populations,
        isElementStage: key.unitDepth == nil
      )
      stage.sharesCells = key.unitDepth != nil && units.contains { $0 < 0 }
      if key.isProportional, let unitDepth = key.unitDepth {
        stage.setProbabilities(sums.populations[place], strata: sums.tree.levels[unitDepth - 1].parents)
      }
      if case .populationSizes = design.weights {
        for cell in 0..<cellCount {
          if let fraction = stage.fraction(Int(strata[cell]), unit: Int(units[cell])) { scales[cell] /= fraction }
        }
      }
      stages.append(stage)
      if !design.unitsNestedInStrata {
        findings += Self.unitsInTwoStrata(
          place,
          layout: layout,
          tree: sums.tree,
          texts: sums.levels,
          lone: lone
        )
      }
    }
    if findings.isEmpty, design.lonelyUnits == .fail {
      findings = lonelyUnits(layout: layout, tree: sums.tree, texts: sums.levels)
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    for (name, column) in layout.byColumns {
      byCodes[name] = ancestors[column + 1].map { sums.tree.levels[column].codes[Int($0)] }
      byTexts[name] = sums.levels[column].texts
    }
  }

  private static func canonicalOrder(_ tree: PathTree, texts: [ColumnTexts], cells: Int) -> [Int32] {
    var ranks: [Int] = [0]
    var nodes: [Int32] = [0]
    for (depth, level) in tree.levels.enumerated() {
      let codeRanks = texts[depth].ranks
      let keys = (0..<level.count).map { node -> (Int, Int) in
        let code = level.codes[node]
        return (ranks[Int(level.parents[node])], code < 0 ? Int(code) : codeRanks[code] ?? -1)
      }
      nodes = (0..<Int32(level.count)).sorted { keys[Int($0)] < keys[Int($1)] }
      ranks = [Int](repeating: 0, count: level.count)
      for (rank, node) in nodes.enumerated() { ranks[Int(node)] = rank }
    }
    return cells == 0 ? [] : nodes
  }

  private static func readPopulations(
    _ read: [Double],
    column: String,
    sizes: [Int],
    into populations: inout [Double?],
    name: (Int) -> String
  ) -> [Finding] {
    let isCount = read.contains { $0 > 1 }
    var findings: [Finding] = []
    for (stratum, size) in sizes.enumerated() where stratum < read.count && !read[stratum].isNaN {
      let value = read[stratum]
      if isCount, value < 1 {
        findings.append(
          Finding(
            "population-mixed",
            column: column,
            value: shortest(value),
            message: LocalizedText(
              zh: "层“\(name(stratum))”：同一列中既有个数又有抽样比。",
              en: "stratum \"\(name(stratum))\": the column holds counts and sampling fractions."
            ),
            fix: LocalizedText(zh: "请统一为个数或抽样比。", en: "Write all of them as counts, or all as fractions.")
          )
        )
      } else if isCount, value < Double(size) {
        findings.append(
          Finding(
            "sample-exceeds-population",
            column: column,
            value: shortest(value),
            message: LocalizedText(
              zh: "层“\(name(stratum))”：样本中有 n = \(size) 个单位，总体数只有 N = \(shortest(value))。",
              en: "stratum \"\(name(stratum))\" has n = \(size) units in the sample but N = \(shortest(value))."
            ),
            fix: LocalizedText(zh: "请核对总体数或层的代码。", en: "Check the population size or the stratum codes.")
          )
        )
      }
      populations[stratum] = isCount ? value : Double(size) / value
    }
    return findings
  }

  private static func unitsInTwoStrata(
    _ stage: Int,
    layout: KeyLayout,
    tree: PathTree,
    texts: [ByteLevels],
    lone: LoneUnits?
  ) -> [Finding] {
    let key = layout.stages[stage]
    guard let unitDepth = key.unitDepth else { return [] }
    let above = stage == 0 ? 0 : layout.stages[stage - 1].unitDepth ?? 0
    guard key.stratumDepth > above else { return [] }
    struct Unit: Hashable {
      var parent: Int32
      var code: Int32
    }
    var stratumOfUnit: [Unit: Int32] = [:]
    var findings: [Finding] = []
    let level = unitDepth == layout.sharedDepth ? lone?.level ?? tree.levels[unitDepth - 1] : tree.levels[unitDepth - 1]
    for node in 0..<level.count {
      var parent = level.parents[node]
      for depth in stride(from: key.stratumDepth, to: above, by: -1) {
        parent = tree.levels[depth - 1].parents[Int(parent)]
      }
      let unit = Unit(parent: parent, code: level.codes[node])
      guard let first = stratumOfUnit.updateValue(level.parents[node], forKey: unit) else { continue }
      let column = layout.columns[unitDepth - 1]
      let strata = [first, level.parents[node]].map {
        name(of: Int($0), depth: key.stratumDepth, tree: tree, texts: texts)
      }
      findings.append(
        Finding(
          "unit-in-two-strata",
          column: column,
          value: texts[unitDepth - 1].text(unit.code),
          message: LocalizedText(
            zh: "同一单位代码出现在两个层中（“\(strata[0])”与“\(strata[1])”）。",
            en: "the unit code stands in two strata (\"\(strata[0])\" and \"\(strata[1])\")."
          ),
          fix: LocalizedText(
            zh: "若各层内重新编号，请加 --nest；否则请核对层的代码。",
            en: "If codes start anew in every stratum, say --nest; else check the stratum codes."
          )
        )
      )
    }
    return findings
  }

  private func lonelyUnits(layout: KeyLayout, tree: PathTree, texts: [ByteLevels]) -> [Finding] {
    var findings: [Finding] = []
    for (place, stage) in stages.enumerated() {
      let depth = layout.stages[place].stratumDepth
      for stratum in stage.sampleSizes.indices
      where stage.sampleSizes[stratum] == 1 && !stage.isComplete(stratum) {
        let label = Self.name(of: stratum, depth: depth, tree: tree, texts: texts)
        findings.append(
          Finding(
            "lonely-unit",
            value: label,
            message: LocalizedText(
              zh: "第 \(place + 1) 阶段的层“\(label)”只有一个样本单位，无法估计方差。",
              en:
                "stratum \"\(label)\" has only one unit in the sample at stage \(place + 1): its variance cannot be estimated."
            ),
            fix: LocalizedText(
              zh: "请合并层，或用 --lonely-psu 指定 adjust、average、certainty 或 remove。",
              en: "Join strata, or choose --lonely-psu adjust, average, certainty or remove."
            )
          )
        )
      }
      // Without a population size the variance ends at this stage.
      if stage.probabilities == nil, stage.populationSizes.contains(where: { $0 == nil }) { break }
    }
    return findings.sorted { ($0.value ?? "") < ($1.value ?? "") }
  }

  /// A stratum's path as text.
  private static func name(of node: Int, depth: Int, tree: PathTree, texts: [ByteLevels]) -> String {
    var parts: [String] = []
    var node = node
    for level in stride(from: depth - 1, through: 0, by: -1) {
      let code = tree.levels[level].codes[node]
      parts.append(code < 0 ? "" : texts[level].text(code))
      node = Int(tree.levels[level].parents[node])
    }
    return parts.isEmpty ? "all" : parts.reversed().joined(separator: ", ")
  }
}

extension DesignTree.Stage {
  /// Takes in the units' inclusion probabilities.
  ///
  /// - Parameters:
  ///   - read: by unit.
  ///   - parents: the stratum of each unit.
  fileprivate mutating func setProbabilities(_ read: [Double], strata parents: [Int32]) {
    complements = [Double](repeating: 0, count: sampleSizes.count)
    for unit in read.indices { complements[Int(parents[unit])] += 1 - read[unit] }
    probabilities = read
  }
}

/// The places in byte order of a column's texts, or of those in use.
private struct ColumnTexts {
  private(set) var ranks: [Int32: Int] = [:]

  init(_ levels: ByteLevels) {
    self.init(levels, used: (0..<Int32(levels.count)).map { $0 })
  }

  init(_ levels: ByteLevels, used: [Int32]) {
    let codes = Array(Set(used.filter { $0 >= 0 }))
    let texts = codes.map { levels.text($0) }
    for (place, rank) in byteRanks(texts).enumerated() { ranks[codes[place]] = rank }
  }
}

/// The place of each text in byte order.
func byteRanks(_ texts: [String]) -> [Int] {
  let sorted = texts.indices.sorted { texts[$0].utf8.lexicographicallyPrecedes(texts[$1].utf8) }
  var ranks = [Int](repeating: 0, count: texts.count)
  for (rank, index) in sorted.enumerated() { ranks[index] = rank }
  return ranks
}
