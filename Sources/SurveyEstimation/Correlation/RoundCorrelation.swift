internal import SurveyData

/// What a round says about the intra-cluster correlation of one figure, and what of it the limits may use.
struct RoundCorrelation: Sendable {
  let isRate: Bool
  /// `nil` for what is no rate, and where nothing can be computed.
  let pooled: PooledCorrelation?
  /// The correlation of the pooled interval, and of the guarded one.
  let used: Double?
  let guarded: Double?
  /// Whether the default interval of a rate may rest on `used`.
  let isDefault: Bool
  /// The correlation of the design-effect floor.
  let floor: Double
  /// Whether rows are answers of 0 and 1, each counting once: what a likelihood of counts needs.
  private let isCounted: Bool
  private let layout: RoundLayout
  private let counts: FigureCounts
  private let prior: RoundPrior?
  private let units: [RoundUnit]

  init(
    _ key: String,
    isRate: Bool,
    indicator: Indicator,
    layout: RoundLayout,
    counts: FigureCounts,
    request: EstimationRequest
  ) {
    self.isRate = isRate
    self.layout = layout
    self.counts = counts
    if case .ratio = indicator.statistic { isCounted = false } else { isCounted = isRate }
    let all = isRate ? layout.units(in: layout.tree.order, counts) : []
    var pooled = PooledCorrelation(key, units: all.map(\.clusters))
    let isLarge = pooled?.isOfManyUnits ?? false
    switch request.correlation {
    case .fixed(let value):
      used = value
      guarded = value
      isDefault = true
      floor = value
      pooled?.use = .given
    case .automatic, .pooled:
      let limits = pooled?.correlation(planned: request.plannedCorrelation)
      used = limits
      guarded = pooled?.guarded(planned: request.plannedCorrelation)
      isDefault = isLarge && limits != nil
      floor = request.correlation == .pooled ? limits ?? request.plannedCorrelation : request.plannedCorrelation
      let isFrequent = pooled?.isOfManyEvents ?? false
      pooled?.use = !isLarge ? .floor : isFrequent ? .pooled : .planned
    }
    self.pooled = pooled
    let wantsPrior = isCounted && indicator.interval.flatMap { Intervals.named($0) }?.needsRound == true
    units = wantsPrior ? all : []
    prior = wantsPrior ? Self.makePrior(all) : nil
  }

  private static func makePrior(_ units: [RoundUnit]) -> RoundPrior {
    var terms = BetaBinomialTerms(.standard)
    return RoundPrior(of: units.map(\.clusters), terms: &terms)
  }

  /// The correlation within one domain; `nil` where nothing can be computed.
  func pooled(in domain: Domain) -> PooledCorrelation? {
    guard let whole = pooled else { return nil }
    var own = PooledCorrelation(whole.indicator, units: layout.units(in: domain.cells, counts).map(\.clusters))
    own?.domain = domain.values
    own?.use = whole.use
    return own
  }

  /// The sampling fractions of clusters and rows within a domain.
  func fractions(of cells: [Int32]) -> (clusters: Double, rows: Double) {
    layout.fractions(of: cells, rows: counts.rows)
  }

  /// The clusters of a domain; `nil` for what is not counted by rows.
  func clusters(in cells: [Int32]) -> [ClusterCount]? {
    isCounted ? layout.units(in: cells, counts).flatMap(\.clusters) : nil
  }

  /// What the units that a domain does not touch say about the correlation; `nil` where none of them has an event.
  func prior(leavingOut cells: [Int32]) -> [Double]? {
    guard let prior else { return nil }
    let touched = Set(layout.units(in: cells, counts).map(\.node))
    let places = units.indices.filter { touched.contains(units[$0].node) }
    let hasEvent = units.indices.contains { place in
      !places.contains(place) && units[place].clusters.contains { $0.events > 0 && $0.events < $0.count }
    }
    return hasEvent ? prior.prior(leavingOut: places) : nil
  }
}
