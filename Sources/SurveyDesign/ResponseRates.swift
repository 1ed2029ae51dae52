/// Units, or their design weights, by AAPOR's letters.
package struct ResponseCounts: Sendable, Hashable {
  private var sums = [Double](repeating: 0, count: ResponseClass.allCases.count)

  package init() {}

  package subscript(_ group: ResponseClass) -> Double {
    get { sums[group.rawValue] }
    set { sums[group.rawValue] = newValue }
  }

  /// Known to be eligible: I + P + R + NC + O.
  package var eligible: Double {
    self[.complete] + self[.partial] + self[.refusal] + self[.noncontact] + self[.other]
  }

  /// Not known whether eligible: UH + UO.
  package var unknown: Double { self[.unknownHousehold] + self[.unknownOther] }
}

/// AAPOR's outcome rates of the units first selected.
///
/// Formula: RR1 = I / (E + U), RR2 = (I + P) / (E + U), RR3 = I / (E + e·U), RR4 = (I + P) / (E + e·U),
/// RR5 = I / E, RR6 = (I + P) / E, with E = I + P + R + NC + O, U = UH + UO, and e = E / (E + not eligible),
/// the share of eligible units among those of known eligibility. REF1 = R / (E + U);
/// CON1 = (I + P + R + O) / (E + U). The same formulas over design weights give the weighted rates.
/// Domain: 0…1; `nil` where the denominator is 0.
/// Source: AAPOR (2016), Standard Definitions, 9th edition, "Calculating Outcome Rates".
package struct ResponseRates: Sendable, Hashable {
  package var counts: ResponseCounts

  package init(_ counts: ResponseCounts) { self.counts = counts }

  package var first: Double? { quotient(counts[.complete], all) }
  package var second: Double? { quotient(interviews, all) }
  package var third: Double? {
    eligibleShare.flatMap { quotient(counts[.complete], counts.eligible + $0 * counts.unknown) }
  }
  package var fourth: Double? { eligibleShare.flatMap { quotient(interviews, counts.eligible + $0 * counts.unknown) } }
  package var fifth: Double? { quotient(counts[.complete], counts.eligible) }
  package var sixth: Double? { quotient(interviews, counts.eligible) }
  package var refusal: Double? { quotient(counts[.refusal], all) }
  package var contact: Double? {
    quotient(interviews + counts[.refusal] + counts[.other], all)
  }

  /// e; where nothing is known of any unit's eligibility there is none.
  package var eligibleShare: Double? { quotient(counts.eligible, counts.eligible + counts[.notEligible]) }

  private var all: Double { counts.eligible + counts.unknown }
  private var interviews: Double { counts[.complete] + counts[.partial] }

  private func quotient(_ numerator: Double, _ denominator: Double) -> Double? {
    denominator > 0 ? numerator / denominator : nil
  }
}
