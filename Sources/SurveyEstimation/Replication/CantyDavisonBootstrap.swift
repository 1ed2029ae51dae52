internal import StatisticalFunctions
package import SurveyData
package import SurveyDesign

/// The bootstrap from a population made of copies of the sample's first-stage units.
///
/// Formula: the units of a stratum are copied N/n times (a random part of them once more where N/n is no whole number)
/// and n are drawn without replacement, or, where N is not known, n with replacement. A unit drawn m times has the
/// factor 1 + √c·(m − 1), c = n(1 − n/N)/V with V·s² the variance of Σ m y, so that the variance of a total has the
/// right mean: without N, c = n/(n − 1); with N/n whole, c = n(N − 1)/((n − 1)N). R survey multiplies the sum of
/// squares by one harmonic mean over the strata instead, which is the same where all strata have as many units.
/// Source: Canty and Davison (1999), The Statistician 48; Booth, Butler and Hall (1994), J. Amer. Statist. Assoc. 89.
package struct CantyDavisonBootstrap: ReplicationMethod {
  package var name: String { "canty-davison" }
  package var title: LocalizedText { LocalizedText(zh: "Canty–Davison 自助法", en: "Canty and Davison's bootstrap") }
  package var source: String { "Canty and Davison (1999)" }
  package var isRandom: Bool { true }

  package func factors(of units: ReplicationUnits, plan: Replication) throws(InputRefusal) -> ReplicateFactors {
    firstStageBootstrap(of: units, plan: plan) { stratum, generator in
      let copies = Copies(stratum)
      return copies.draw(&generator).map { 1 + copies.rescaling * (Double($0) - 1) }
    }
  }

  /// One stratum's made-up population.
  private struct Copies {
    let size: Int
    /// N as a whole number above n; 0 where it is not known.
    let population: Int
    /// √c.
    let rescaling: Double

    init(_ stratum: ReplicationUnits.Stratum) {
      size = stratum.units.count
      let n = stratum.size
      guard let known = stratum.population else {
        population = 0
        rescaling = (n / (n - 1)).squareRoot()
        return
      }
      // A fraction, as R survey takes one, need not make N whole.
      population = max(size + 1, Int(min(known.rounded(), 1e15)))
      let all = Double(population)
      let rest = Double(population % size)
      let extra = rest * (1 - rest / n)
      let variance =
        n * (all - n) / (all - 1) * ((n - 1) / n - extra / (all * all)) + n / all * (n / all) * extra
      rescaling = (n * (1 - stratum.fraction) / variance).squareRoot()
    }

    /// How often each unit is drawn.
    func draw(_ generator: inout SeededGenerator) -> [Int] {
      var hits = [Int](repeating: 0, count: size)
      guard population > 0 else {
        for _ in 0..<size { hits[Int(generator.below(UInt64(size)))] += 1 }
        return hits
      }
      var copies = [Int](repeating: population / size, count: size)
      for place in chosen(population % size, of: size, by: &generator) { copies[place] += 1 }
      for drawn in 0..<size {
        // The copy that is taken is the one at a random place among those left.
        var place = Int(generator.below(UInt64(population - drawn)))
        var unit = 0
        while place >= copies[unit] {
          place -= copies[unit]
          unit += 1
        }
        copies[unit] -= 1
        hits[unit] += 1
      }
      return hits
    }
  }
}

/// Places drawn with equal probabilities without replacement.
///
/// Source: the first steps of Fisher and Yates's shuffle (Durstenfeld 1964).
func chosen(_ count: Int, of size: Int, by generator: inout SeededGenerator) -> [Int] {
  var places = Array(0..<size)
  for place in 0..<min(count, size) {
    places.swapAt(place, place + Int(generator.below(UInt64(size - place))))
  }
  return Array(places[..<min(count, size)])
}
