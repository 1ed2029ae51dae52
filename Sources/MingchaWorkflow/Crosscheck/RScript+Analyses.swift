internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

/// Functions of estimates, tests, models and weights.
extension RScript {
  // MARK: functions of estimates

  mutating func addFunctions() {
    for function in part.analysis.functions {
      for estimate in part.estimation.estimates where estimate.indicator == function.key && estimate.estimate != nil {
        if estimate.isWithinUnit {
          note("\(function.key): within one drawn unit, not repeated here.")
          continue
        }
        if function.furtherVariance != nil {
          note("\(function.key): its variance holds that of sensitivity and specificity, not repeated here.")
          continue
        }
        if let formula = function.formula(in: estimate.domain) { add(function.key, formula, estimate) }
      }
    }
    for request in part.analysis.doubleSamples { note("\(request.key): not repeated here.") }
  }

  /// As a function of totals, which R survey knows the joint covariance of.
  private mutating func add(_ key: String, _ function: FigureFormula, _ estimate: Estimate) {
    var parts: [String] = []
    var totals: [String] = []
    for name in function.names {
      guard let own = figure(name, in: estimate) else {
        note("\(key): not repeated here.")
        return
      }
      parts.append(own.formula)
      for column in own.columns where !totals.contains(column) { totals.append(column) }
    }
    if isReplicated {
      let values = parts.enumerated().map { "f\($0 + 1) = \($1)" }.joined(separator: ", ")
      checks.append(
        "x <- withReplicates(des, function(w, data) { S <- function(t) sum(w * data[[t]]); "
          + "c(\(values)) })"
      )
      checks.append("names(x) <- c(\(parts.indices.map { "\"f\($0 + 1)\"" }.joined(separator: ", ")))")
      checks.append("x <- svycontrast(x, quote(\(function.text { "f\($0 + 1)" })))")
    } else {
      let text = function.text { "(\(parts[$0]))" }
      checks.append("x <- svycontrast(svytotal(\(formula(totals)), des), quote(\(text)))")
    }
    // Limits that are recovered from those of rates are not R's.
    let limits = estimate.interval?.method == "t" ? estimate.interval : nil
    checks.append(
      "check(\(title(estimate)), "
        + "\(numbers([estimate.estimate, estimate.standardError, limits?.lower, limits?.upper])), "
        + "student(x, \(number(estimate.degreesOfFreedom.map { Double($0) })), \(level)))"
    )
  }

  /// An estimate that a function names, as a formula of totals of columns.
  private mutating func figure(_ name: FigureName, in estimate: Estimate) -> (formula: String, columns: [String])? {
    let candidates = part.request.indicators.flatMap { indicator -> [(String, Indicator)] in
      if case .proportions = indicator.statistic {
        return name.key.hasPrefix(indicator.key + "=") ? [(name.key, indicator)] : []
      }
      return [(indicator.key, indicator)]
    }
    guard
      let (key, indicator) = candidates.first(where: { $0.0 == name.key })
        ?? candidates.first(where: { $0.0.last == ")" && $0.0.dropLast().hasSuffix("(" + name.key) })
    else { return nil }
    var domain = estimate.domain
    if !name.domain.isEmpty {
      let all = part.estimation.estimates.map(\.domain)
      guard
        let found = all.first(where: { values in
          values.count == name.domain.count
            && zip(values, name.domain).allSatisfy { $1 == $0.value || $1 == "\($0.variable)=\($0.value)" }
        })
      else { return nil }
      domain = found
    }
    let inside = mask(domain, indicator.filter).map { "(\($0))" } ?? "TRUE"
    func amount(_ y: String, _ present: String) -> String {
      made("t", "ifelse(\(inside) & !is.na(\(present)), \(y), 0)")
    }
    func total(_ name: String) -> String { isReplicated ? "S(\"\(name)\")" : name }
    switch indicator.statistic {
    case .mean(let expression):
      let y = "d$" + variable(expression)
      let (a, b) = (amount(y, y), amount("1", y))
      return ("\(total(a)) / \(total(b))", [a, b])
    case .total(let expression):
      let y = "d$" + variable(expression)
      let a = amount(y, y)
      return (total(a), [a])
    case .ratio(let above, let below):
      let (y, z) = ("d$" + variable(above), "d$" + variable(below))
      let (a, b) = (amount(y, "\(y) + \(z)"), amount(z, "\(y) + \(z)"))
      return ("\(total(a)) / \(total(b))", [a, b])
    case .proportions(let column):
      let level = String(key.dropFirst(indicator.key.count + 1))
      let y = "d$" + made("share", "as.numeric(\(self.column(column)) == \(quoted(level)))")
      let (a, b) = (amount(y, y), amount("1", y))
      return ("\(total(a)) / \(total(b))", [a, b])
    case .variance(let expression):
      let y = "d$" + variable(expression)
      let (q, a, b) = (amount("\(y)^2", y), amount(y, y), amount("1", y))
      // n/(n − 1) is a constant of the sample.
      let count = estimate.unweightedCount
      let mean = "(\(total(a)) / \(total(b)))"
      return ("\(count) / (\(count) - 1) * (\(total(q)) / \(total(b)) - \(mean)^2)", [q, a, b])
    }
  }

  // MARK: tests and models

  mutating func addResults() {
    for result in part.results {
      if part.replicates?.countsDeviations == true {
        note("\(result.place): R survey counts a degree of freedom less for such replicates, not repeated here.")
        continue
      }
      let mask = mask(result.domain, result.analysis.filter)
      if mask != nil, keepsOutsideRows, result.countsRows {
        note("\(result.place): R survey counts rows outside the domain of such a design, not repeated here.")
        continue
      }
      let begin = checks.count
      switch (result.analysis.question, result.outcome) {
      case (_, .impossible(let finding)): note("\(result.place): no answer (\(finding.code)).")
      case (.association, .association) where isFullTwoPhase:
        note("\(result.place): R survey has no such test of two phases by the full variance, not repeated here.")
      case (.association(let row, let column, let statistic), .association(let test)):
        add(test, row, column, statistic, result.place, subset(mask))
      case (.regression(let model, let family), .regression(let fitted)):
        add(fitted, model, family, result.place, subset(mask))
      case (let question, .comparison(let test)): add(question, test, result.place, subset(mask))
      default: note("\(result.place): not repeated here.")
      }
      if isFullTwoPhase { passOverMissing(result.place, from: begin) }
    }
  }

  private var isFullTwoPhase: Bool { design.secondPhase?.variance == .full }

  /// R survey cannot leave rows out of a matrix of the whole second phase, and stops where a value is missing.
  private mutating func passOverMissing(_ title: String, from begin: Int) {
    let own = checks[begin...]
    guard own.contains(where: { !$0.hasPrefix("#") }) else { return }
    let told = quoted("not repeated  \(title): R survey stops at missing values in two phases by the full variance")
    checks.replaceSubrange(
      begin...,
      with: ["tryCatch({"] + own + [
        "}, error = function(e) if (grepl(\"Matrix\", conditionMessage(e))) cat(\(told), \"\\n\") else stop(e))"
      ]
    )
  }

  /// A domain leaves rows outside in the design, with no weight.
  private var keepsOutsideRows: Bool {
    let isAdjusted = design.adjustments.contains { if case .replication = $0 { false } else { true } }
    let isUnequal = design.joint != nil || part.joint != nil || design.stages.contains(where: \.isProportional)
    return !isReplicated && (isAdjusted || isUnequal || design.secondPhase != nil)
  }

  private mutating func add(
    _ test: AssociationTest,
    _ row: String,
    _ column: String,
    _ statistic: AssociationStatistic,
    _ title: String,
    _ design: String
  ) {
    let (row, column) = (
      made("class", "factor(\(self.column(row)))"), made("class", "factor(\(self.column(column)))")
    )
    checks.append("x <- svychisq(~\(row) + \(column), \(design), statistic = \(quoted(statistic.rawValue)))")
    let values = [test.statistic] + test.degreesOfFreedom.map { Optional($0) }
    checks.append(
      "check(\(quoted(title)), \(numbers(values)), " + "c(x$statistic, x$parameter)[1:\(values.count)], 1e-7)"
    )
    let tolerance = statistic == .saddlepoint ? "1e-4" : "1e-7"
    checks.append("check(\(quoted(title + " p")), \(numbers([test.pValue])), x$p.value, \(tolerance))")
  }

  private mutating func add(
    _ fitted: SurveyRegression,
    _ model: ModelFormula,
    _ family: RegressionFamily,
    _ title: String,
    _ design: String
  ) {
    let response = variable(model.response)
    let terms = model.terms.map { term($0) }
    let family =
      switch family {
      case .linear: "gaussian()"
      case .logistic: "quasibinomial()"
      case .poisson: "quasipoisson()"
      }
    checks.append(
      "x <- svyglm(\(response) ~ \(terms.isEmpty ? "1" : terms.joined(separator: " + ")), \(design), "
        + "family = \(family), control = glm.control(epsilon = 1e-14, maxit = 100))"
    )
    checks.append(
      "co <- summary(x)$coefficients; ci <- suppressMessages(confint(x, ddf = degf(x$survey.design), level = \(level)))"
    )
    for (place, own) in fitted.coefficients.enumerated() {
      checks.append(
        "check(\(quoted("\(title): \(own.name)")), "
          + "\(numbers([own.estimate, own.standardError, own.statistic, own.lower, own.upper])), "
          + "c(co[\(place + 1), 1:3], ci[\(place + 1), ]), 1e-6)"
      )
      checks.append(
        "check(\(quoted("\(title): \(own.name) p")), \(numbers([own.pValue])), co[\(place + 1), 4], 1e-4)"
      )
    }
  }

  private mutating func term(_ term: ModelFormula.Term) -> String {
    switch term {
    case .classes(let name): made("class", "factor(\(column(name)))")
    case .expression(let expression):
      if let name = term.column {
        // A column of texts is a factor.
        made(
          "term",
          "if (any(is.na(suppressWarnings(num(\(column(name))))) & !(\(column(name)) %in% c(NA, \"NA\", \".\")))) "
            + "as.character(\(column(name))) else num(\(column(name)))"
        )
      } else {
        variable(expression)
      }
    }
  }

  private mutating func add(
    _ question: Analysis.Question,
    _ test: ComparisonTest,
    _ title: String,
    _ design: String
  ) {
    let isPlain = part.request.level == 0.95
    let ours = numbers([
      test.statistic, Double(test.degreesOfFreedom), test.pValue, test.difference, isPlain ? test.lower : nil,
      isPlain ? test.upper : nil,
    ])
    func group(_ model: ModelFormula) -> String {
      let name = model.terms.first?.column ?? ""
      return made("group", "as.numeric(factor(\(column(name)))) - 1")
    }
    switch question {
    case .mean(let value, let mean):
      let shifted = made("y", "d$\(variable(value)) - (\(shortest(mean)))")
      checks.append("x <- svyttest(\(shifted) ~ 0, \(design))")
      checks.append(
        "check(\(quoted(title)), \(ours), c(x$statistic, x$parameter, x$p.value, x$estimate, x$conf.int), 1e-6)"
      )
    case .means(let model):
      checks.append("x <- svyttest(\(variable(model.response)) ~ \(group(model)), \(design))")
      checks.append(
        "check(\(quoted(title)), \(ours), c(x$statistic, x$parameter, x$p.value, x$estimate, x$conf.int), 1e-6)"
      )
    case .ranks(let model, let score):
      checks.append(
        "x <- svyranktest(\(variable(model.response)) ~ \(group(model)), \(design), "
          + "test = \(quoted(score.rawValue)))"
      )
      let ours = numbers([test.statistic, Double(test.degreesOfFreedom), test.pValue, test.difference])
      checks.append("check(\(quoted(title)), \(ours), c(x$statistic, x$parameter, x$p.value, x$estimate), 1e-6)")
    case .association, .regression: break
    }
  }

  // MARK: weights

  mutating func addWeights() {
    guard let weighting = part.weighting else { return }
    checks.append("w <- weights(des, \"sampling\"); w <- w[w != 0]")
    checks.append(
      "check(\"final weights: sum, least, largest\", "
        + "\(numbers([weighting.final.sum, weighting.final.least, weighting.final.largest])), "
        + "c(sum(w), min(w), max(w)), 1e-6)"
    )
  }
}
