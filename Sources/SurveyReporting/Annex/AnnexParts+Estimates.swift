import Documents
import SurveyData
import SurveyEstimation

extension AnnexParts {
  /// Estimates of one level of domains (the whole sample, leagues, counties), in order of appearance.
  struct Level {
    var variables: [String]
    var name: String
    var estimates: [Estimate]

    /// Estimates with one indicator key, in order of appearance of the keys.
    var byIndicator: [(key: String, estimates: [Estimate])] {
      var order: [String] = []
      var groups: [String: [Estimate]] = [:]
      for estimate in estimates {
        if groups[estimate.indicator] == nil { order.append(estimate.indicator) }
        groups[estimate.indicator, default: []].append(estimate)
      }
      return order.map { ($0, groups[$0] ?? []) }
    }
  }

  var levels: [Level] {
    var levels: [Level] = []
    for estimate in input.estimates {
      let variables = estimate.domain.map(\.variable)
      if let index = levels.firstIndex(where: { $0.variables == variables }) {
        levels[index].estimates.append(estimate)
      } else {
        let name = input.domains.level(of: estimate.domain, in: words.language)
        levels.append(Level(variables: variables, name: name, estimates: [estimate]))
      }
    }
    return levels
  }

  private var errorTable: SamplingErrorTable {
    SamplingErrorTable(
      indicators: input.indicators,
      domains: input.domains,
      suppressedBelow: input.suppressedBelow,
      language: words.language
    )
  }

  /// The whole sample has a row for each indicator; every other level a table for each indicator.
  var samplingErrors: [Document.Block] {
    var blocks: [Document.Block] = [.heading(level: 1, annex.chapterErrors)]
    guard !input.estimates.isEmpty else { return blocks + [.paragraph(annex.noEstimates)] }
    blocks.append(.paragraph(annex.errorsLead + words.sentenceGap + annex.missingNote))
    blocks.append(.note(annex.twoErrorsNote))
    for level in levels {
      blocks.append(.heading(level: 2, level.name))
      if level.variables.isEmpty {
        let title = "\(annex.allIndicators) · \(level.name)"
        blocks.append(.table(errorTable.byDomain(level.estimates, key: "errors-all", title: title)))
        continue
      }
      for group in level.byIndicator {
        let label = input.indicators.label(of: group.key)
        let limit = label.limit.map { words.bracketed("\(annex.limitLine) \(words.limit($0))") } ?? ""
        let title = say(label.name) + limit
        let key = (["errors"] + level.variables + [group.key]).joined(separator: "-")
        blocks.append(
          .table(
            errorTable.byIndicator(
              group.estimates,
              key: Self.fileSafe(key),
              title: "\(title) · \(level.name)",
              level: level.name
            )
          )
        )
      }
    }
    return blocks
  }

  /// A key that can be the end of a file's name.
  private static func fileSafe(_ key: String) -> String {
    String(key.map { $0 == "/" || $0 == "\\" || $0 == "\u{0}" || $0 == " " ? "_" : $0 })
  }

  // MARK: plots

  /// Every rate with a limit, at each level below the whole sample.
  var plots: [Document.Block] {
    var blocks: [Document.Block] = []
    for level in levels where !level.variables.isEmpty {
      for group in level.byIndicator {
        let label = input.indicators.label(of: group.key)
        guard let limit = label.limit, group.estimates.contains(where: \.isProportion) else { continue }
        let plot = ForestPlot(
          title: "\(say(label.name)) · \(level.name)",
          rows: group.estimates.map(row),
          limit: limit,
          language: words.language
        )
        blocks += plot.figures.map { .figure($0) }
      }
    }
    guard !blocks.isEmpty else { return [] }
    return [.heading(level: 1, annex.chapterPlots), .paragraph(annex.plotsLead)] + blocks
  }

  private func row(_ estimate: Estimate) -> ForestPlot.Row {
    let isHidden = errorTable.isSuppressed(estimate)
    let reason =
      isHidden ? errorTable.suppression(of: estimate) : estimate.reason.map(words.reason)
    return ForestPlot.Row(
      name: input.domains.name(of: estimate.domain, in: words.language),
      estimate: isHidden ? nil : estimate.estimate,
      lower: isHidden ? nil : estimate.interval?.lower,
      upper: isHidden ? nil : estimate.interval?.upper,
      verdict: isHidden ? nil : estimate.verdict,
      events: estimate.events,
      count: estimate.unweightedCount,
      reason: reason
    )
  }

  // MARK: how the intervals were made

  var intervals: [Document.Block] {
    var facts = [
      Document.Definition(annex.varianceMethod, say(input.varianceMethod)),
      Document.Definition(annex.lonelyUnits, words.lonely(input.lonelyUnits)),
    ]
    if let degrees = input.degreesOfFreedom {
      facts.append(
        Document.Definition(
          annex.design,
          words.degrees(degrees, units: input.firstStageUnits, strata: input.strata)
        )
      )
    }
    let levelsUsed = Set(input.estimates.compactMap { $0.interval?.level }).sorted()
    if !levelsUsed.isEmpty {
      facts.append(
        Document.Definition(
          annex.confidence,
          levelsUsed.map(words.percentLevel).joined(separator: words.listComma)
        )
      )
    }
    var blocks: [Document.Block] = [.heading(level: 1, annex.chapterIntervals), .definitions(facts)]
    let methods = EstimateTable.methodNames(of: input.estimates)
    if !methods.isEmpty {
      blocks.append(.heading(level: 2, annex.methodsUsed))
      blocks.append(
        .definitions(
          methods.map {
            Document.Definition(words.mark(ofMethod: $0), words.explanation(ofMethod: $0))
          }
        )
      )
    }
    if !input.correlations.isEmpty { blocks.append(.table(correlationTable)) }
    return blocks
  }

  private var correlationTable: DocumentTable {
    DocumentTable(
      key: "correlations",
      title: annex.correlations,
      columns: [
        DocumentColumn("indicator", words.headings.indicator, .text),
        DocumentColumn("pooled", annex.pooled, .decimal(4)),
        DocumentColumn("planned", annex.planned, .decimal(4)),
        DocumentColumn("units", annex.unitsUsed, .integer),
        DocumentColumn("events", annex.eventsUsed, .integer),
      ],
      rows: input.correlations.map {
        [
          .text(say(input.indicators.label(of: $0.indicator).name)), .number($0.correlation),
          .number(input.plannedCorrelation), .integer($0.units), .integer($0.events),
        ]
      },
      notes: [annex.correlationNote]
    )
  }
}
