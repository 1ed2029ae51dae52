package import SurveyData
import SurveyDesign

/// Compares the probabilities of pairs with the file that was read back and with the digest of a revealed receipt.
///
/// Receipts of versions that wrote no such file have no digest; nothing is compared then.
func compareJoint(_ joint: Table?, of draw: Draw, with receipt: Receipt) throws(Verification.Difference) {
  if let joint {
    guard let expected = JointList.table(of: draw) else {
      throw differs("joint-differs", zh: "本次抽样没有二阶入样概率。", en: "this draw states no probabilities of pairs.")
    }
    do throws(Verification.Difference) {
      try compareLists(joint, expected: expected)
    } catch {
      throw differs(
        "joint-differs",
        zh: "二阶入样概率：\(error.message.zh)",
        en: "probabilities of pairs: \(error.message.en)"
      )
    }
  }
  if let digest = receipt.revealed?.jointDigest, digest != JointList.digest(of: draw) {
    throw differs("joint-differs", zh: "二阶入样概率的摘要与回执不符。", en: "the digest of the pairs is not the receipt's.")
  }
}

/// The probabilities of pairs of selected units that a later variance needs, as a table (annex §10).
///
/// Columns: `stage`, `parent`, `stratum`, `unit`, `other`, `probability`; cells in the receipt's order, each pair of a cell
/// once, `unit` before `other` in the order of the list; to 12 significant digits. Must-include units are
/// certain, so that a pair with one has the probability of its other unit. It names units: as secret as the list.
package enum JointList {
  /// - Returns: `nil` where no stage's method states the probabilities of pairs.
  package static func table(of draw: Draw) -> Table? {
    var texts = [[String?]](repeating: [], count: 5)
    var probabilities = [Double]()
    for stage in draw.stages {
      for cell in stage.cells {
        guard let pairs = cell.pairs else { continue }
        let units = Array(cell.selected)
        let certain = cell.mustIncludeCount
        for first in units.indices {
          for second in units.indices.dropFirst(first + 1) {
            let values: [String?] = [
              stage.plan.name, cell.parent, cell.stratumText, units[first].id, units[second].id,
            ]
            for (column, value) in values.enumerated() { texts[column].append(value) }
            let probability =
              first < certain
              ? units[second].inclusionProbability : pairs[first - certain, second - certain]
            probabilities.append(toTwelveDigits(probability))
          }
        }
      }
    }
    if probabilities.isEmpty { return nil }
    let names = ["stage", "parent", "stratum", "unit", "other"]
    return Table(
      columns: zip(names, texts).map { Column($0, texts: $1) } + [Column("probability", numbers: probabilities)],
      rowCount: probabilities.count
    )
  }

  /// SHA-256 of the table's canonical text; `nil` where there is none.
  static func digest(of draw: Draw) -> String? {
    table(of: draw).map { Digest(of: canonicalText(of: $0)).hex }
  }
}
