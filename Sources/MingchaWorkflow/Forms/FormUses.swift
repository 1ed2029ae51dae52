internal import Questionnaires
internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

/// What a survey file needs of a form's columns: indicators, judgement, outcome, id.
struct FormUses {
  /// For each column, what uses it, in the order of the survey file.
  private(set) var columns: [String] = []
  private(set) var words: [String: LocalizedText] = [:]
  private let outcome: (column: String, codes: Set<String>)?

  /// - Parameters:
  ///   - survey: whose needs they are.
  ///   - name: the key of the answers in `responses`.
  init(of survey: SurveyFile, source name: String) {
    let definition = survey.responses?.sources.first { $0.name == name }
    outcome = survey.responses?.outcome.map { ($0.column, Set($0.dispositions.keys)) }
    if let id = definition?.id { add([id], LocalizedText(zh: "单位编号", en: "id of the unit")) }
    if let outcome { add([outcome.column], LocalizedText(zh: "访问结果", en: "outcome of the visit")) }
    for own in survey.indicators where survey.responses?.source(ofUnit: own.unit)?.name == name {
      let row = own.row
      add(
        own.indicator.columns,
        LocalizedText(
          zh: (row.map { "指标 \($0) " } ?? "") + own.indicator.name.zh,
          en: (row.map { "row \($0): " } ?? "") + own.indicator.name.en
        )
      )
    }
    if survey.judgement?.source == name {
      add(Self.judged, LocalizedText(zh: "两不愁三保障判定", en: "judgement of the household"))
    }
  }

  /// The columns that a judgement reads.
  private static let judged = [
    "food", "water", "clothing", "education", "medical", "housing", "income_per_head", "review_status",
  ]

  private mutating func add(_ names: [String], _ use: LocalizedText) {
    for name in names {
      if let before = words[name] {
        words[name] = LocalizedText(zh: before.zh + "；" + use.zh, en: before.en + "; " + use.en)
      } else {
        columns.append(name)
        words[name] = use
      }
    }
  }

  /// What the survey file reads and the form does not ask, and codes of the outcome that it does not know.
  func gaps(in form: Questionnaire, source: String) -> [Finding] {
    let names = form.questions.map(\.name)
    var findings = columns.filter { !names.contains($0) }.map { column in
      Finding(
        "form-column",
        severity: .note,
        file: form.file,
        value: column,
        message: LocalizedText(
          zh: "survey.yaml 要用这一列（\(words[column]?.zh ?? "")），表单没有问。",
          en: "survey.yaml reads this column (\(words[column]?.en ?? "")) and the form does not ask it."
        ),
        fix: LocalizedText(zh: "请加上问题，或在估计前补上该列。", en: "Ask it, or add the column before the estimate.")
      )
    }
    guard let outcome, let question = form.questions.first(where: { $0.name == outcome.column }),
      let list = form.list(question.choices)
    else { return findings }
    for choice in list.choices where !outcome.codes.contains(choice.code) {
      findings.append(
        Finding(
          "form-outcome",
          severity: .note,
          file: form.file,
          row: choice.place.line,
          column: choice.place.path,
          value: choice.code,
          message: LocalizedText(zh: "survey.yaml 的 outcome 没有这个结果代码。", en: "outcome in survey.yaml has no such code."),
          fix: LocalizedText(zh: "请在那里写明其含义。", en: "Say there what it means.")
        )
      )
    }
    return findings
  }
}

extension Indicator {
  /// The columns that its statistic and filter name, each once.
  fileprivate var columns: [String] {
    var names = [String]()
    func add(_ expression: Expression?) {
      for name in expression?.columns ?? [] where !names.contains(name) { names.append(name) }
    }
    switch statistic {
    case .total(let value), .mean(let value), .variance(let value): add(value)
    case .ratio(let numerator, let denominator):
      add(numerator)
      add(denominator)
    case .proportions(let column): names.append(column)
    }
    add(filter)
    return names
  }
}
