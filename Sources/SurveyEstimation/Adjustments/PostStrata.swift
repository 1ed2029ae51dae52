internal import SurveyData
internal import SurveyDesign

/// The classes of a post-stratification and the class of every row.
struct PostStrata: Sendable {
  private let spec: PostStratification
  /// By row; −1 where the class is unknown, and where the row has no weight.
  let classOfRow: [Int]

  /// - Parameter weights: rows of weight 0 belong to no class.
  /// - Throws: a refusal for a class in the sample without a total.
  init(_ spec: PostStratification, of table: Table, weights: [Double]) throws(InputRefusal) {
    self.spec = spec
    var columns: [Column] = []
    for name in spec.columns { columns.append(try table.column(name)) }
    var places: [[String]: Int] = [:]
    for (place, known) in spec.classes.enumerated() { places[known.values] = place }
    var findings: [Finding] = []
    var named = Set<[String]>()
    var classOfRow: [Int] = []
    classOfRow.reserveCapacity(table.rowCount)
    for row in 0..<table.rowCount {
      if weights[row] == 0 {
        classOfRow.append(-1)
        continue
      }
      let values = columns.map { $0.text(at: row) ?? "" }
      let place = places[values]
      classOfRow.append(place ?? -1)
      guard place == nil, named.insert(values).inserted else { continue }
      findings.append(
        Finding(
          "class-without-total",
          file: table.file,
          row: table.fileRow(of: row),
          column: spec.columns.joined(separator: ", "),
          value: values.joined(separator: ", "),
          message: LocalizedText(zh: "样本中的这一类没有总体数。", en: "no population total is given for this class of the sample."),
          fix: LocalizedText(zh: "请补上该类的总体数，或核对代码。", en: "Give its total, or check the code.")
        )
      )
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    self.classOfRow = classOfRow
  }

  /// The weights with every class brought to its total.
  /// - Throws: a refusal that names the classes without a row.
  func adjusted(_ weights: [Double]) throws(InputRefusal) -> [Double] {
    let sums = sums(weights)
    var findings: [Finding] = []
    if !spec.skipsEmptyClasses {
      for (place, known) in spec.classes.enumerated() where sums[place] == 0 && known.total != 0 {
        findings.append(
          Finding(
            "class-without-rows",
            column: spec.columns.joined(separator: ", "),
            value: known.values.joined(separator: ", "),
            message: LocalizedText(
              zh: "总体有 \(shortest(known.total))，样本中没有该类。",
              en: "the population has \(shortest(known.total)) of this class, the sample none."
            ),
            fix: LocalizedText(zh: "请与相近的类合并。", en: "Join it with a class near to it.")
          )
        )
      }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    return weights.indices.map { row in
      let place = classOfRow[row]
      return weights[row] == 0 || place < 0 ? 0 : weights[row] * (spec.classes[place].total / sums[place])
    }
  }

  /// The sum of weights by class.
  func sums(_ weights: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: spec.classes.count)
    for row in weights.indices where classOfRow[row] >= 0 { sums[classOfRow[row]] += weights[row] }
    return sums
  }

  /// How far the total that is furthest off was missed, as a share of it.
  func largestMiss(_ weights: [Double]) -> Double {
    let sums = sums(weights)
    var largest = 0.0
    for (place, known) in spec.classes.enumerated() {
      largest = max(largest, relativeMiss(sums[place], known.total))
    }
    return largest
  }

  func projection(from old: [Double], to new: [Double]) -> any ScoreProjection {
    ClassProjection(classOfRow: classOfRow, count: spec.classes.count, old: old, new: new)
  }
}

/// The distance of a sum from its total as a share of the total; of a total of 0 the distance itself.
func relativeMiss(_ sum: Double, _ total: Double) -> Double { abs(sum - total) / (total == 0 ? 1 : abs(total)) }

/// Takes the class mean off a score.
///
/// Formula: s − w′ · Σ (s w / w′) / Σ w over the class, w and w′ the weights before and after.
/// Source: Valliant (1993), J. Amer. Statist. Assoc. 88; R survey's `postStratify`.
struct ClassProjection: ScoreProjection {
  let classOfRow: [Int]
  let count: Int
  let old: [Double]
  let new: [Double]

  func residual(_ score: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: count)
    var weights = [Double](repeating: 0, count: count)
    for row in score.indices where new[row] != 0 {
      sums[classOfRow[row]] += score[row] * old[row] / new[row]
      weights[classOfRow[row]] += old[row]
    }
    return score.indices.map { row in
      let place = classOfRow[row]
      return new[row] == 0 || weights[place] == 0 ? score[row] : score[row] - sums[place] / weights[place] * new[row]
    }
  }
}
