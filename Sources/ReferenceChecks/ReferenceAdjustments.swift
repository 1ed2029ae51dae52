internal import SurveyData
internal import SurveyDesign

extension WeightAdjustment {
  /// A transform of the reference as a step of ours; `nil` for a subset, which is a domain.
  ///
  /// - Throws: ``Unsupported`` for a transform without code here; a refusal for a broken one.
  static func reading(_ spec: JSONValue) throws -> WeightAdjustment? {
    switch spec["op"]?.text ?? "" {
    case "subset": return nil
    case "poststratify":
      return .postStratification(
        PostStratification(
          columns: spec["variables"]?.texts ?? [],
          classes: classes(spec["population"]),
          skipsEmptyClasses: spec["partial"]?.isTrue ?? false
        )
      )
    case "rake":
      return .raking(
        (spec["margins"]?.list ?? []).map { margin in
          PostStratification(columns: [margin["variable"]?.text ?? ""], classes: classes(margin["population"]))
        }
      )
    case "calibrate":
      guard let distance = Calibration.Distance(rawValue: spec["method"]?.text ?? "") else {
        throw Unsupported("calibration \(spec["method"]?.text ?? "")")
      }
      let bounds = spec["bounds"]?.list ?? []
      return .calibration(
        Calibration(
          totals: spec["totals"]?.numbers ?? [],
          terms: (spec["terms"]?.texts ?? []).map { Expression(column: $0) },
          hasIntercept: spec["intercept"]?.isTrue ?? false,
          distance: distance,
          lower: bounds.first?.number,
          upper: bounds.last?.number,
          commonFactorStage: spec["aggregate_stage"]?.number.map { Int($0) - 1 }
        )
      )
    case "trim":
      return .trimming(
        Trimming(
          lower: spec["lower"]?.number,
          upper: spec["upper"]?.number,
          isRepeated: spec["strict"]?.isTrue ?? false
        )
      )
    case "as_replicate":
      let isMeanSquaredError = spec["mse"]?.isTrue ?? false
      switch spec["rep_type"]?.text {
      case "JK1": return .replication(.jackknife, isMeanSquaredError: isMeanSquaredError)
      case "JKn": return .replication(.stratifiedJackknife, isMeanSquaredError: isMeanSquaredError)
      default: throw Unsupported("replicates \(spec["rep_type"]?.text ?? "")")
      }
    default: throw Unsupported("transform \(spec["op"]?.text ?? "")")
    }
  }

  private static func classes(_ spec: JSONValue?) -> [PostStratification.Class] {
    (spec?.list ?? []).map { known in
      PostStratification.Class(
        values: (known["levels"]?.list ?? []).map { $0.text ?? $0.number.map { shortest($0) } ?? "" },
        total: known["total"]?.number ?? .nan
      )
    }
  }
}

extension JointProbabilities {
  /// What a design of the reference says under `pps`; `nil` for Brewer's, which the stages say.
  static func reading(_ spec: JSONValue, matrix: (String) throws -> [[Double]]) throws -> JointProbabilities? {
    switch spec["method"]?.text ?? "" {
    case "brewer": return nil
    case "overton": return .overton
    case "HR": return .hartleyRao(meanSquare: spec["sum_p2"]?.number)
    case "poisson": return .independent
    case "matrix":
      return .exact(try matrix(spec["file"]?.text ?? ""), isSenYatesGrundy: spec["variance"]?.text == "YG")
    default: throw Unsupported("design pps \(spec["method"]?.text ?? "")")
    }
  }
}

extension ReplicateColumns {
  /// The replicate weights of a design of the reference, with R's scale of their kind.
  static func reading(_ spec: JSONValue, matrix: [[Double]]) throws -> ReplicateColumns {
    let count = Double(matrix.first?.count ?? 0)
    let scale: Double
    switch spec["rep_type"]?.text {
    case "BRR": scale = 1 / count
    case "Fay":
      let rho = spec["rho"]?.number ?? 0
      scale = 1 / (count * (1 - rho) * (1 - rho))
    case "successive-difference": scale = 4 / count
    case "bootstrap": scale = spec["scale"]?.number ?? 1 / (count - 1)
    default: throw Unsupported("replicates \(spec["rep_type"]?.text ?? "")")
    }
    return ReplicateColumns(
      weights: matrix,
      areWhole: spec["combined_weights"]?.isTrue ?? false,
      scale: scale,
      replicateScales: spec["rscales"]?.numbers ?? [Double](repeating: 1, count: Int(count)),
      isMeanSquaredError: spec["mse"]?.isTrue ?? false
    )
  }
}
