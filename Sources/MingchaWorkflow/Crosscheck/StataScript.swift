internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation
internal import SurveyReporting

/// The script for Stata: means, totals, ratios, shares and regressions of plain and replicate designs.
///
/// Whatever Stata has no counterpart for, or counts otherwise (quantiles, functions, calibration but post-stratification,
/// limits), is named in a comment. Stata's rows of a domain with one unit of a stratum follow its own rules.
struct StataScript {
  let part: EstimationReport.Part
  let order: EstimationOrder
  let inputs: [AnnexDigest]
  private var columns: [String] = []
  private var names: [String: String] = [:]
  private var checks: [String] = []

  init(part: EstimationReport.Part, order: EstimationOrder, inputs: [AnnexDigest]) {
    self.part = part
    self.order = order
    self.inputs = inputs
  }

  mutating func text() -> String {
    let design = designLines()
    for estimate in part.estimation.estimates { add(estimate) }
    for result in part.results { add(result) }
    let head = """
      * Repeats figures of `mingcha estimate` in Stata (written for version 16; made without a Stata to run it in).
      * do THIS_SCRIPT; it stops at the first figure that differs by more than 1e-7 of its size.
      \(inputs.map { "* \($0.file): SHA-256 \($0.sha256)" }.joined(separator: "\n"))
      version 16
      clear all
      quietly import delimited using \(quoted(order.paths.first ?? "DATA.csv")), varnames(1) case(preserve) stringcols(_all) clear
      """
    return [head, columns.joined(separator: "\n"), design, checks.joined(separator: "\n"), "display \"done\""]
      .filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private func quoted(_ text: String) -> String { "`\"" + text + "\"'" }

  /// Stata changes a name to letters, digits and underscores when it reads a file.
  private func plain(_ name: String) -> String {
    String(name.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
  }

  private func code(_ expression: Expression) -> String {
    expression.code(in: .stata) { name, isNumber in
      let plain = String(name.map { $0.isLetter || $0.isNumber || $0 == "_" ? $0 : "_" })
      return isNumber ? "real(\(plain))" : plain
    }
  }

  private mutating func made(_ prefix: String, _ code: String, isGroup: Bool = false) -> String {
    if let known = names[prefix + code] { return known }
    let name = "mc_\(prefix)\(names.count + 1)"
    names[prefix + code] = name
    columns.append(isGroup ? "egen \(name) = group(\(code))" : "generate double \(name) = \(code)")
    return name
  }

  private mutating func designLines() -> String {
    var weight = "1"
    switch part.design.weights {
    case .expression(let own): weight = made("w", code(own))
    case .inverse(let probability): weight = made("w", "1 / (\(code(probability)))")
    case .populationSizes: weight = weightOfSizes()
    case .equal: weight = made("w", "1")
    }
    if part.design.secondPhase != nil || part.design.joint != nil || part.joint != nil {
      return "* Stata has no counterpart of this design; the figures below are not comparable."
    }
    if let replicates = part.replicates { return replicateDesign(replicates, weight) }
    var stages: [String] = []
    for (place, stage) in part.design.stages.enumerated() {
      var text = "_n"
      if case .column(let name) = stage.unit { text = made("u", plain(name), isGroup: true) }
      if place == 0 { text += " [pweight = \(weight)]" }
      var options: [String] = []
      if !stage.strata.isEmpty {
        options.append("strata(\(made("s", stage.strata.map(plain).joined(separator: " "), isGroup: true)))")
      }
      if let size = stage.populationSize, !stage.isProportional {
        options.append("fpc(\(made("n", "real(\(plain(size)))")))")
      }
      stages.append(text + (options.isEmpty ? "" : ", " + options.joined(separator: " ")))
    }
    let single =
      switch part.design.lonelyUnits {
      case .fail: "missing"
      case .adjust: "centered"
      case .average: "scaled"
      case .certainty, .remove: "certainty"
      }
    var text = "svyset " + stages.joined(separator: " || ")
    text += stages.last?.contains(",") == true ? "" : ","
    text += " singleunit(\(single))"
    for step in part.design.adjustments {
      if case .postStratification(let spec) = step {
        let group = made("p", spec.columns.map(plain).joined(separator: " "), isGroup: true)
        let totals = spec.classes.map { known in
          let isClass = zip(spec.columns, known.values).map { "\(plain($0)) == \(quoted($1))" }.joined(separator: " & ")
          return "replace mc_total = \(shortest(known.total)) if \(isClass)"
        }
        text = "generate double mc_total = .\n" + totals.joined(separator: "\n") + "\n" + text
        text += " poststrata(\(group)) postweight(mc_total)"
      } else {
        text += "\n* An adjustment of the weights has no counterpart here: the figures below will differ."
      }
    }
    if part.design.stages.contains(where: \.isProportional) {
      text += "\n* Stata knows no Brewer variance: standard errors are those of sampling with replacement."
    }
    return text
  }

  /// N / n, multiplied over the stages.
  private mutating func weightOfSizes() -> String {
    var above: [String] = []
    var factors: [String] = []
    for (place, stage) in part.design.stages.enumerated() {
      above += stage.strata.map(plain)
      let cells = above.isEmpty ? "" : ", by(\(above.joined(separator: " ")))"
      var unit = "mc_row"
      if case .column(let name) = stage.unit { unit = plain(name) }
      if place == 0 { columns.append("generate long mc_row = _n") }
      columns.append("egen byte mc_tag\(place) = tag(\((above + [unit]).joined(separator: " ")))")
      columns.append("egen double mc_n\(place) = total(mc_tag\(place))\(cells)")
      if let size = stage.populationSize {
        let own = "real(\(plain(size)))"
        factors.append("cond(\(own) > 1, \(own) / mc_n\(place), 1 / \(own))")
      }
      above.append(unit)
    }
    return made("w", factors.isEmpty ? "1" : factors.joined(separator: " * "))
  }

  private mutating func replicateDesign(_ order: ReplicateOrder, _ weight: String) -> String {
    let names = order.patterns.joined(separator: " ")
    let method =
      switch order.kind {
      case .balanced, .fay, .pisa:
        "brrweight(\(names)) vce(brr)" + (order.fay > 0 ? " fay(\(shortest(order.fay)))" : "")
      case .bootstrap: "bsrweight(\(names)) vce(bootstrap)"
      case .successiveDifference, .acs: "sdrweight(\(names)) vce(sdr)"
      case .jackknife, .pairedJackknife, .stratifiedJackknife, .other:
        "jkrweight(\(names), multiplier(1)) vce(jackknife)"
      }
    let numbers = "destring \(names), replace"
    let note = "* Stata divides by its own constants: compare the scale of the variance first."
    return "\(numbers)\n\(note)\nsvyset [pweight = \(weight)], \(method)" + (order.isMeanSquaredError ? " mse" : "")
  }

  private mutating func add(_ estimate: Estimate) {
    guard let value = estimate.estimate else { return }
    let key = estimate.indicator
    let indicator = part.request.indicators.first { own in
      if case .proportions = own.statistic { return key.hasPrefix(own.key + "=") }
      return own.key == key
    }
    guard let indicator, !estimate.isWithinUnit else {
      checks.append("* \(key): not repeated in Stata")
      return
    }
    var parts = estimate.domain.map { "(\(plain($0.variable)) == \(quoted($0.value)))" }
    if let filter = indicator.filter { parts.append("(\(code(filter)))") }
    var command: String
    switch indicator.statistic {
    case .mean(let y): command = "mean \(made("y", code(y)))"
    case .total(let y): command = "total \(made("y", code(y)))"
    case .ratio(let a, let b): command = "ratio (\(made("y", code(a))) / \(made("y", code(b))))"
    case .proportions(let column):
      let level = String(key.dropFirst(indicator.key.count + 1))
      command = "mean \(made("y", "(\(plain(column)) == \(quoted(level))) if !missing(\(plain(column)))"))"
    case .variance:
      checks.append("* \(key): not repeated in Stata")
      return
    }
    if parts.isEmpty {
      command = "svy: " + command
    } else {
      command = "svy, subpop(\(made("in", parts.joined(separator: " & ")))): " + command
    }
    checks.append("* \(key) " + estimate.domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ","))
    checks.append("quietly " + command)
    checks.append("matrix mc = r(table)")
    checks.append("assert reldif(mc[1, 1], \(shortest(value))) < 1e-7")
    if let error = estimate.standardError { checks.append("assert reldif(mc[2, 1], \(shortest(error))) < 1e-7") }
  }

  private mutating func add(_ result: AnalysisResult) {
    guard case .regression(let asked, let family) = result.analysis.question,
      case .regression(let model) = result.outcome
    else {
      checks.append("* \(result.place): not repeated in Stata")
      return
    }
    let command =
      switch family {
      case .linear: "regress"
      case .logistic: "logit"
      case .poisson: "poisson"
      }
    var terms: [String] = []
    for term in asked.terms {
      switch term {
      case .classes(let name): terms.append("i." + made("c", plain(name), isGroup: true))
      case .expression(let expression): terms.append(made("y", code(expression)))
      }
    }
    checks.append("* \(result.place)")
    var inside = result.domain.map { "(\(plain($0.variable)) == \(quoted($0.value)))" }
    if let filter = result.analysis.filter { inside.append("(\(code(filter)))") }
    let filter = inside.isEmpty ? "" : ", subpop(\(made("in", inside.joined(separator: " & "))))"
    checks.append(
      "quietly svy\(filter): \(command) \(made("y", code(asked.response))) \(terms.joined(separator: " "))"
    )
    checks.append("matrix mc = r(table)")
    // The constant stands last in Stata.
    for (place, own) in model.coefficients.enumerated() {
      let column = place == 0 ? "colsof(mc)" : "\(place)"
      if asked.terms.contains(where: { if case .classes = $0 { true } else { false } }), place > 0 {
        checks.append("* \(own.name): \(shortest(own.estimate)) (\(shortest(own.standardError)))")
        continue
      }
      checks.append("assert reldif(mc[1, \(column)], \(shortest(own.estimate))) < 1e-7")
      checks.append("assert reldif(mc[2, \(column)], \(shortest(own.standardError))) < 1e-7")
    }
  }
}
