public import SurveyData

/// Replicate weights that a file brings.
public struct ReplicateColumns: Sendable {
  /// By row of the file, one weight or factor a replicate.
  package var weights: [[Double]]
  /// The columns are whole weights; otherwise factors of the weight.
  package var areWhole: Bool
  /// The variance is scale · Σ rscales (θ_r − θ)².
  package var scale: Double
  package var replicateScales: [Double]
  /// Deviations from the estimate of the whole sample; otherwise from the replicates' mean.
  package var isMeanSquaredError: Bool
  /// Degrees of freedom are the rank of the deviations from the whole sample's weights; otherwise the rank of the
  /// replicates less 1, as R survey has it.
  package var countsDeviations = false

  package init(
    weights: [[Double]],
    areWhole: Bool,
    scale: Double,
    replicateScales: [Double],
    isMeanSquaredError: Bool
  ) {
    self.weights = weights
    self.areWhole = areWhole
    self.scale = scale
    self.replicateScales = replicateScales
    self.isMeanSquaredError = isMeanSquaredError
  }

  /// Columns of a table: V = scale · Σ_r rscale_r (θ_r − c)².
  ///
  /// Source: Rust and Rao (1996), Stat. Methods Med. Res. 5; the constants as R survey's `svrepdesign` takes them: 1/R for
  /// BRR, 1/(R (1 − ρ)²) for Fay's, (R − 1)/R for JK1, 1/(R − 1) for a bootstrap, 4/R for successive differences.
  /// - Parameters:
  ///   - names: the columns, one a replicate.
  ///   - table: that holds them.
  ///   - areWhole: they are whole weights; otherwise factors of the weight.
  ///   - scale: of the sum.
  ///   - replicateScales: one a replicate; `nil`: 1 each.
  ///   - isMeanSquaredError: c is the estimate of the whole sample; otherwise the mean of the replicates.
  /// - Throws: a refusal for columns that are missing, and with every cell that is no weight.
  public init(
    _ names: [String],
    of table: Table,
    areWhole: Bool,
    scale: Double,
    replicateScales: [Double]?,
    isMeanSquaredError: Bool
  ) throws(InputRefusal) {
    var rows = [[Double]](repeating: [], count: table.rowCount)
    var findings: [Finding] = []
    for name in names {
      let values = try Expression(column: name).numbers(over: table)
      for row in values.indices {
        rows[row].append(values[row])
        // Replicate weights may be negative (ACS has such), but not missing.
        if !values[row].isFinite {
          findings.append(
            Finding(
              "replicate-missing",
              file: table.file,
              sheet: table.sheet,
              row: table.fileRow(of: row),
              column: name,
              message: LocalizedText(zh: "缺少重复权数。", en: "the replicate weight is missing."),
              fix: LocalizedText(zh: "每行每个重复都须有权数。", en: "Every row needs one for every replicate.")
            )
          )
        }
      }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    self.init(
      weights: rows,
      areWhole: areWhole,
      scale: scale,
      replicateScales: replicateScales ?? [Double](repeating: 1, count: names.count),
      isMeanSquaredError: isMeanSquaredError
    )
  }
}
