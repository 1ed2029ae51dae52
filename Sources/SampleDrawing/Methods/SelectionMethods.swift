/// The selection methods, in the order in which help and documents name them.
package enum SelectionMethods {
  package static let all: [any SelectionMethod] = [
    TakeAll(), SimpleRandom(), Systematic(), ProportionalSystematic(), Bernoulli(), Poisson(),
  ]

  package static func named(_ name: String) -> (any SelectionMethod)? {
    all.first { sameBytes($0.name, name) }
  }
}
