internal import SurveyData
package import SurveyDesign

/// Replicate weights that the variances of a survey folder are taken from.
///
/// `replicates: {method: rao-wu, count: 500, seed: 7, mse: true, write: results/replicate-weights.csv, unit: households}`.
/// `unit` names the source of answers; without it the only one there is. A file is written into `results/`, beside it its
/// description.
package struct ReplicateSettings: Sendable {
  /// The step that makes them.
  package var adjustment: WeightAdjustment
  /// A path, relative to the survey folder.
  package var file: String?
  package var unit: String?
  /// Where the survey file says so.
  package var row: Int?
}

extension SurveyFile {
  static func replicates(
    _ node: YAMLMapping,
    sources: [ResponseDefinition.Source],
    problems: inout [Finding]
  ) -> ReplicateSettings? {
    guard let own = node.mapping("replicates", problems: &problems) else { return nil }
    own.check(keys: ["method", "count", "seed", "fay", "mse", "write", "unit"], problems: &problems)
    var question = ReplicateQuestion()
    if own.has("method") {
      question.method = own.text("method", problems: &problems)
    } else {
      problems.append(own.missing("method"))
    }
    question.count = own.integer("count", problems: &problems)
    question.fay = own.number("fay", problems: &problems)
    question.isMeanSquaredError = own.flag("mse", problems: &problems) ?? false
    if let seed = own.integer("seed", problems: &problems) {
      if let seed = UInt64(exactly: seed) {
        question.seed = seed
      } else {
        problems.append(
          wrong(own, "seed", "\(seed)", zh: "应为非负整数。", en: "is a whole number from 0 on.", fix: "20180601")
        )
      }
    }
    var reader = QuestionReader(keys: [
      ("--replicates-of ", "method: "), ("--replicates-of", "method"), ("--replicate-count", "count"),
      ("--seed", "seed"), ("--fay-rho", "fay"),
    ])
    let adjustment = question.adjustment(&reader, hasStrata: true)
    problems += own.placed(reader.problems)
    let unit = own.text("unit", problems: &problems)
    if let unit, !sources.contains(where: { $0.name == unit || $0.id == unit }) {
      problems.append(own.unknownName("unit-unknown", key: "unit", value: unit, among: sources.map(\.name)))
    } else if unit == nil, sources.count > 1 {
      problems.append(own.missing("unit"))
    }
    let file = own.text("write", problems: &problems)
    if let file, !isResultFile(file) {
      problems.append(
        wrong(
          own,
          "write",
          file,
          zh: "重复权数写入 results/ 中以 .csv 结尾的文件，不能与其他结果同名。",
          en: "is a file of results/ that ends in .csv and is no other result.",
          fix: "results/replicate-weights.csv"
        )
      )
    }
    guard let adjustment else { return nil }
    return ReplicateSettings(
      adjustment: adjustment,
      file: file,
      unit: unit,
      row: node.problem("", key: "replicates", message: LocalizedText(""), fix: LocalizedText("")).row
    )
  }

  /// Results are replaced by every run, other files never.
  private static func isResultFile(_ path: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let taken = ["estimates.csv", "correlations.csv"]
    return parts.count == 2 && parts[0] == "results" && parts[1].hasSuffix(".csv") && parts[1].count > 4
      && !taken.contains(String(parts[1]))
  }

  private static func wrong(
    _ node: YAMLMapping,
    _ key: String,
    _ value: String,
    zh: String,
    en: String,
    fix: String
  ) -> Finding {
    node.problem(
      "key-value",
      key: key,
      value: value,
      message: LocalizedText(zh: zh, en: en),
      fix: LocalizedText(zh: "例如 \(fix)。", en: "Write \(fix), say.")
    )
  }
}
