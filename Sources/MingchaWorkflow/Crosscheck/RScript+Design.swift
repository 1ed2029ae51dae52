internal import SurveyData
internal import SurveyDesign

/// The design as R survey builds it, with the adjustments of the weights.
extension RScript {
  mutating func designLines() -> String {
    var lines = [String]()
    if let replicates = part.replicates {
      lines.append(replicateDesign(replicates))
    } else if let phase = design.secondPhase {
      lines.append(twoPhaseDesign(phase))
    } else {
      lines.append(stagedDesign())
    }
    for step in design.adjustments { lines.append(adjusted(step)) }
    return lines.joined(separator: "\n")
  }

  /// The columns of a stage: stratum, unit and population (or probability).
  mutating func stage(_ place: Int) -> (stratum: String?, unit: String?, population: String?) {
    let stage = design.stages[place]
    let stratum =
      stage.strata.isEmpty
      ? nil : made("stratum", "as.character(interaction(\(stage.strata.map(column).joined(separator: ", "))))")
    var unit: String?
    if case .column(let name) = stage.unit { unit = self.unit(name) }
    guard let size = stage.populationSize else { return (stratum, unit, nil) }
    let value = "num(\(column(size)))"
    if stage.isProportional { return (stratum, unit, made("pi", value)) }
    let isMixed = design.stages.count > 1
    guard isMixed else { return (stratum, unit, made("fpc", value)) }
    // R wants counts at every stage, or fractions at every stage.
    let units = unit.map { "d$\($0)" } ?? "seq_len(nrow(d))"
    var within = design.stages[..<place].compactMap { stage -> String? in
      if case .column(let name) = stage.unit { column(name) } else { nil }
    }
    if let stratum { within.append("d$\(stratum)") }
    let cells = within.isEmpty ? "rep(1, nrow(d))" : "interaction(\(within.joined(separator: ", ")), drop = TRUE)"
    let function = design.stages.contains { $0.isProportional } ? "fraction" : "population"
    return (stratum, unit, made("fpc", "\(function)(\(value), \(units), \(cells))"))
  }

  /// Units numbered as they appear: R survey 4.1 takes Brewer's corrections in the order of rows, sums in that of codes.
  private mutating func unit(_ name: String) -> String {
    made("unit", "match(\(column(name)), unique(\(column(name))))")
  }

  mutating func weight() -> String? {
    switch design.weights {
    case .expression(let weight): variable(weight)
    case .inverse(let probability): made("weight", "1 / as.numeric(\(code(probability)))")
    case .equal: made("weight", "1")
    case .populationSizes: nil
    }
  }

  private mutating func stagedDesign() -> String {
    let stages = design.stages.indices.map { stage($0) }
    var arguments = ["ids = " + (stages[0].unit == nil ? "~1" : formula(stages.compactMap(\.unit)))]
    // The last stage of rows is R's own when units stand above it.
    if stages.count > 1, stages.last?.unit == nil {
      arguments[0] = formula(stages.compactMap(\.unit) + [made("unit", "seq_len(nrow(d))")], prefix: "ids = ")
    }
    let strata = stages.map(\.stratum)
    if let last = strata.lastIndex(where: { $0 != nil }) {
      arguments.append(formula(strata[...last].map { $0 ?? made("one", "1") }, prefix: "strata = "))
    }
    let sizes = stages.map(\.population)
    if let last = sizes.lastIndex(where: { $0 != nil }) {
      arguments.append(formula(sizes[...last].map { $0 ?? made("infinite", "Inf") }, prefix: "fpc = "))
    }
    if let weight = weight() { arguments.append("weights = ~\(weight)") }
    arguments.append("nest = \(design.unitsNestedInStrata ? "TRUE" : "FALSE")")
    var lines = ""
    if let joint = part.joint {
      var code: String?
      if case .column(let name) = design.stages[0].unit { code = name }
      lines = jointMatrix(joint, unit: code, probability: stages[0].population ?? "")
      arguments.append("pps = ppsmat(joint), variance = \(joint.isSenYatesGrundy ? "\"YG\"" : "\"HT\"")")
    } else {
      switch design.joint {
      case .overton: arguments.append("pps = \"overton\"")
      case .hartleyRao: arguments.append("pps = HR()")
      case .independent: arguments.append("pps = poisson_sampling(d$\(stages[0].population ?? ""))")
      case .exact: break
      case nil: if design.stages.contains(where: \.isProportional) { arguments.append("pps = \"brewer\"") }
      }
    }
    return lines + "des <- svydesign(\(arguments.joined(separator: ", ")), data = d)"
  }

