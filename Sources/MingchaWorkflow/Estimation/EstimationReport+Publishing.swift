internal import SurveyData
internal import SurveyEstimation
package import SurveyReporting
internal import TabularFiles

extension EstimationReport {
  /// The report as it may be published: figures of few units withheld, and those that would give them away.
  ///
  /// Estimates, two-way tables, correlations, tests and models of withheld domains go alike; files of rows are left out.
  /// - Parameters:
  ///   - minimum: units that a figure must rest on.
  ///   - nestings: which domains lie in which, besides what the domains show by themselves.
  package func published(below minimum: Int, nestings: [Nesting] = []) -> EstimationReport {
    var report = self
    var count = 0
    for place in report.parts.indices {
      var part = report.parts[place]
      let withheld = WithheldEstimates(part.estimation.estimates, below: minimum, nestings: nestings)
      count += withheld.domains.values.reduce(0) { $0 + $1.count }
      part.estimation.estimates = withheld.estimates
      part.estimation.domainCorrelations.removeAll { withheld.contains($0.domain) }
      // A matrix is of all domains of its variables: without one of them it would be another matrix.
      part.estimation.covariances.removeAll { matrix in
        withheld.domains.values.joined().contains { $0.map(\.variable) == matrix.by }
      }
      part.results = part.results(withholding: withheld, below: minimum, nestings: nestings)
      part.weightFile = nil
      part.weightPath = nil
      report.parts[place] = part
    }
    report.notes.append(.withheld(count, below: minimum))
    return report
  }
}

extension EstimationReport.Part {
  /// Tests and models without those of withheld domains, tables without small cells.
  fileprivate func results(
    withholding withheld: WithheldEstimates,
    below minimum: Int,
    nestings: [Nesting]
  ) -> [AnalysisResult] {
    var kept = results.filter { result in
      if case .regression(let model) = result.outcome, model.rows < minimum { return false }
      return !withheld.contains(result.domain)
    }
    // One table under two tests is two groups: together they would count twice.
    for key in Set(kept.map(Self.key)) {
      var places: [Int] = []
      var tables: [(domain: [DomainValue], test: AssociationTest)] = []
      for (place, result) in kept.enumerated() where Self.key(result) == key {
        guard case .association(let test) = result.outcome else { continue }
        places.append(place)
        tables.append((result.domain, test))
      }
      let shown = WithheldTables.withhold(tables, below: minimum, nestings: nestings)
      for (place, test) in zip(places, shown) { kept[place].outcome = .association(test) }
    }
    return kept
  }

  private static func key(_ result: AnalysisResult) -> [String] { [result.analysis.name, result.analysis.method.en] }
}

extension SurveyFolder {
  /// How small a published figure may be, and whether the survey file says so.
  package var minimumCell: (count: Int, isDeclared: Bool) {
    (survey.privacy.minimumCell ?? PrivacySettings.usualMinimumCell, survey.privacy.minimumCell != nil)
  }

  /// Which domains of the survey lie in which, from its frames.
  ///
  /// - Throws: an `InputRefusal` where a frame cannot be read.
  package func nestings() throws -> [Nesting] {
    let variables = Set(survey.estimate.by.flatMap { $0 })
    var found: [Nesting] = []
    for variable in variables.sorted() {
      var parents: [String: String]?
      var frame = frame(namedBy: variable)
      while let own = frame, let parent = own.parent {
        let step = try unitParents(of: own, parent)
        parents = parents.map { $0.compactMapValues { step[$0] } } ?? step
        if variables.contains(parent), let parents {
          found.append(Nesting(variable: variable, parent: parent, parents: parents))
        }
        frame = self.frame(namedBy: parent)
      }
    }
    return found
  }

  private func unitParents(of frame: FrameDefinition, _ parent: String) throws -> [String: String] {
    var parents: [String: String] = [:]
    for path in try paths(of: frame.files) {
      let options = ReadOptions(
        sheet: frame.sheet,
        headerRow: frame.headerRow,
        columns: [ColumnRequest(frame.id, .text), ColumnRequest(parent, .text)],
        identifiers: [frame.id, parent]
      )
      let table = try readTable(path: path, options: options).table
      let (ids, above) = (try table.column(frame.id), try table.column(parent))
      for row in 0..<table.rowCount {
        if let id = ids.text(at: row), let own = above.text(at: row) { parents[id] = own }
      }
    }
    return parents
  }
}

extension Finding {
  fileprivate static func withheld(_ count: Int, below minimum: Int) -> Finding {
    Finding(
      "cells-withheld",
      severity: .note,
      value: "\(count)",
      message: LocalizedText(
        zh: "个数字不公布：样本少于 \(minimum)，或能据以推出这样的数字。",
        en: "figures are withheld: they rest on fewer than \(minimum) units, or would give away one that does."
      ),
      fix: LocalizedText("")
    )
  }
}
