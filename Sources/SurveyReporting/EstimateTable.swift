package import Documents
package import SurveyData
package import SurveyEstimation

/// The table of estimates that `mingcha estimate` prints and writes.
package enum EstimateTable {
  /// Who the table is for.
  package enum Form: Sendable {
    /// Names, figures and verdicts; columns that say nothing are left out.
    case reader
    /// Every field with its keys and codes, one column a by-variable, for CSV, JSON and workbooks.
    case machine
  }

  package static func make(
    _ estimates: [Estimate],
    indicators: IndicatorLabels,
    domains: DomainLabels,
    language: Language,
    form: Form,
    title: String = ""
  ) -> DocumentTable {
    let words = Wording.of(language)
    let variables = byVariables(of: estimates)
    let columns = columns(words: words, variables: variables, domains: domains, form: form)
    let rows = estimates.map { estimate in
      row(estimate, words: words, indicators: indicators, domains: domains, variables: variables, form: form)
    }
    let table = DocumentTable(
      key: "estimates",
      title: title,
      columns: columns,
      rows: rows,
      notes: form == .reader ? methodNotes(of: estimates, words: words) : []
    )
    switch form {
    case .machine: return table
    case .reader:
      return table.droppingEmptyColumns(keeping: ["indicator", "domain", "estimate", "standard_error"])
    }
  }

  /// What the marks in the method column mean, for the methods that occur.
  static func methodNotes(of estimates: [Estimate], words: Wording) -> [String] {
    methodNames(of: estimates).map { name in
      let title = Intervals.title(of: name)?.text(in: words.language) ?? name
      return "\(words.mark(ofMethod: name))\(words.colon)\(title)"
    }
  }

  /// The names of the methods behind the published intervals, in order of appearance.
  static func methodNames(of estimates: [Estimate]) -> [String] {
    var names: [String] = []
    for name in estimates.compactMap({ $0.interval?.method }) where !names.contains(name) {
      names.append(name)
    }
    return names
  }

  private static func byVariables(of estimates: [Estimate]) -> [String] {
    var variables: [String] = []
    for value in estimates.flatMap(\.domain) where !variables.contains(value.variable) {
      variables.append(value.variable)
    }
    return variables
  }

  private static func columns(
    words: Wording,
    variables: [String],
    domains: DomainLabels,
    form: Form
  ) -> [DocumentColumn] {
    let heads = words.headings
    var columns = [DocumentColumn("indicator", heads.indicator, .text)]
    if form == .machine {
      columns = [
        DocumentColumn("indicator", heads.key, .text),
        DocumentColumn("indicator_name", heads.indicator, .text),
      ]
      columns += variables.map {
        DocumentColumn($0, (domains.levels[$0] ?? LocalizedText($0)).text(in: words.language), .code)
      }
    }
    columns += [
      DocumentColumn("domain", heads.domain, .text),
      DocumentColumn("estimate", heads.estimate, .decimal(4)),
      DocumentColumn("standard_error", heads.standardError, .decimal(4)),
      DocumentColumn("lower", heads.lower, .decimal(4)),
      DocumentColumn("upper", heads.upper, .decimal(4)),
      DocumentColumn("method", heads.method, .text),
      DocumentColumn("one_sided_lower", heads.oneSidedLower, .decimal(4)),
      DocumentColumn("one_sided_upper", heads.oneSidedUpper, .decimal(4)),
      DocumentColumn("count", heads.count, .integer),
      DocumentColumn("weighted_count", heads.weightedCount, .decimal(1)),
      DocumentColumn("events", heads.events, .integer),
      DocumentColumn("design_effect", heads.designEffect, .decimal(2)),
      DocumentColumn("degrees_of_freedom", heads.degreesOfFreedom, .integer),
      DocumentColumn("comparison_lower", heads.comparisonLower, .decimal(4)),
      DocumentColumn("comparison_upper", heads.comparisonUpper, .decimal(4)),
      DocumentColumn("limit", heads.limit, .text),
      DocumentColumn("verdict", heads.verdict, .text),
    ]
    if form == .machine {
      columns += [
        DocumentColumn("level", "level", .decimal(3)),
        DocumentColumn("comparison_method", "comparison", .text),
        DocumentColumn("effective_sample_size", "n*", .decimal(1)),
        DocumentColumn("correlation", "ρ", .decimal(4)),
        DocumentColumn("within_unit", heads.withinUnit, .integer),
      ]
    }
    columns.append(DocumentColumn("reason", heads.reason, .text))
    return columns
  }

  private static func row(
    _ estimate: Estimate,
    words: Wording,
    indicators: IndicatorLabels,
    domains: DomainLabels,
    variables: [String],
    form: Form
  ) -> [Cell] {
    let label = indicators.label(of: estimate.indicator)
    let kind = kind(for: estimate)
    let interval = estimate.interval
    let mark = interval.map { form == .machine ? $0.method : words.mark(ofMethod: $0.method) }
    let verdict = estimate.verdict.map { form == .machine ? $0.rawValue : words.verdict($0) }
    let reason = estimate.reason.map { form == .machine ? $0.rawValue : words.reason($0) }
    var cells: [Cell] = [.text(label.name.text(in: words.language))]
    if form == .machine {
      cells.insert(.text(estimate.indicator), at: 0)
      cells += variables.map { variable in
        text(estimate.domain.first { $0.variable == variable }?.value)
      }
    }
    cells += [
      .text(domains.name(of: estimate.domain, in: words.language)),
      .figure(estimate.estimate, kind, orReason: nil),
      .figure(estimate.standardError, kind, orReason: nil),
      .figure(interval?.lower, kind, orReason: nil),
      .figure(interval?.upper, kind, orReason: nil),
      text(mark),
      .figure(estimate.oneSided?.lower, kind, orReason: nil),
      .figure(estimate.oneSided?.upper, kind, orReason: nil),
      integer(estimate.isWithheld ? nil : estimate.unweightedCount),
      .number(estimate.isWithheld ? nil : estimate.weightedCount, orReason: nil),
      integer(estimate.events),
      .number(estimate.designEffect, orReason: nil),
      integer(estimate.degreesOfFreedom),
      .figure(estimate.comparison?.lower, kind, orReason: nil),
      .figure(estimate.comparison?.upper, kind, orReason: nil),
      text(label.limit.map(words.limit)),
      text(verdict),
    ]
    if form == .machine {
      cells += [
        .number(interval?.level, orReason: nil),
        text(estimate.comparison?.method),
        .number(interval?.effectiveSampleSize, orReason: nil),
        .number(interval?.correlation, orReason: nil),
        integer(estimate.isWithheld ? nil : estimate.isWithinUnit ? 1 : 0),
      ]
    }
    cells.append(text(reason))
    return cells
  }

  private static func text(_ value: String?) -> Cell {
    value.map(Cell.text) ?? .empty(reason: nil)
  }

  private static func integer(_ value: Int?) -> Cell {
    value.map(Cell.integer) ?? .empty(reason: nil)
  }
}
