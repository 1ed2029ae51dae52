internal import SurveyData
package import SurveyEstimation
internal import SurveyReporting

/// The composite poverty incidence (综合贫困发生率) that is asked for, and where the register's counts stand.
package struct CompositeRequest: Sendable {
  package var key: String
  /// Names of the two estimated rates.
  package var wrongExit: String
  package var omission: String
  package var register: RegisterSource
  package var limit: Limit?

  package init(key: String, wrongExit: String, omission: String, register: RegisterSource, limit: Limit? = nil) {
    self.key = key
    self.wrongExit = wrongExit
    self.omission = omission
    self.register = register
    self.limit = limit
  }

  /// The rate as a function of the two estimates.
  ///
  /// - Parameter totals: the register's file, where there is one.
  /// - Throws: a refusal for names that no formula can hold.
  func function(_ totals: RegisterTotals?) throws(InputRefusal) -> FigureFunction {
    let whole: CompositeIncidence.Register? =
      switch register {
      case .counts(let counts): counts
      case .file: totals?.counts(of: [])
      }
    var function = FigureFunction(key: key, formula: try formula(whole ?? .unit))
    function.isRate = true
    function.limit = limit
    if let totals {
      function.formulaInDomain = { domain in
        guard let counts = totals.counts(of: domain) else { return nil }
        return try? formula(counts)
      }
    } else {
      function.isOfWholeOnly = true
    }
    return function
  }

  private func formula(_ counts: CompositeIncidence.Register) throws(InputRefusal) -> FigureFormula {
    try counts.formula(wrongExit: wrongExit, omission: omission)
  }
}

/// Where the register's counts of persons stand.
package enum RegisterSource: Sendable {
  /// Of the whole population: nothing is known of its parts.
  case counts(CompositeIncidence.Register)
  /// A file with one row an area.
  case file(path: String, label: String)

  var path: String? {
    if case .file(let path, _) = self { path } else { nil }
  }
}

extension CompositeIncidence.Register {
  /// Remaining, exited, unregistered, population.
  init(_ counts: [Double]) {
    self.init(remaining: counts[0], exited: counts[1], unregistered: counts[2], ruralPopulation: counts[3])
  }

  /// Stands where the counts are not known, so that the names of a formula are.
  fileprivate static let unit = CompositeIncidence.Register([1, 1, 1, 3])
}

extension AnalysisRequest {
  /// Reads the files of register counts, and adds the functions that needed them.
  ///
  /// - Parameters:
  ///   - table: the rows of the sample, whose areas are looked for.
  ///   - domains: sets of variables.
  /// - Returns: notes on areas without counts, and the files.
  /// - Throws: a refusal with everything wrong in the files.
  mutating func takeRegisters(
    for table: SurveyData.Table,
    domains: [[String]]
  ) throws -> (notes: [Finding], inputs: [AnnexDigest]) {
    var variables: [String] = []
    for name in domains.joined() where !variables.contains(name) { variables.append(name) }
    var notes: [Finding] = []
    var inputs: [AnnexDigest] = []
    for composite in composites {
      guard case .file(let path, let label) = composite.register else { continue }
      var totals = try RegisterTotals(path: path, variables: variables)
      notes += try totals.lookUp(table)
      functions.append(try composite.function(totals))
      if !inputs.contains(where: { $0.file == label }), let digest = fileDigest(path) {
        inputs.append(AnnexDigest(file: label, sha256: digest))
      }
    }
    return (notes, inputs)
  }
}
