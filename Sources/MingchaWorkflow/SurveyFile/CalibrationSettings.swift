internal import SurveyData
package import SurveyDesign

/// Population totals that the weights of one source of answers are calibrated to.
///
/// `calibrate: {to: totals.csv, method: raking, bounds: [0.3, 3], unit: households}`. The file has the columns `term`
/// and `total`, its row `(intercept)` the number of units. `unit` names the source; without it the only one there is.
package struct CalibrationSettings: Sendable {
  /// A path, relative to the survey folder.
  package var file: String
  package var distance: Calibration.Distance
  package var lower: Double?
  package var upper: Double?
  package var unit: String?
}

extension SurveyFile {
  static func calibration(
    _ node: YAMLMapping,
    sources: [ResponseDefinition.Source],
    problems: inout [Finding]
  ) -> CalibrationSettings? {
    guard let calibrate = node.mapping("calibrate", problems: &problems) else { return nil }
    calibrate.check(keys: ["to", "method", "bounds", "unit"], problems: &problems)
    let texts = calibrate.texts("bounds", problems: &problems) ?? []
    let bounds = texts.compactMap { plainNumber($0) }
    if !texts.isEmpty, bounds.count != 2 || texts.count != 2 {
      problems.append(
        calibrate.problem(
          "bounds-text",
          key: "bounds",
          value: texts.joined(separator: ", "),
          message: LocalizedText(zh: "应为下界与上界两个数。", en: "are two numbers, the lower and the upper bound."),
          fix: LocalizedText(zh: "例如 [0.3, 3]。", en: "Write [0.3, 3], say.")
        )
      )
    }
    let unit = calibrate.text("unit", problems: &problems)
    let names = sources.map(\.name)
    if let unit, !sources.contains(where: { $0.name == unit || $0.id == unit }) {
      problems.append(calibrate.unknownName("unit-unknown", key: "unit", value: unit, among: names))
    } else if unit == nil, sources.count > 1 {
      problems.append(calibrate.missing("unit"))
    }
    return CalibrationSettings(
      file: calibrate.requiredText("to", problems: &problems),
      distance: calibrate.choice("method", of: Calibration.Distance.allCases, problems: &problems) ?? .linear,
      lower: bounds.first,
      upper: bounds.count == 2 ? bounds[1] : nil,
      unit: unit
    )
  }
}
