internal import SurveyData
internal import SurveyDesign
internal import TabularFiles

/// A second phase in the words of the command line.
package struct SecondPhaseQuestion: Sendable {
  /// 1 in the rows of the second phase.
  package var subset: String?
  package var strata: String?
  package var unit: String?
  package var variance: String?

  package init() {}

  func phase(_ reader: inout QuestionReader) -> SecondPhase? {
    guard let subset else {
      let orphans: [(String, Bool)] = [
        ("--second-strata", strata != nil), ("--second-psu", unit != nil), ("--second-variance", variance != nil),
      ]
      for (option, isGiven) in orphans where isGiven { reader.needs("--second-phase", for: option) }
      return nil
    }
    return SecondPhase(
      subset: subset,
      stages: [
        SampleDesign.Stage(
          strata: strata.map { listParts($0).flatMap { crossedColumns($0) } } ?? [],
          unit: unit.map { .column($0) } ?? .row
        )
      ],
      variance: reader.choice("--second-variance", variance, of: SecondPhase.Variance.allCases) ?? .full
    )
  }
}

/// What the variance of a systematic stage is taken from.
package enum SystematicVariance: String, Sendable, CaseIterable {
  /// As if units had been drawn at random.
  case random
  /// The differences of neighbours in the order of selection.
  case successiveDifferences = "successive-differences"
}

/// How the first stage was drawn with unequal probabilities, on the command line.
enum ProbabilityMethod: String, CaseIterable {
  case brewer, overton
  case hartleyRao = "hartley-rao"
  case poisson
  /// Horvitz and Thompson's estimator from joint probabilities.
  case horvitzThompson = "ht"
  /// Sen, Yates and Grundy's.
  case senYatesGrundy = "syg"

  var needsFile: Bool { self == .horvitzThompson || self == .senYatesGrundy }

  /// What is said of joint probabilities before any file is read; Brewer's method says it by its stages.
  var joint: JointProbabilities? {
    switch self {
    case .brewer, .horvitzThompson, .senYatesGrundy: nil
    case .overton: .overton
    case .hartleyRao: .hartleyRao(meanSquare: nil)
    case .poisson: .independent
    }
  }
}

/// Joint inclusion probabilities in a file: a square matrix without a head, or the `joint.csv` of a draw.
package struct JointOrder: Sendable {
  package var path: String
  package var isSenYatesGrundy: Bool

  /// The matrix over the first-stage units in the order of their first rows.
  ///
  /// - Throws: a refusal for a file that is neither, or lacks a pair.
  func probabilities(for stage: SampleDesign.Stage, in table: Table) throws -> JointProbabilities {
    let bytes = try readBytes(path)
    let text = String(
      decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...],
      as: UTF8.self
    )
    let first = text.split(whereSeparator: \.isNewline).first ?? ""
    if first.split(separator: ",").contains(where: { $0 == "other" || $0 == "\"other\"" }) {
      return .exact(try pairs(for: stage, in: table), isSenYatesGrundy: isSenYatesGrundy)
    }
    return .exact(try matrix(text), isSenYatesGrundy: isSenYatesGrundy)
  }

  private func matrix(_ text: String) throws(InputRefusal) -> [[Double]] {
    var findings: [Finding] = []
    var rows: [[Double]] = []
    for (place, line) in text.split(whereSeparator: \.isNewline).enumerated() {
      rows.append(
        line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
          let word = String(cell.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
          if let value = plainNumber(word) { return value }
          findings.append(
            Finding(
              "joint-number",
              file: path,
              row: place + 1,
              value: word,
              message: LocalizedText(zh: "不是数。", en: "is no number."),
              fix: LocalizedText(
                zh: "应为不带表头的方阵，或抽样写出的 joint.csv。",
                en: "Give a square matrix without a header, or the joint.csv of a draw."
              )
            )
          )
          return .nan
        }
      )
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    return rows
  }

  private func pairs(for stage: SampleDesign.Stage, in table: Table) throws -> [[Double]] {
    guard case .column(let unitName) = stage.unit, let probabilityName = stage.populationSize else {
      throw InputRefusal(
        Finding(
          "joint-units",
          column: "--psu",
          message: LocalizedText(
            zh: "joint.csv 按单位代码列出，须给出单位列。",
            en: "a joint.csv lists pairs of unit codes, so the column of units is needed."
          ),
          fix: LocalizedText(zh: "请给出 --psu。", en: "Name it by --psu.")
        )
      )
    }
    let units = try table.column(unitName)
    let own = try Expression(column: probabilityName).numbers(over: table)
    var places: [String: Int] = [:]
    var single: [Double] = []
    for row in 0..<table.rowCount {
      guard let code = units.text(at: row), places[code] == nil else { continue }
      places[code] = single.count
      single.append(own[row])
    }
    let list = try readTable(path: path).table
    let (parents, strata) = (try list.column("parent"), try list.column("stratum"))
    let (ones, others) = (try list.column("unit"), try list.column("other"))
    let values = try Expression(column: "probability").numbers(over: list)
    var cells: [Int: String] = [:]
    var matrix = single.map { first in single.map { first * $0 } }
    for place in single.indices { matrix[place][place] = single[place] }
    var listed = Set<[Int]>()
    for row in 0..<list.rowCount where (parents.text(at: row) ?? "").isEmpty {
      guard let one = places[ones.text(at: row) ?? ""], let other = places[others.text(at: row) ?? ""] else { continue }
      matrix[one][other] = values[row]
      matrix[other][one] = values[row]
      cells[one] = strata.text(at: row) ?? ""
      cells[other] = strata.text(at: row) ?? ""
      listed.insert([min(one, other), max(one, other)])
    }
    let names = places.sorted { $0.value < $1.value }.map(\.key)
    var findings: [Finding] = []
    for one in single.indices {
      for other in (one + 1)..<max(one + 1, single.count) {
        // Units of different strata are drawn apart from each other.
        guard let cell = cells[one], cell == cells[other], !listed.contains([one, other]) else { continue }
        findings.append(
          Finding(
            "joint-pair-missing",
            file: path,
            value: "\(names[one]), \(names[other])",
            message: LocalizedText(zh: "缺少这一对单位的联合入样概率。", en: "the joint probability of this pair is missing."),
            fix: LocalizedText(zh: "请给出本次抽样的 joint.csv。", en: "Give the joint.csv of this very draw.")
          )
        )
      }
    }
    if cells.isEmpty {
      findings.append(
        Finding(
          "joint-pair-missing",
          file: path,
          message: LocalizedText(
            zh: "其中没有一对单位出现在 \(unitName) 列中。",
            en: "names no pair of units of the column \(unitName)."
          ),
          fix: LocalizedText(zh: "请核对文件与单位列。", en: "Check the file and the column of units.")
        )
      )
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    return matrix
  }
}
