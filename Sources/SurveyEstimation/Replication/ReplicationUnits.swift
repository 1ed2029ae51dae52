internal import StatisticalFunctions
internal import SurveyData
internal import SurveyDesign

/// The units of a design by stage, as replicates are made of them.
///
/// Units and strata are numbered in the byte order of their codes, so that a file in another order of rows gives the
/// same replicates.
package struct ReplicationUnits: Sendable {
  struct Stratum {
    var units: [Int] = []
    /// Of its unit of the stage before; 0 at the first stage.
    var parent: Int
    /// N; `nil` where sampled with replacement.
    var population: Double?
    /// n / N; 0 where sampled with replacement.
    var fraction: Double
    /// Its one unit adds nothing to a variance.
    var isCertain: Bool

    var size: Double { Double(units.count) }
  }

  struct Stage {
    var strata: [Stratum] = []
    /// By unit.
    var stratumOfUnit: [Int] = []
    var parentOfUnit: [Int] = []
    /// By unit: its first row in the file.
    var firstRows: [Int] = []
    /// By row.
    var unitOfRow: [Int32]

    var unitCount: Int { stratumOfUnit.count }

    /// The units of a stratum in the order of the file's rows.
    func fileOrder(_ stratum: Stratum) -> [Int] { stratum.units.sorted { firstRows[$0] < firstRows[$1] } }

    /// The strata in the order of the file's rows.
    var strataInFileOrder: [Stratum] {
      func first(_ stratum: Stratum) -> Int { stratum.units.map { firstRows[$0] }.min() ?? 0 }
      return strata.sorted { first($0) < first($1) }
    }
  }

  let stages: [Stage]
  /// The first stage of which a stratum is not complete: the stages above it have no sampling error.
  let openStage: Int
  /// Deviations are taken from the estimate of the whole sample.
  let isMeanSquaredError: Bool

  /// - Throws: a refusal where a stratum of one unit has a variance that no replicate can show.
  init(_ sample: SurveySample, isMeanSquaredError: Bool) throws(InputRefusal) {
    self.isMeanSquaredError = isMeanSquaredError
    let tree = sample.tree
    let rows = sample.cells.indices.sorted { left, right in
      let (one, other) = (tree.ranks[Int(sample.cells[left])], tree.ranks[Int(sample.cells[right])])
      return one == other ? left < right : one < other
    }
    var stages: [Stage] = []
    var lonely = 0
    for (place, known) in tree.stages.enumerated() {
      var stage = Stage(unitOfRow: [Int32](repeating: 0, count: rows.count))
      var units: [Int32: Int] = [:]
      var strata: [Int32: Int] = [:]
      for row in rows {
        let cell = Int(sample.cells[row])
        let code = known.isElementStage ? Int32(row) : known.units[cell]
        if let unit = units[code] {
          stage.unitOfRow[row] = Int32(unit)
          stage.firstRows[unit] = min(stage.firstRows[unit], row)
          continue
        }
        let parent = place == 0 ? 0 : Int(stages[place - 1].unitOfRow[row])
        let stratum = strata[known.strata[cell], default: stage.strata.count]
        if stratum == stage.strata.count {
          strata[known.strata[cell]] = stratum
          let node = Int(known.strata[cell])
          stage.strata.append(
            Stratum(
              parent: parent,
              population: known.populationSizes[node],
              fraction: known.fraction(node) ?? 0,
              isCertain: known.isComplete(node)
            )
          )
        }
        units[code] = stage.unitCount
        stage.unitOfRow[row] = Int32(stage.unitCount)
        stage.strata[stratum].units.append(stage.unitCount)
        stage.stratumOfUnit.append(stratum)
        stage.parentOfUnit.append(parent)
        stage.firstRows.append(row)
      }
      let isOpen = stages.allSatisfy { $0.strata.allSatisfy(\.isCertain) }
      if isOpen {
        for index in stage.strata.indices where stage.strata[index].units.count == 1 && !stage.strata[index].isCertain {
          switch sample.design.lonelyUnits {
          case .certainty, .remove: stage.strata[index].isCertain = true
          case .fail, .adjust, .average: lonely += 1
          }
        }
      }
      stages.append(stage)
    }
    self.stages = stages
    let open = stages.firstIndex { stage in stage.strata.contains { !$0.isCertain } }
    openStage = open ?? 0
    if lonely > 0 {
      throw replicatesUnsuited(
        zh: "有 \(lonely) 个层只有一个单位，重复权数无法显示其方差。",
        en: "\(lonely) strata have only one unit, whose variance no replicate can show.",
        fixZh: "请合并层，或用 --lonely-psu certainty。",
        fixEn: "Join strata, or say --lonely-psu certainty."
      )
    }
    if open == nil {
      throw replicatesUnsuited(
        zh: "每个层都已全部抽中：没有抽样误差可供重复。",
        en: "every stratum is in the sample as a whole: there is no sampling error for replicates to show.",
        fixZh: "请核对 --fpc。",
        fixEn: "Check --fpc."
      )
    }
  }

  /// The first stage that has a sampling error.
  var first: Stage { stages[openStage] }

  /// What the sum of squares of a bootstrap is multiplied by: deviations from the replicates' mean lose one of them.
  func bootstrapScale(_ count: Int) -> Double { 1 / Double(isMeanSquaredError ? count : count - 1) }
}

/// Random numbers of one replicate: they follow from seed and number alone.
func replicateGenerator(seed: UInt64, replicate: Int) -> SeededGenerator {
  var mixer = SplitMix64(state: seed)
  return SeededGenerator(seed: mixer.next() &+ UInt64(replicate))
}

/// The refusal of a design that a method cannot make replicates of.
func replicatesUnsuited(zh: String, en: String, fixZh: String, fixEn: String) -> InputRefusal {
  InputRefusal(
    Finding(
      "replicates-unsuited",
      message: LocalizedText(zh: zh, en: en),
      fix: LocalizedText(zh: fixZh, en: fixEn)
    )
  )
}
