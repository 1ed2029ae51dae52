import SurveyData

/// The units of one or several strata as a balanced walk meets them: stratum by stratum, by ticket.
struct BalancedUnits: Sendable {
  /// For each stratum what its certainty units leave.
  private(set) var splits: [CertaintyUnits] = []
  /// The places of each stratum's units.
  private(set) var ranges: [Range<Int>] = []
  /// The unit number within its stratum.
  private(set) var indices: [Int] = []
  private(set) var strata: [Int32] = []
  /// λ of each unit.
  private(set) var probabilities: [Double] = []
  let columnCount: Int
  /// The balancing columns, y/λ over the column's largest |y/λ|: unit by unit.
  private(set) var balance: [Double] = []

  /// Prepares the strata that are balanced together.
  ///
  /// Formula: b_kj = (x_kj / λ_k) / s_j, λ_k = (n · x_k) / X. Source: annex-balanced, sections 1 to 3.
  /// - Throws: a refusal where n · X is 2^53 or more in a stratum; all such strata are named.
  init(_ cells: [CellUnits], samples: [Int]) throws(InputRefusal) {
    columnCount = cells.first?.measureCount ?? 0
    var findings = [Finding]()
    for (stratum, cell) in cells.enumerated() {
      let sample = samples[stratum]
      let begin = indices.count
      let total: UInt64
      do throws(InputRefusal) {
        total = try totalSize(of: cell, below: UInt128(1) << 53, timesSample: sample)
      } catch {
        findings += error.findings
        continue
      }
      let split = CertaintyUnits(units: cell.positive, sample: sample, total: total, in: cell)
      if split.restSample > 0 {
        for unit in cell.byTicket(first: split.rest.count, of: split.rest) {
          let probability = split.probability(ofSize: cell.size(unit))
          indices.append(unit)
          strata.append(Int32(stratum))
          probabilities.append(probability)
          for column in 0..<columnCount { balance.append(cell.measure(column, unit) / probability) }
        }
      }
      splits.append(split)
      ranges.append(begin..<indices.count)
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    for column in 0..<columnCount { scale(column) }
  }

  private mutating func scale(_ column: Int) {
    var largest = 0.0
    for unit in indices.indices { largest = max(largest, abs(balance[unit * columnCount + column])) }
    if largest == 0 { return }
    for unit in indices.indices { balance[unit * columnCount + column] /= largest }
  }

  /// The units taken in one stratum at the end of a walk, and its reserves.
  ///
  /// A unit left undecided by rounding is taken where the stratum has fewer than n without it.
  func selection(
    stratum: Int,
    walk: BalancedWalk,
    reserves: Int,
    in cell: CellUnits
  ) -> Selection {
    let split = splits[stratum]
    var isTaken = split.isCertain
    var takenCount = 0
    for place in ranges[stratum] where walk.probabilities[place] == 1 {
      isTaken[indices[place]] = true
      takenCount += 1
    }
    for place in ranges[stratum] where walk.isUndecided(place) && takenCount < split.restSample {
      isTaken[indices[place]] = true
      takenCount += 1
    }
    return split.selection(taken: isTaken, reserves: reserves, in: cell)
  }
}

extension CertaintyUnits {
  /// Selected units by ticket with n·x/X, certainty units among them; reserves of the rest by ticket.
  func selection(taken isTaken: [Bool], reserves: Int, in cell: CellUnits) -> Selection {
    let drawn = (0..<cell.count).filter { isTaken[$0] }
    let units = cell.byTicket(first: drawn.count, of: drawn).map { unit in
      Selection.Unit(
        index: unit,
        probability: isCertain[unit] ? 1 : probability(ofSize: cell.size(unit)),
        isCertainty: isCertain[unit]
      )
    }
    if reserves == 0 { return Selection(selected: units, reserves: []) }
    let others = rest.filter { !isTaken[$0] }
    return Selection(selected: units, reserves: cell.byTicket(first: reserves, of: others))
  }
}