  private func jointMatrix(_ joint: JointOrder, unit: String?, probability: String) -> String {
    let matrix = "joint <- as.matrix(read.csv(joint_file, header = FALSE))"
    let file = "joint_file <- \(quoted(joint.path))\n"
    guard let unit else { return file + matrix + "\n" }
    return file + """
      if (grepl("other", readLines(joint_file, 1))) {
        pairs <- read.csv(joint_file, colClasses = "character", na.strings = "", fileEncoding = "UTF-8-BOM")
        pairs <- pairs[is.na(pairs$parent), ]
        units <- unique(\(column(unit))); p <- d$\(probability)[match(units, \(column(unit)))]
        joint <- outer(p, p); diag(joint) <- p
        i <- match(pairs$unit, units); j <- match(pairs$other, units); k <- !is.na(i) & !is.na(j)
        joint[cbind(i, j)[k, ]] <- joint[cbind(j, i)[k, ]] <- as.numeric(pairs$probability)[k]
      } else \(matrix)

      """
  }

  private mutating func twoPhaseDesign(_ phase: SecondPhase) -> String {
    let first = stage(0)
    let selected = made("second", "num(\(column(phase.subset))) == 1")
    let second = phase.stages[0]
    let stratum =
      second.strata.isEmpty
      ? nil : made("stratum", "as.character(interaction(\(second.strata.map(column).joined(separator: ", "))))")
    var unit: String?
    if case .column(let name) = second.unit { unit = self.unit(name) }
    func side(_ name: String?, _ missing: String = "NULL") -> String { name.map { "~\($0)" } ?? missing }
    var arguments = [
      "id = list(\(side(first.unit, "~1")), \(side(unit, "~1")))",
      "strata = list(\(side(first.stratum)), \(side(stratum)))",
      "fpc = list(\(side(first.population)), NULL)",
    ]
    switch design.weights {
    case .populationSizes, .equal: break
    case .expression, .inverse:
      // Probabilities: with method "full" R takes no weights.
      if let weight = weight() { arguments.append("probs = list(~\(made("prob", "1 / d$\(weight)")), NULL)") }
    }
    arguments.append("subset = ~\(selected), method = \(quoted(phase.variance.rawValue))")
    return "des <- twophase(\(arguments.joined(separator: ", ")), data = d)"
  }

  private mutating func replicateDesign(_ order: ReplicateOrder) -> String {
    let patterns = order.patterns.map { quoted($0) }.joined(separator: ", ")
    let kind =
      switch order.kind {
      case .balanced: "\"BRR\""
      case .fay, .pisa: "\"Fay\", rho = \(shortest(order.fay))"
      case .jackknife: "\"JK1\""
      case .bootstrap: "\"bootstrap\""
      case .successiveDifference, .acs: "\"successive-difference\""
      case .pairedJackknife, .stratifiedJackknife, .other: "\"other\""
      }
    var scale = ""
    switch order.kind {
    case .jackknife:
      scale = ", scale = \(order.scale.map { shortest($0) } ?? "(ncol(replicates) - 1) / ncol(replicates)")"
    case .pairedJackknife, .stratifiedJackknife, .other: scale = ", scale = \(shortest(order.scale ?? 1))"
    default:
      if let own = order.scale {
        return replicates(patterns)
          + replicated("\"other\", scale = \(shortest(own))", order)
      }
    }
    return replicates(patterns) + replicated(kind + scale, order)
  }

