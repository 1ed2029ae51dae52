/// The selection methods, in the order in which help and documents name them.
package enum SelectionMethods {
  /// Every method there is.
  package static let all: [any SelectionMethod] = [
    TakeAll(), SimpleRandom(), Systematic(), ProportionalSystematic(), Bernoulli(), Poisson(), Pareto(),
    SequentialPoisson(), RandomizedSystematic(), Chromy(), Brewer(), Sampford(), ConditionalPoisson(), Tille(),
    WithReplacement(), Cube(), StratifiedCube(), LocalPivotal(),
  ]

  /// The method of a survey file's name for it, if there is one.
  package static func named(_ name: String) -> (any SelectionMethod)? {
    all.first { sameBytes($0.name, name) }
  }
}
