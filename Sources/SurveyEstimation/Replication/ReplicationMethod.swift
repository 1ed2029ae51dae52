package import SurveyData
package import SurveyDesign

/// A way to make replicate weights of a design, one a file in this folder.
package protocol ReplicationMethod: Sendable {
  /// What the command line calls it.
  var name: String { get }
  var title: LocalizedText { get }
  /// Author and year.
  var source: String { get }
  /// Takes a seed: each replicate follows from the seed, its number and the design alone.
  var isRandom: Bool { get }
  /// Takes a number of replicates.
  var takesCount: Bool { get }
  /// Takes Fay's coefficient.
  var takesFay: Bool { get }
  /// Its formula takes deviations from the estimate of the whole sample: the mean of the replicates is another figure.
  var isAroundWhole: Bool { get }

  /// The factors of the weights, by replicate and unit.
  ///
  /// - Throws: a refusal where the design does not suit the method.
  func factors(of units: ReplicationUnits, plan: Replication) throws(InputRefusal) -> ReplicateFactors
}

extension ReplicationMethod {
  package var isRandom: Bool { false }
  package var takesCount: Bool { isRandom }
  package var takesFay: Bool { false }
  package var isAroundWhole: Bool { false }
}

/// What multiplies the weights of a unit's rows in each replicate, and what makes a variance of the replicates.
///
/// V = scale · Σ_r replicateScales_r (θ_r − c)².
package struct ReplicateFactors: Sendable {
  /// The stage whose units these are, the first stage as 0.
  package var stage = 0
  /// By replicate, by unit of the stage.
  package var factors: [[Double]]
  package var scale: Double
  package var replicateScales: [Double]

  init(stage: Int = 0, factors: [[Double]], scale: Double, replicateScales: [Double]? = nil) {
    self.stage = stage
    self.factors = factors
    self.scale = scale
    self.replicateScales = replicateScales ?? [Double](repeating: 1, count: factors.count)
  }
}

/// Every method: the command line, help and tests follow from this list.
package enum ReplicationMethods {
  package static let all: [any ReplicationMethod] = [
    Jackknife(),
    StratifiedJackknife(),
    PairedJackknife(),
    BalancedReplication(),
    FayReplication(),
    RaoWuBootstrap(),
    CantyDavisonBootstrap(),
    PrestonBootstrap(),
    SuccessiveDifferences(),
  ]

  package static func named(_ name: String) -> (any ReplicationMethod)? { all.first { $0.name == name } }
}
