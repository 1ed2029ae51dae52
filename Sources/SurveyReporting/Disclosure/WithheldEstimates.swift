package import SurveyEstimation

/// Estimates as they may be published: figures of few units withheld, and those that would give them away.
package struct WithheldEstimates: Sendable {
  /// In the order given; a withheld one has neither figures nor counts, and the reason `suppressed`.
  package private(set) var estimates: [Estimate]
  /// The domains of withheld estimates, by indicator.
  package private(set) var domains: [String: Set<[DomainValue]>] = [:]

  /// Withholds estimates of an indicator by the cells that its domains are.
  ///
  /// Small is a domain of fewer than `minimum` answering units; events are not counted, since that nobody or one in a
  /// hundred households was left out is what such a survey publishes.
  /// - Parameters:
  ///   - estimates: all that are published together.
  ///   - minimum: units that a figure must rest on.
  ///   - nestings: what is known besides of domains that lie in others.
  package init(_ estimates: [Estimate], below minimum: Int, nestings: [Nesting] = []) {
    self.estimates = estimates
    var groups: [String: [Int]] = [:]
    for (place, estimate) in estimates.enumerated() { groups[estimate.indicator, default: []].append(place) }
    let domains = Set(estimates.map(\.domain))
    let known = nestings + Nesting.found(in: Array(domains))
    for (indicator, places) in groups.sorted(by: { $0.key < $1.key }) {
      let own = places.map { estimates[$0] }
      let cells = AdditiveCells(counts: own.map(\.unweightedCount), sums: Self.sums(own.map(\.domain), known))
      for cell in cells.withheld(below: minimum) {
        self.estimates[places[cell]] = own[cell].withheld
        self.domains[indicator, default: []].insert(own[cell].domain)
      }
    }
  }

  package var isEmpty: Bool { domains.isEmpty }

  /// Whether a domain's figure was withheld, for any indicator.
  package func contains(_ domain: [DomainValue]) -> Bool { domains.values.contains { $0.contains(domain) } }

  /// Which domains add up to which: every domain of some variables is the sum of its parts by further or finer ones.
  static func sums(_ domains: [[DomainValue]], _ nestings: [Nesting]) -> [AdditiveCells.Sum] {
    var sets: [[String]: [Int]] = [:]
    for (place, domain) in domains.enumerated() { sets[domain.map(\.variable).sorted(), default: []].append(place) }
    let keys = sets.keys.sorted { $0.lexicographicallyPrecedes($1) }
    var sums: [AdditiveCells.Sum] = []
    for coarse in keys {
      for fine in keys where fine != coarse {
        guard let step = Step(from: fine, to: coarse, nestings) else { continue }
        var parts: [[String: String]: [Int]] = [:]
        for place in sets[fine] ?? [] {
          guard let above = step.coarse(domains[place]) else { continue }
          parts[above, default: []].append(place)
        }
        for place in sets[coarse] ?? [] {
          let own = Dictionary(domains[place].map { ($0.variable, $0.value) }) { first, _ in first }
          if let found = parts[own] { sums.append(AdditiveCells.Sum(whole: place, parts: found)) }
        }
      }
    }
    return sums
  }

  /// How the domains of one set of variables lie in those of another.
  private struct Step {
    /// By coarse variable: the fine one whose value it is, or follows from.
    private var sources: [(variable: String, fine: String, parents: [String: String]?)] = []

    init?(from fine: [String], to coarse: [String], _ nestings: [Nesting]) {
      for variable in coarse {
        if fine.contains(variable) {
          sources.append((variable, variable, nil))
        } else if let nesting = nestings.first(where: { $0.parent == variable && fine.contains($0.variable) }) {
          sources.append((variable, nesting.variable, nesting.parents))
        } else {
          return nil
        }
      }
    }

    func coarse(_ domain: [DomainValue]) -> [String: String]? {
      var found: [String: String] = [:]
      for source in sources {
        guard let own = domain.first(where: { $0.variable == source.fine })?.value else { return nil }
        guard let parents = source.parents else {
          found[source.variable] = own
          continue
        }
        guard let above = parents[own] else { return nil }
        found[source.variable] = above
      }
      return found
    }
  }
}

extension Estimate {
  /// The same place without figures and counts.
  package var withheld: Estimate {
    var bare = Estimate(unanswered: indicator, domain: domain, reason: .suppressed)
    bare.isProportion = isProportion
    return bare
  }

  /// Whether its figures were withheld.
  package var isWithheld: Bool { reason == .suppressed }
}

/// Two-way tables as they may be published: the tables of one analysis, over the whole sample and by domain.
package enum WithheldTables {
  /// The tables with small cells, and those that would give them away by margins or by other domains, as NaN.
  ///
  /// Margins count as published: other tables may show them.
  /// - Parameters:
  ///   - tables: by domain, each with the rows of the sample behind its cells.
  ///   - minimum: units that a cell must rest on.
  ///   - nestings: what is known of domains that lie in others.
  /// - Returns: the tables in the order given, without the counts behind them.
  package static func withhold(
    _ tables: [(domain: [DomainValue], test: AssociationTest)],
    below minimum: Int,
    nestings: [Nesting] = []
  ) -> [AssociationTest] {
    var domains: [[DomainValue]] = []
    var counts: [Int] = []
    var places: [(table: Int, row: Int, column: Int)?] = []
    func add(_ domain: [DomainValue], _ count: Int, _ place: (Int, Int, Int)? = nil) {
      domains.append(domain)
      counts.append(count)
      places.append(place.map { (table: $0.0, row: $0.1, column: $0.2) })
    }
    for (index, (domain, test)) in tables.enumerated() {
      // Names that no column has, so that a table of a by-variable is no table of its domains.
      let rows = test.rowLevels.map { DomainValue("\nrow", $0) }
      let columns = test.columnLevels.map { DomainValue("\ncolumn", $0) }
      for (row, line) in test.counts.enumerated() {
        for (column, count) in line.enumerated() {
          add(domain + [rows[row], columns[column]], count, (index, row, column))
        }
        add(domain + [rows[row]], line.reduce(0, +))
      }
      for column in columns.indices { add(domain + [columns[column]], test.counts.reduce(0) { $0 + $1[column] }) }
      add(domain, test.counts.joined().reduce(0, +))
    }
    let known = nestings + Nesting.found(in: tables.map(\.domain))
    var shown = tables.map(\.test)
    let cells = AdditiveCells(counts: counts, sums: WithheldEstimates.sums(domains, known))
    for cell in cells.withheld(below: minimum) {
      if let place = places[cell] { shown[place.table].table[place.row][place.column] = .nan }
    }
    for index in shown.indices { shown[index].counts = [] }
    return shown
  }
}
