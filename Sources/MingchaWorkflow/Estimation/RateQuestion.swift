internal import SurveyData
internal import SurveyEstimation

/// The rates of an assessment that more than one source of knowledge goes into, in the words of the command line.
package struct RateQuestion: Sendable {
  /// Names of estimated rates, as in a contrast.
  package var corrected: [String] = []
  package var sensitivity: Double?
  package var specificity: Double?
  /// Rows that they were estimated from.
  package var sensitivityRows: Int?
  package var specificityRows: Int?
  /// `WRONG_EXIT,OMISSION`: names of the two estimated rates.
  package var composite: String?
  /// `REMAINING,EXITED,UNREGISTERED,POPULATION`, or a file with these columns by area.
  package var register: String?
  /// `second ~ first`.
  package var doubleSamples: [String] = []
  package var doubleMethod: String?

  package init() {}

  var asksEstimates: Bool { !doubleSamples.isEmpty }

  /// Adds what is asked to a request.
  func fill(
    _ request: inout AnalysisRequest,
    _ reader: inout QuestionReader,
    filter: Expression?,
    hasSecondPhase: Bool
  ) {
    readCorrected(&reader, into: &request)
    readComposite(&reader, into: &request)
    let method = reader.choice("--double-method", doubleMethod, of: DoubleSamplingMethod.allCases)
    if doubleSamples.isEmpty {
      if doubleMethod != nil { reader.needs("--double-sampling", for: "--double-method") }
      return
    }
    if !hasSecondPhase { reader.needs("--second-phase", for: "--double-sampling") }
    for text in doubleSamples {
      let sides = topParts(text, separator: "~")
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
        reader.refuse(
          "--double-sampling",
          value: text,
          LocalizedText(zh: "应为“第二次判定 ~ 第一次判定”。", en: "must be SECOND ~ FIRST, two judgements."),
          LocalizedText(zh: "例如 \"recheck ~ verdict\"。", en: "Write \"recheck ~ verdict\", say.")
        )
        continue
      }
      guard let second = reader.expression("--double-sampling", sides[0]),
        let first = reader.expression("--double-sampling", sides[1])
      else { continue }
      request.doubleSamples.append(
        DoubleSamplingRequest(second: second, first: first, method: method ?? .regression, filter: filter)
      )
    }
  }

  private func readCorrected(_ reader: inout QuestionReader, into request: inout AnalysisRequest) {
    let orphans: [(String, Bool)] = [
      ("--sensitivity", sensitivity != nil), ("--specificity", specificity != nil),
      ("--sensitivity-rows", sensitivityRows != nil), ("--specificity-rows", specificityRows != nil),
    ]
    if corrected.isEmpty {
      for (option, isGiven) in orphans where isGiven { reader.needs("--corrected", for: option) }
      return
    }
    for (option, rows) in [("--sensitivity-rows", sensitivityRows), ("--specificity-rows", specificityRows)] {
      guard let rows, rows < 1 else { continue }
      reader.refuse(
        option,
        value: "\(rows)",
        LocalizedText(zh: "应为正整数。", en: "must be a whole number above 0."),
        LocalizedText(zh: "视为已知时请不要给出。", en: "Leave it out where the accuracy is taken as known.")
      )
    }
    guard let sensitivity = accuracy("--sensitivity", sensitivity, &reader),
      let specificity = accuracy("--specificity", specificity, &reader)
    else { return }
    let accuracy = JudgementAccuracy(
      sensitivity: sensitivity,
      specificity: specificity,
      sensitivityRows: sensitivityRows,
      specificityRows: specificityRows
    )
    guard accuracy.index > 1e-9 else {
      reader.refuse(
        "--sensitivity",
        value: "\(shortest(sensitivity)) + \(shortest(specificity))",
        LocalizedText(
          zh: "灵敏度与特异度之和不超过 1：这样的判定不比抛硬币好，不能据以校正。",
          en:
            "and --specificity add up to no more than 1: such a judgement is no better than chance and corrects nothing."
        ),
        LocalizedText(zh: "请核对两个数（0.9 表示 90%）。", en: "Check both; 0.9 is 90 %.")
      )
      return
    }
    for name in corrected {
      if let function = reader.function(
        "--corrected",
        name,
        { () throws(InputRefusal) in try .corrected(name, by: accuracy) }
      ) {
        request.functions.append(function)
      }
    }
  }

  private func accuracy(_ option: String, _ value: Double?, _ reader: inout QuestionReader) -> Double? {
    guard let value else {
      reader.needs(option, for: "--corrected")
      return nil
    }
    if value >= 0, value <= 1 { return value }
    reader.refuse(
      option,
      value: shortest(value),
      LocalizedText(zh: "应在 0 与 1 之间。", en: "must lie between 0 and 1."),
      LocalizedText(zh: "90% 写作 0.9。", en: "Write 0.9 for 90 %.")
    )
    return nil
  }

  private func readComposite(_ reader: inout QuestionReader, into request: inout AnalysisRequest) {
    guard let composite else {
      if register != nil { reader.needs("--composite", for: "--register") }
      return
    }
    guard let register else {
      reader.needs("--register", for: "--composite")
      return
    }
    let rates = listParts(composite)
    if rates.count != 2 {
      reader.refuse(
        "--composite",
        value: composite,
        LocalizedText(zh: "应为“错退率,漏评率”两个估计值。", en: "names two estimated rates, WRONG_EXIT,OMISSION."),
        LocalizedText(zh: "例如 \"wrong/exited,omitted/others\"。", en: "Write \"wrong/exited,omitted/others\", say.")
      )
    }
    let source: RegisterSource
    if listParts(register).count == 1, plainNumber(register) == nil {
      source = .file(path: register, label: lastComponent(register))
    } else {
      let counts = listParts(register).map { plainNumber($0) ?? -1 }
      let totals = counts.count == 4 ? CompositeIncidence.Register(counts) : nil
      guard let totals, totals.isConsistent else {
        reader.refuse(
          "--register",
          value: register,
          LocalizedText(
            zh: "应为“剩余贫困人口,脱贫人口,未建档人口,农村人口”，均不为负，前三项之和不超过第四项；或各地区的文件。",
            en:
              "holds REMAINING,EXITED,UNREGISTERED,POPULATION, none negative, the first three no more than the fourth; or names a file by area."
          ),
          LocalizedText(zh: "例如 1200,8800,190000,200000。", en: "Write 1200,8800,190000,200000, say.")
        )
        return
      }
      source = .counts(totals)
    }
    guard rates.count == 2 else { return }
    request.composites.append(
      CompositeRequest(
        key: "composite(\(rates.joined(separator: ", ")))",
        wrongExit: rates[0],
        omission: rates[1],
        register: source
      )
    )
  }
}
