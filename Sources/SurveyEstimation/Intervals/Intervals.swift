/// Every interval for a proportion that the product offers; the one place to add another.
package enum Intervals {
  package static let all: [any ProportionInterval] = [
    KornGraubardFloorInterval(),
    CorrectedJeffreysInterval(),
    PooledJeffreysInterval(),
    HierarchicalInterval(),
    BetaBinomialInterval(),
    KornGraubardInterval(),
    LogitInterval(name: "logit"),
    LogitInterval(name: "xlogit"),
    LikelihoodInterval(),
    WilsonInterval(),
    ArcsineInterval(),
    BetaInterval(),
    StudentInterval(name: "mean"),
    StudentInterval(name: "t"),
  ]

  /// The interval that a survey file or the command line asks for by name.
  package static func named(_ name: String) -> (any ProportionInterval)? {
    all.first { $0.name == name }
  }
}
