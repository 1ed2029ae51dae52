package import Documents
package import SurveyData
package import SurveyEstimation

/// Rates with their intervals against a limit: one row a domain, the worst first.
package struct ForestPlot: Sendable {
  package struct Row: Sendable {
    package var name: String
    package var estimate: Double?
    package var lower: Double?
    package var upper: Double?
    package var verdict: Verdict?
    package var events: Int?
    package var count: Int
    /// Why there is no figure.
    package var reason: String?

    package init(
      name: String,
      estimate: Double?,
      lower: Double?,
      upper: Double?,
      verdict: Verdict?,
      events: Int?,
      count: Int,
      reason: String?
    ) {
      self.name = name
      self.estimate = estimate
      self.lower = lower
      self.upper = upper
      self.verdict = verdict
      self.events = events
      self.count = count
      self.reason = reason
    }
  }

  package var title: String
  package var rows: [Row]
  package var limit: Limit?
  package var language: Language

  package init(title: String, rows: [Row], limit: Limit?, language: Language) {
    self.title = title
    self.rows = rows
    self.limit = limit
    self.language = language
  }

  /// The most rows one figure holds, so that it fits on a page.
  package static let rowsAtMost = 40

  /// One figure, or several of at most 40 rows each with the same axis.
  package var figures: [Figure] {
    let words = Wording.of(language)
    let layout = ForestLayout(plot: self, words: words)
    let pages = layout.pages(of: sorted)
    return pages.enumerated().map { index, page in
      let part = pages.count > 1 ? words.part(index + 1, of: pages.count) : ""
      let scale = layout.axis.isRoot ? words.annex.plotScaleRoot : words.annex.plotScaleLinear
      return Figure(
        svg: layout.svg(of: page),
        caption: "\(title)\(part)\(language == .chinese ? "，" : ", ")\(scale)",
        alternative: alternative(of: page, words: words)
      )
    }
  }

  /// Farthest on the wrong side of the limit first; rows without a figure last.
  private var sorted: [Row] {
    let isUpward = limit?.side == .atLeast
    return rows.enumerated().sorted { left, right in
      switch (left.element.estimate, right.element.estimate) {
      case (let a?, let b?):
        if a != b { return isUpward ? a < b : a > b }
        let (x, y) =
          isUpward
          ? (left.element.lower, right.element.lower) : (left.element.upper, right.element.upper)
        if let x, let y, x != y { return isUpward ? x < y : x > y }
        return left.offset < right.offset
      case (_?, nil): return true
      case (nil, _?): return false
      case (nil, nil): return left.offset < right.offset
      }
    }.map(\.element)
  }

  private func alternative(of page: [Row], words: Wording) -> String {
    let parts = page.map { row in
      let remark = row.verdict.map(words.verdict) ?? row.reason
      let figure = ForestLayout.figureText(row).map { " \($0)" } ?? ""
      return row.name + figure + (remark.map { words.bracketed($0) } ?? "")
    }
    return title + words.colon + parts.joined(separator: language == .chinese ? "；" : "; ")
  }
}
