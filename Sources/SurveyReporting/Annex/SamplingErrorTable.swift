package import Documents
package import SurveyData
package import SurveyEstimation

/// The columns of DHS Appendix B with honest limits beside them.
package struct SamplingErrorTable: Sendable {
  package var indicators: IndicatorLabels
  package var domains: DomainLabels
  package var suppressedBelow: Int
  package var words: Wording

  package init(
    indicators: IndicatorLabels,
    domains: DomainLabels,
    suppressedBelow: Int,
    language: Language
  ) {
    self.indicators = indicators
    self.domains = domains
    self.suppressedBelow = suppressedBelow
    words = Wording.of(language)
  }

  /// One domain, a row for each indicator.
  package func byDomain(_ estimates: [Estimate], key: String, title: String) -> DocumentTable {
    table(estimates, key: key, title: title, head: words.headings.indicator, hasLimit: true) {
      indicators.label(of: $0.indicator).name.text(in: words.language)
    }
  }

  /// One indicator, a row for each domain of a level.
  package func byIndicator(
    _ estimates: [Estimate],
    key: String,
    title: String,
    level: String
  ) -> DocumentTable {
    table(estimates, key: key, title: title, head: level, hasLimit: false) {
      domains.name(of: $0.domain, in: words.language)
    }
  }

  private func table(
    _ estimates: [Estimate],
    key: String,
    title: String,
    head: String,
    hasLimit: Bool,
    name: (Estimate) -> String
  ) -> DocumentTable {
    let heads = words.headings
    var columns = [
      DocumentColumn("name", head, .text), DocumentColumn("estimate", heads.estimate, .decimal(4)),
      DocumentColumn("standard_error", heads.standardError, .decimal(4)),
      DocumentColumn("count", heads.count, .integer),
      DocumentColumn("weighted_count", heads.weightedCount, .decimal(0)),
      DocumentColumn("deft", heads.designEffectRoot, .decimal(2)),
      DocumentColumn("relative_error", heads.relativeError, .decimal(3)),
      DocumentColumn("lower_two_errors", heads.lowerTwo, .decimal(4)),
      DocumentColumn("upper_two_errors", heads.upperTwo, .decimal(4)),
      DocumentColumn("lower", heads.lower, .decimal(4)),
      DocumentColumn("upper", heads.upper, .decimal(4)),
      DocumentColumn("method", heads.method, .text, alignment: .center),
      DocumentColumn("one_sided_lower", heads.oneSidedLower, .decimal(4)),
      DocumentColumn("one_sided_upper", heads.oneSidedUpper, .decimal(4)),
      DocumentColumn("events", heads.events, .integer),
      DocumentColumn("degrees_of_freedom", heads.degreesOfFreedom, .integer),
    ]
    if hasLimit { columns.append(DocumentColumn("limit", heads.limit, .text, alignment: .center)) }
    columns.append(DocumentColumn("verdict", heads.verdict, .text))
    let rows = estimates.map { estimate in
      let figures =
        isSuppressed(estimate) ? hidden(estimate, hasLimit: hasLimit) : figures(estimate, hasLimit: hasLimit)
      return [.text(name(estimate))] + figures
    }
    let table = DocumentTable(
      key: key,
      title: title,
      columns: columns,
      rows: rows,
      notes: notes(of: estimates)
    )
    return table.droppingEmptyColumns(
      keeping: [
        "estimate", "standard_error", "count", "weighted_count", "deft", "relative_error", "lower",
        "upper",
      ])
  }

  /// A domain with few, but some, units, or one withheld for another's sake; an empty one has its own reason.
  package func isSuppressed(_ estimate: Estimate) -> Bool {
    estimate.isWithheld || (estimate.unweightedCount > 0 && estimate.unweightedCount < suppressedBelow)
  }

  /// Why a figure is not shown; of one withheld with its partners nobody is told which of them is small.
  package func suppression(of estimate: Estimate) -> String {
    estimate.isWithheld ? words.reason(.suppressed) : words.suppressed(below: suppressedBelow)
  }

  private func hidden(_ estimate: Estimate, hasLimit: Bool) -> [Cell] {
    [Cell](repeating: .empty(reason: suppression(of: estimate)), count: hasLimit ? 17 : 16)
  }

  private func figures(_ estimate: Estimate, hasLimit: Bool) -> [Cell] {
    let kind = kind(for: estimate)
    let reason = estimate.reason.map(words.reason)
    let error = estimate.standardError
    let value = estimate.estimate
    func plus(_ factor: Double) -> Double? {
      guard let value, let error else { return nil }
      return value + factor * error
    }
    let relative = (value ?? 0) == 0 ? nil : error.map { $0 / abs(value ?? 1) }
    let limit = indicators.label(of: estimate.indicator).limit
    var cells: [Cell] = [
      .figure(value, kind, orReason: reason), .figure(error, kind, orReason: reason),
      .integer(estimate.unweightedCount), .number(estimate.weightedCount, orReason: nil),
      .number(estimate.designEffect.map { $0.squareRoot() }, orReason: value == nil ? reason : nil),
      .number(relative, orReason: value == nil || error == nil ? reason : nil),
      .figure(plus(-2), kind, orReason: reason), .figure(plus(2), kind, orReason: reason),
      .figure(estimate.interval?.lower, kind, orReason: reason),
      .figure(estimate.interval?.upper, kind, orReason: reason),
      estimate.interval.map { .text(words.mark(ofMethod: $0.method)) } ?? .empty(reason: nil),
      .figure(estimate.oneSided?.lower, kind, orReason: nil),
      .figure(estimate.oneSided?.upper, kind, orReason: nil),
      estimate.events.map(Cell.integer) ?? .empty(reason: nil),
      estimate.degreesOfFreedom.map(Cell.integer) ?? .empty(reason: nil),
    ]
    if hasLimit { cells.append(limit.map { .text(words.limit($0)) } ?? .empty(reason: nil)) }
    cells.append(estimate.verdict.map { .text(words.verdict($0)) } ?? .empty(reason: nil))
    return cells
  }

  private func notes(of estimates: [Estimate]) -> [String] {
    var notes = EstimateTable.methodNotes(of: estimates, words: words)
    if estimates.contains(where: \.isWithinUnit) { notes.append(words.annex.withinNote) }
    if estimates.contains(where: isSuppressed) { notes.append(words.annex.suppressedNote) }
    return notes
  }
}
