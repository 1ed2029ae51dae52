internal import SurveyData

/// Some rows of a class hand their weight to others of it, in proportion to theirs.
///
/// Formula: takers w′ = w · (Σ w of the class) / (Σ w of its takers), givers 0, rows of no class as they are.
/// Source: weighting-class adjustment; Särndal, Swensson and Wretman (1992), §15.6; Valliant, Dever and Kreuter (2018),
/// Practical Tools for Designing and Weighting Survey Samples, ch. 13.
struct Redistribution: Sendable {
  /// By row; −1 for rows that neither give nor take.
  let classOfRow: [Int]
  let classCount: Int
  let isTaker: [Bool]

  /// - Parameter title: of a class, for the refusal.
  /// - Throws: a refusal for classes whose weight nobody can take.
  func adjusted(_ weights: [Double], title: (Int) -> String) throws(InputRefusal) -> [Double] {
    let sums = sums(weights)
    let lost = (0..<classCount).filter { sums.takers[$0] == 0 && sums.all[$0] != 0 }
    if !lost.isEmpty {
      throw InputRefusal(
        listing: lost.map { place in
          Finding(
            "class-without-takers",
            value: title(place),
            message: LocalizedText(
              zh: "这一类（或它的某个重复）中没有可以接过权数的单位，权数合计 \(shortest(sums.all[place]))。",
              en:
                "no unit of this class, or of a replicate of it, can take over its weight, \(shortest(sums.all[place]))."
            ),
            fix: LocalizedText(zh: "请与相近的类合并。", en: "Join it with a class near to it.")
          )
        }
      )
    }
    return weights.indices.map { row in
      let place = classOfRow[row]
      if place < 0 { return weights[row] }
      return isTaker[row] ? weights[row] * (sums.all[place] / sums.takers[place]) : 0
    }
  }

  func projection(from old: [Double], to new: [Double]) -> any ScoreProjection {
    RedistributionProjection(redistribution: self, old: old, new: new)
  }

  private func sums(_ weights: [Double]) -> (all: [Double], takers: [Double]) {
    var all = [Double](repeating: 0, count: classCount)
    var takers = all
    for row in weights.indices where classOfRow[row] >= 0 {
      all[classOfRow[row]] += weights[row]
      if isTaker[row] { takers[classOfRow[row]] += weights[row] }
    }
    return (all, takers)
  }
}

/// Scores of the weights before a redistribution.
///
/// Formula: with μ = Σ s / Σ w′ over the takers of a class, a taker's score is s − w′μ + wμ and a giver's wμ: the
/// linearized value of Σ_c (Σ w / Σ_takers w) Σ_takers w z, whose class sums vary like any other.
struct RedistributionProjection: ScoreProjection {
  let redistribution: Redistribution
  let old: [Double]
  let new: [Double]

  var takesStepBack: Bool { true }

  func residual(_ score: [Double]) -> [Double] {
    let count = redistribution.classCount
    var sums = [Double](repeating: 0, count: count)
    var weights = sums
    for row in score.indices where redistribution.classOfRow[row] >= 0 && redistribution.isTaker[row] {
      sums[redistribution.classOfRow[row]] += score[row]
      weights[redistribution.classOfRow[row]] += new[row]
    }
    return score.indices.map { row in
      let place = redistribution.classOfRow[row]
      guard place >= 0, weights[place] != 0 else { return score[row] }
      let mean = sums[place] / weights[place]
      return redistribution.isTaker[row] ? score[row] + mean * (old[row] - new[row]) : mean * old[row]
    }
  }
}

/// The classes that columns of a table make of some rows.
struct RowClasses: Sendable {
  /// By row; −1 for rows that are not asked about.
  let classOfRow: [Int]
  let titles: [String]

  init(classOfRow: [Int], titles: [String]) {
    self.classOfRow = classOfRow
    self.titles = titles
  }

  init(_ names: [String], of table: Table, rows isUsed: [Bool]) throws(InputRefusal) {
    var columns: [Column] = []
    for name in names { columns.append(try table.column(name)) }
    var places: [[String]: Int] = [:]
    var titles: [String] = []
    var classOfRow = [Int](repeating: -1, count: table.rowCount)
    for row in isUsed.indices where isUsed[row] {
      let values = columns.map { $0.text(at: row) ?? "" }
      if let place = places[values] {
        classOfRow[row] = place
      } else {
        classOfRow[row] = titles.count
        places[values] = titles.count
        titles.append(zip(names, values).map { "\($0)=\($1)" }.joined(separator: ", "))
      }
    }
    self.classOfRow = classOfRow
    self.titles = titles
  }
}
