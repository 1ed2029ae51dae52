internal import SurveyData

/// The drawn units of every stage of a list, as a tree.
struct ListedUnits {
  /// One drawn unit of one stage.
  struct Node {
    var id: String
    /// Its place among the nodes of the stage before; −1 at the first stage.
    var parent: Int
    /// Its place among the cells of its stage.
    var cell: Int
    /// Not a number for a reserve whose probability the method does not state.
    var probability: Double
    /// How often it was selected: 1 without replacement.
    var hits: Double
    var isSelected: Bool
    /// The place of its first-stage unit among the nodes of the first stage.
    var firstStageNode: Int
    /// The first row of the list that names it.
    var row: Int
  }

  /// One stratum within one unit of the stage before.
  struct Cell {
    var parent: Int
    var stratum: String
    var population: Double
    var nodes: [Int]
  }

  private struct CellKey: Hashable {
    var parent: Int
    var stratum: Int32
  }

  /// By stage, the first stage first.
  private(set) var nodes: [[Node]] = []
  private(set) var cells: [[Cell]] = []

  /// Reads the stages up to `unitStage`; lines that end before it (reserves of an earlier stage) hold no unit of it.
  init(list: Table, stages: [ListedStage], unitStage: Int) throws(InputRefusal) {
    var findings = [Finding]()
    var parentOfRow = [Int](repeating: -1, count: list.rowCount)
    for stage in 0...unitStage {
      let name = stages[stage].name
      let ids = try list.column(stages[stage].id).codedText
      let strata = try list.column("\(name)_stratum").codedText
      let populations = try Self.numbers("\(name)_population", in: list)
      let probabilities = try Self.numbers("\(name)_probability", in: list)
      let hits = list["\(name)_hits"] == nil ? nil : try Self.numbers("\(name)_hits", in: list)
      let isReserve = try Self.reserves(in: list, after: stage, of: stages)
      var nodeOfCode = [Int](repeating: -1, count: ids.levels.count)
      var cellOfKey = [CellKey: Int]()
      var stageNodes = [Node]()
      var stageCells = [Cell]()
      for row in 0..<list.rowCount {
        let code = Int(ids.codes[row])
        guard code >= 0, stage == 0 || parentOfRow[row] >= 0 else {
          parentOfRow[row] = -1
          continue
        }
        let parent = parentOfRow[row]
        if nodeOfCode[code] < 0 {
          guard strata.codes[row] >= 0, populations[row] >= 1,
            Self.isSound(probabilities[row], hits: hits?[row], isReserve: isReserve[row])
          else {
            findings.append(Self.badLine(list, row: row, stage: name))
            parentOfRow[row] = -1
            continue
          }
          let key = CellKey(parent: parent, stratum: strata.codes[row])
          let cell = cellOfKey[key] ?? stageCells.count
          if cell == stageCells.count {
            cellOfKey[key] = cell
            stageCells.append(
              Cell(
                parent: parent,
                stratum: strata.levels[Int(strata.codes[row])],
                population: populations[row],
                nodes: []
              )
            )
          }
          nodeOfCode[code] = stageNodes.count
          stageCells[cell].nodes.append(stageNodes.count)
          stageNodes.append(
            Node(
              id: ids.levels[code],
              parent: parent,
              cell: cell,
              probability: probabilities[row],
              hits: isReserve[row] ? 1 : hits?[row] ?? 1,
              isSelected: !isReserve[row],
              firstStageNode: stage == 0 ? stageNodes.count : nodes[stage - 1][parent].firstStageNode,
              row: row
            )
          )
        } else if stageNodes[nodeOfCode[code]].parent != parent {
          findings.append(
            Finding(
              "id-duplicate",
              file: list.file,
              row: list.fileRow(of: row),
              column: stages[stage].id,
              value: ids.levels[code],
              message: LocalizedText(zh: "同一编号出现在两个上级单位中。", en: "the id stands in two units of the stage before."),
              fix: LocalizedText(zh: "请用抽取时写出的名单。", en: "Use the list as the draw wrote it.")
            )
          )
        }
        parentOfRow[row] = nodeOfCode[code]
      }
      nodes.append(stageNodes)
      cells.append(stageCells)
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
  }

  /// The inverse of the product of a unit's probabilities over the stages, times how often it was hit.
  func designWeight(_ place: Int, stage: Int) -> Double {
    var probability = 1.0
    var hits = 1.0
    var place = place
    for stage in stride(from: stage, through: 0, by: -1) {
      probability *= nodes[stage][place].probability
      hits *= nodes[stage][place].hits
      place = nodes[stage][place].parent
    }
    return hits / probability
  }

  // A unit above the last stage stands in reserve when its line ends with it.
  private static func reserves(
    in list: Table,
    after stage: Int,
    of stages: [ListedStage]
  ) throws(InputRefusal) -> [Bool] {
    if stage + 1 < stages.count {
      return try list.column(stages[stage + 1].id).codedText.codes.map { $0 < 0 }
    }
    let roles = try list.column("role")
    return (0..<list.rowCount).map { roles.text(at: $0) == "reserve" }
  }

  /// A probability in 0…1, or an expected number of hits beside whole hits; a reserve may have none.
  private static func isSound(_ probability: Double, hits: Double?, isReserve: Bool) -> Bool {
    if isReserve, probability.isNaN { return true }
    guard let hits, !isReserve else { return probability > 0 && probability <= 1 }
    return probability > 0 && hits >= 1 && hits == hits.rounded()
  }

  private static func numbers(_ name: String, in list: Table) throws(InputRefusal) -> [Double] {
    switch try list.column(name).numbers() {
    case .numbers(let values): return values
    case .notNumbers(let rows):
      throw InputRefusal(
        rows.map {
          Finding.notNumber(
            file: list.file,
            row: list.fileRow(of: $0),
            column: name,
            value: list[name]?.text(at: $0) ?? ""
          )
        }
      )
    }
  }

  private static func badLine(_ list: Table, row: Int, stage: String) -> Finding {
    Finding(
      "list-line",
      file: list.file,
      row: list.fileRow(of: row),
      column: "\(stage)_probability",
      message: LocalizedText(
        zh: "名单缺少层、总体数或入样概率。",
        en: "the line lacks a stratum, population size or inclusion probability."
      ),
      fix: LocalizedText(zh: "请用抽取时写出的名单。", en: "Use the list as the draw wrote it.")
    )
  }
}