  private func replicates(_ patterns: String) -> String {
    """
    patterns <- c(\(patterns))
    chosen <- unlist(lapply(patterns, function(p) if (grepl("[*?]", p)) grep(glob2rx(p), names(d), value = TRUE) else p))
    replicates <- sapply(chosen, function(name) num(d[[name]]))

    """
  }

  private mutating func replicated(_ kind: String, _ order: ReplicateOrder) -> String {
    var text = "des <- svrepdesign(data = d, repweights = replicates, type = \(kind)"
    if let weight = weight() { text += ", weights = ~\(weight)" }
    if !order.replicateScales.isEmpty {
      text += ", rscales = c(\(order.replicateScales.map { shortest($0) }.joined(separator: ", ")))"
    } else if kind.hasPrefix("\"other\"") || kind.hasPrefix("\"JK1\"") {
      text += ", rscales = rep(1, ncol(replicates))"
    }
    return text + ", combined.weights = \(order.areFactors ? "FALSE" : "TRUE"), mse = "
      + "\(order.isMeanSquaredError ? "TRUE" : "FALSE"))"
  }

  private mutating func adjusted(_ step: WeightAdjustment) -> String {
    switch step {
    case .postStratification(let spec):
      let (names, frame) = population(spec)
      return "des <- postStratify(des, \(formula(names)), \(frame))"
    case .raking(let margins):
      let made = margins.map { population($0) }
      return "des <- rake(des, list(\(made.map { formula($0.0) }.joined(separator: ", "))), "
        + "list(\(made.map(\.1).joined(separator: ", "))), control = list(maxit = 2000, epsilon = 1e-11))"
    case .calibration(let spec):
      let terms = spec.terms.map { variable($0) }
      let names = (spec.hasIntercept ? ["`(Intercept)`"] : []) + terms
      let totals = zip(names, spec.totals).map { "\($0) = \(shortest($1))" }.joined(separator: ", ")
      let bounds = "c(\(spec.lower.map { shortest($0) } ?? "-Inf"), \(spec.upper.map { shortest($0) } ?? "Inf"))"
      let model = terms.isEmpty ? "~1" : formula(terms) + (spec.hasIntercept ? "" : " - 1")
      return "des <- calibrate(des, \(model), c(\(totals)), calfun = \(quoted(spec.distance.rawValue)), "
        + "bounds = \(bounds), epsilon = 1e-11, maxit = 500\(isReplicated ? ", compress = FALSE" : ""))"
    case .unknownEligibility, .nonresponse: return "# R survey has no such adjustment of weights"
    case .trimming(let spec):
      return "des <- trimWeights(des, lower = \(spec.lower.map { shortest($0) } ?? "-Inf"), "
        + "upper = \(spec.upper.map { shortest($0) } ?? "Inf"), strict = \(spec.isRepeated ? "TRUE" : "FALSE"))"
    case .replication(let method, let isMeanSquaredError):
      return "des <- as.svrepdesign(des, type = \(method == .jackknife ? "\"JK1\"" : "\"JKn\""), "
        + "compress = FALSE, mse = \(isMeanSquaredError ? "TRUE" : "FALSE"))\n"
        + "options(survey.drop.replicates = FALSE)  # rows of strata taken whole stay in every replicate"
    }
  }

  private mutating func population(_ spec: PostStratification) -> ([String], String) {
    let names = spec.columns.map { made("class", column($0)) }
    let values = names.indices.map { place in
      "\(names[place]) = c(\(spec.classes.map { quoted($0.values[place]) }.joined(separator: ", ")))"
    }
    let totals = spec.classes.map { shortest($0.total) }.joined(separator: ", ")
    return (names, "data.frame(\(values.joined(separator: ", ")), Freq = c(\(totals)))")
  }
}
