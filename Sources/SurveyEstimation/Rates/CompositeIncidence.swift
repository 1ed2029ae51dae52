/// The composite poverty incidence (综合贫困发生率): who is still poor on the register, wrongly exited or left out,
/// over the rural population.
///
/// Formula: (R + r_w E + r_m U) / P with the register's counts R (remaining), E (exited), U (not registered), the rural
/// population P, and the rates of wrong exit and omission of the survey; the variance by the delta method with the
/// rates' covariance: (E² V_w + U² V_m + 2 E U C) / P².
public struct CompositeIncidence: Sendable {
  /// Counts of persons on and off the register.
  public struct Register: Sendable, Hashable {
    package var remaining: Double
    package var exited: Double
    package var unregistered: Double
    package var ruralPopulation: Double

    /// Counts of persons.
    ///
    /// - Parameters:
    ///   - remaining: still poor on the register.
    ///   - exited: taken off it as no longer poor.
    ///   - unregistered: never on it.
    ///   - ruralPopulation: all of them and others, above 0.
    public init(remaining: Double, exited: Double, unregistered: Double, ruralPopulation: Double) {
      self.remaining = remaining
      self.exited = exited
      self.unregistered = unregistered
      self.ruralPopulation = ruralPopulation
    }

    /// Whether the counts can be those of a register: none below 0, the parts no more than the population.
    package var isConsistent: Bool {
      let parts = [remaining, exited, unregistered]
      guard parts.allSatisfy({ $0 >= 0 && $0.isFinite }), ruralPopulation > 0, ruralPopulation.isFinite else {
        return false
      }
      return remaining + exited + unregistered <= ruralPopulation * (1 + 1e-9)
    }

    /// The counts of two areas together.
    package static func + (left: Register, right: Register) -> Register {
      Register(
        remaining: left.remaining + right.remaining,
        exited: left.exited + right.exited,
        unregistered: left.unregistered + right.unregistered,
        ruralPopulation: left.ruralPopulation + right.ruralPopulation
      )
    }
  }

  package var estimate: Double
  package var variance: Double

  /// - Parameters:
  ///   - covariance: of the two rates, 2 × 2, the rate of wrong exit first.
  package init(
    register: Register,
    wrongExitRate: Double,
    omissionRate: Double,
    covariance: [[Double]]
  ) {
    let (exited, others) = (
      register.exited / register.ruralPopulation, register.unregistered / register.ruralPopulation
    )
    estimate = register.remaining / register.ruralPopulation + wrongExitRate * exited + omissionRate * others
    variance =
      exited * exited * covariance[0][0] + others * others * covariance[1][1]
      + 2 * exited * others * covariance[0][1]
  }
}
