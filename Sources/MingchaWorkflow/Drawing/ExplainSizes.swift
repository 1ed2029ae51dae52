internal import Documents
internal import SampleDrawing
package import SurveyData
internal import SurveyDesign
internal import SurveyReporting

/// What every stratum would give, before anything is drawn.
package struct SizeExplanation: Sendable {
  fileprivate var stages: [(plan: StagePlan, sizes: [StratumSize])]
  package var notes: [Finding]
}

/// Computes the sample sizes of the stages that share a total out; where none does, of the first stage.
///
/// Nothing is drawn and no seed is needed: below the first stage every unit of the frame above counts as drawn.
/// - Throws: an `InputRefusal` with everything that a draw would be refused for.
package func explainSizes(_ stages: [DrawOrder.Stage]) throws -> SizeExplanation {
  var wanted = stages.indices.filter { place in
    if case .allocate = stages[place].plan.take { true } else { false }
  }
  if wanted.isEmpty, !stages.isEmpty { wanted = [0] }
  var explanation = SizeExplanation(stages: [], notes: [])
  for place in wanted {
    let stage = stages[place]
    let (frame, notes) = try stage.source.read()
    explanation.notes += notes
    let above = place == 0 ? nil : try stages[place - 1].source.read().frame.units
    let sizes = try stratumSizes(
      stage.plan,
      frame: frame.units,
      parentFrame: above,
      parentID: place == 0 ? nil : stages[place - 1].plan.id
    )
    explanation.stages.append((stage.plan, sizes))
  }
  return explanation
}

extension SizeExplanation {
  /// The tables for the terminal.
  package func text(_ language: Language) -> String {
    TerminalWriter().text(
      of: Document(
        title: LocalizedText(zh: "各层样本量（未抽样）", en: "Sample sizes of the strata (nothing was drawn)").text(in: language),
        language: language.forDocuments,
        blocks: stages.map { .table(table($0.plan, $0.sizes, language)) }
      )
    )
  }

  /// The tables for programs: one list of strata a stage.
  package func json(_ language: Language) -> String {
    "{\n"
      + stages.map { stage in
        "\(jsonText(stage.plan.name)): " + JSONWriter.records(of: table(stage.plan, stage.sizes, language))
      }.joined(separator: ",\n") + "\n}\n"
  }

  private func table(_ plan: StagePlan, _ sizes: [StratumSize], _ language: Language) -> DocumentTable {
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    let columns = [
      DocumentColumn("parent", word("上级单元", "Within"), .code),
      DocumentColumn("stratum", word("层", "Stratum"), .code),
      DocumentColumn("population", word("总数 N", "Population N"), .integer),
      DocumentColumn("must_include", word("必选", "Must-include"), .integer),
      DocumentColumn("measure", word("测度 A", "Measure A"), .decimal(2)),
      DocumentColumn("unrounded", word("取整前", "Unrounded"), .decimal(2)),
      DocumentColumn("bound", word("约束", "Bound by"), .text),
      DocumentColumn("sample", word("样本 n", "Sample n"), .integer),
      DocumentColumn("rate", word("抽样比 n/N", "Rate n/N"), .percent(1)),
    ]
    let rows = sizes.map { size -> [Cell] in
      [
        size.parent.map { .text($0) } ?? .empty(reason: nil), .text(size.stratumText),
        .integer(size.populationSize),
        size.mustIncludeCount > 0 ? .integer(size.mustIncludeCount) : .empty(reason: nil),
        .number(size.allocation?.measure, orReason: nil), .number(size.allocation?.unrounded, orReason: nil),
        size.allocation.flatMap { bound($0.bound, language) }.map { .text($0) } ?? .empty(reason: nil),
        size.sampleSize.map { .integer($0) } ?? .empty(reason: nil),
        .number(size.sampleSize.map { Double($0) / Double(size.populationSize) }, orReason: nil),
      ]
    }
    let total = sizes.reduce(0) { $0 + ($1.sampleSize ?? 0) }
    return DocumentTable(
      key: plan.name,
      title: word("阶段 \(plan.name)：n 合计 \(total)", "Stage \(plan.name): \(total) units in all"),
      columns: columns,
      rows: rows,
      notes: notes(plan, language)
    ).droppingEmptyColumns(keeping: ["stratum", "population", "sample", "rate"])
  }

  private func bound(_ bound: AllocatedStratum.Bound, _ language: Language) -> String? {
    let words =
      switch bound {
      case .none: LocalizedText("")
      case .minimum: LocalizedText(zh: "下限", en: "minimum")
      case .maximum: LocalizedText(zh: "上限", en: "maximum")
      case .all: LocalizedText(zh: "全取", en: "all taken")
      case .mustInclude: LocalizedText(zh: "必选单元", en: "must-include")
      }
    return bound == .none ? nil : words.text(in: language)
  }

  private func notes(_ plan: StagePlan, _ language: Language) -> [String] {
    guard case .allocate(let allocation) = plan.take, let rule = Allocations.named(allocation.rule) else { return [] }
    let exponent = allocation.exponent.map { ", q = \(shortest($0))" } ?? ""
    return [
      LocalizedText(
        zh: "\(rule.title.zh)：A = \(rule.measureFormula)\(exponent)；整数解保持总和与上下限，并使 \(rule.criterion.formula) 最小，"
          + "并列时按层名的字节顺序。每层至少 \(allocation.minimum) 个。",
        en:
          "\(rule.title.en): A = \(rule.measureFormula)\(exponent). The whole numbers keep the sum and the bounds and "
          + "make \(rule.criterion.formula) least; ties go by the bytes of the strata. At least \(allocation.minimum) "
          + "in each stratum."
      ).text(in: language)
    ]
  }
}
