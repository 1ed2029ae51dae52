package import SurveyData
package import SurveyDesign
package import SurveyEstimation
package import SurveyReporting

/// What an estimation found, and everything it rests on: the source of tables, files and annexes.
package struct EstimationReport: Sendable {
  /// The estimates about one kind of unit: households and villages of a survey are two parts.
  package struct Part: Sendable {
    /// The source of answers in the survey file; empty for loose files.
    package var name: String
    package var design: SampleDesign
    package var request: EstimationRequest
    package var estimation: Estimation
    /// The response by groups of the list; empty where no list was drawn.
    package var responses: [ResponseCount]
    /// The weights of those who answered; empty where rows were read in chunks and not kept.
    package var weights: [Double]
    package var analysis = AnalysisRequest()
    package var replicates: ReplicateOrder?
    package var joint: JointOrder?
    /// Tests and models, in the order of the request.
    package var results: [AnalysisResult] = []
    /// How adjusted weights look; `nil` where nothing changed them.
    package var weighting: WeightSummary?
    /// The weights, where they are to be written.
    package var weightFile: WeightFile?
    /// Where a survey folder wants them.
    package var weightPath: String?
    /// How many replicates were made of the design.
    package var replicateCount: Int?
  }

  package var title: LocalizedText
  package var parts: [Part]
  package var indicators: IndicatorLabels
  package var domains: DomainLabels
  package var inputs: [AnnexDigest]
  /// The settings that nobody gave, by name: their documented defaults are printed as such.
  package var defaulted: [String]
  /// What reading, joining and judging found worth telling; those of an estimation stand in its part.
  package var notes: [Finding]
  /// Whether what stands behind each figure is told too.
  package var isExplained = false

  package var estimates: [Estimate] { parts.flatMap(\.estimation.estimates) }

  /// Everything worth telling, in the order of the work; what holds for several parts is told once.
  package var allNotes: [Finding] {
    var told: [Finding] = []
    for note in notes + parts.flatMap(\.estimation.notes) where !told.contains(note) { told.append(note) }
    return told
  }
}

/// How far reading has come; called from any worker.
package typealias ReadingProgress = @Sendable (_ rows: Int) -> Void
