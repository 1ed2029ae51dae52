package import SurveyData
package import SurveyDesign
package import SurveyEstimation

/// Everything a sampling-error annex tells; whoever runs the survey fills it in.
package struct AnnexInput: Sendable {
  /// The survey's name.
  package var title: LocalizedText
  /// The frame's edition, in words.
  package var edition: LocalizedText?
  /// A date as text; no clock is read here.
  package var date: String?
  package var stages: [AnnexStage]
  package var draw: AnnexDraw?
  package var response: AnnexResponse?
  package var weights: [AnnexWeights]
  /// Every estimate of every domain, in the order to be printed.
  package var estimates: [Estimate]
  package var indicators: IndicatorLabels
  package var domains: DomainLabels
  /// Design degrees of freedom of the whole sample, first-stage units and strata.
  package var degreesOfFreedom: Int?
  package var firstStageUnits: Int?
  package var strata: Int?
  package var varianceMethod: LocalizedText
  package var lonelyUnits: LonelyUnitPolicy
  package var correlations: [PooledCorrelation]
  package var plannedCorrelation: Double
  /// What was assumed; each is printed with the mark 假设.
  package var assumptions: [LocalizedText]
  /// Estimates resting on fewer units are not printed.
  package var suppressedBelow: Int
  package var inputs: [AnnexDigest]
  /// Name and version of the software.
  package var software: String
  package var notes: [LocalizedText]

  package init(
    title: LocalizedText,
    edition: LocalizedText? = nil,
    date: String? = nil,
    stages: [AnnexStage] = [],
    draw: AnnexDraw? = nil,
    response: AnnexResponse? = nil,
    weights: [AnnexWeights] = [],
    estimates: [Estimate],
    indicators: IndicatorLabels,
    domains: DomainLabels,
    degreesOfFreedom: Int? = nil,
    firstStageUnits: Int? = nil,
    strata: Int? = nil,
    varianceMethod: LocalizedText,
    lonelyUnits: LonelyUnitPolicy,
    correlations: [PooledCorrelation] = [],
    plannedCorrelation: Double,
    assumptions: [LocalizedText] = [],
    suppressedBelow: Int = 5,
    inputs: [AnnexDigest] = [],
    software: String,
    notes: [LocalizedText] = []
  ) {
    self.title = title
    self.edition = edition
    self.date = date
    self.stages = stages
    self.draw = draw
    self.response = response
    self.weights = weights
    self.estimates = estimates
    self.indicators = indicators
    self.domains = domains
    self.degreesOfFreedom = degreesOfFreedom
    self.firstStageUnits = firstStageUnits
    self.strata = strata
    self.varianceMethod = varianceMethod
    self.lonelyUnits = lonelyUnits
    self.correlations = correlations
    self.plannedCorrelation = plannedCorrelation
    self.assumptions = assumptions
    self.suppressedBelow = suppressedBelow
    self.inputs = inputs
    self.software = software
    self.notes = notes
  }
}

/// One stage of the design, as the annex lists it.
package struct AnnexStage: Sendable {
  package var name: LocalizedText
  package var unit: LocalizedText
  /// Names of the columns that make the strata.
  package var strata: [LocalizedText]
  package var method: LocalizedText
  package var population: Int?
  package var sample: Int?
  package var reserves: Int?

  package init(
    name: LocalizedText,
    unit: LocalizedText,
    strata: [LocalizedText] = [],
    method: LocalizedText,
    population: Int? = nil,
    sample: Int? = nil,
    reserves: Int? = nil
  ) {
    self.name = name
    self.unit = unit
    self.strata = strata
    self.method = method
    self.population = population
    self.sample = sample
    self.reserves = reserves
  }
}

/// What the receipt of the draw says.
package struct AnnexDraw: Sendable {
  /// A draw is sealed by a commitment until its seed is revealed.
  package enum Secret: Sendable {
    case commitment(String)
    case seed(String)
  }

  package var protocolVersion: String
  package var group: String
  package var secret: Secret
  package var receiptDigest: String
  package var frames: [AnnexDigest]

  package init(
    protocolVersion: String,
    group: String,
    secret: Secret,
    receiptDigest: String,
    frames: [AnnexDigest]
  ) {
    self.protocolVersion = protocolVersion
    self.group = group
    self.secret = secret
    self.receiptDigest = receiptDigest
    self.frames = frames
  }
}

/// A file, its SHA-256 in hex, and the rows it held.
package struct AnnexDigest: Sendable {
  package var file: String
  package var sha256: String
  package var rows: Int?

  package init(file: String, sha256: String, rows: Int? = nil) {
    self.file = file
    self.sha256 = sha256
    self.rows = rows
  }
}

/// How many of the selected units answered, by part of the survey.
package struct AnnexResponse: Sendable {
  package struct Row: Sendable {
    package var name: LocalizedText
    package var selected: Int
    package var respondents: Int
    /// Nonrespondents by result code; a code that is absent counts none.
    package var nonrespondents: [String: Int]
    package var replaced: Int?
    /// Proportions, 0…1; `nil` where nobody was eligible.
    package var rate: Double?
    package var weightedRate: Double?

    package init(
      name: LocalizedText,
      selected: Int,
      respondents: Int,
      nonrespondents: [String: Int],
      replaced: Int? = nil,
      rate: Double?,
      weightedRate: Double?
    ) {
      self.name = name
      self.selected = selected
      self.respondents = respondents
      self.nonrespondents = nonrespondents
      self.replaced = replaced
      self.rate = rate
      self.weightedRate = weightedRate
    }
  }

  /// What the rows are, such as leagues.
  package var level: LocalizedText
  package var rows: [Row]
  /// The line under the rows, if the parts add up to one.
  package var total: Row?
  /// Result codes in the order of their columns, with their meaning.
  package var codes: [(code: String, meaning: LocalizedText)]

  package init(
    level: LocalizedText,
    rows: [Row],
    total: Row? = nil,
    codes: [(code: String, meaning: LocalizedText)] = []
  ) {
    self.level = level
    self.rows = rows
    self.total = total
    self.codes = codes
  }
}

/// How unequal the weights of a set of rows are.
package struct AnnexWeights: Sendable {
  package var scope: LocalizedText
  package var count: Int
  package var minimum: Double
  package var maximum: Double
  package var mean: Double
  /// Standard deviation over mean, with divisor n.
  package var variation: Double

  /// Summarizes weights; `nil` when there are none or they add to nothing.
  ///
  /// Formula: cv² = n Σw² / (Σw)² − 1. Source: Kish (1965), Survey Sampling, §11.7.
  package init?(scope: LocalizedText, weights: [Double]) {
    var sum = 0.0
    for weight in weights { sum += weight }
    guard let first = weights.first, sum > 0 else { return nil }
    let mean = sum / Double(weights.count)
    var squares = 0.0
    var minimum = first
    var maximum = first
    for weight in weights {
      squares += (weight - mean) * (weight - mean)
      minimum = min(minimum, weight)
      maximum = max(maximum, weight)
    }
    self.scope = scope
    self.count = weights.count
    self.minimum = minimum
    self.maximum = maximum
    self.mean = mean
    self.variation = (squares / Double(weights.count)).squareRoot() / mean
  }

  /// Kish's factor 1 + cv².
  package var kishFactor: Double { 1 + variation * variation }
}
