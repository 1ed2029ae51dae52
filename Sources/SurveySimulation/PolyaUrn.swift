/// Yes-or-no answers of one village that hang together, one after the other.
///
/// Formula: with rate μ, intra-village correlation ρ and s = 1/ρ − 1, the answer after k answers of which
/// x were yes is yes with probability (μ·s + x) / (s + k). Every answer has rate μ and any two correlate
/// by ρ, as if the village's own rate came from Beta(μs, (1 − μ)s) — without a beta deviate, hence
/// without a library function whose last bit differs between machines.
/// Source: Pólya and Eggenberger (1923); Johnson and Kotz (1977), Urn Models.
package struct PolyaUrn: Sendable {
  private let weight: Double
  private let weightedRate: Double
  private var answers = 0.0
  private var yes = 0.0

  /// Domain: 0 ≤ rate ≤ 1, 0 < correlation < 1.
  package init(rate: Double, correlation: Double) {
    precondition(correlation > 0 && correlation < 1, "an urn needs a correlation between 0 and 1")
    weight = 1 / correlation - 1
    weightedRate = rate * weight
  }

  /// The next answer, decided by a uniform number in 0…1.
  package mutating func next(_ uniform: Double) -> Bool {
    let isYes = uniform * (weight + answers) < weightedRate + yes
    answers += 1
    if isYes { yes += 1 }
    return isYes
  }
}
