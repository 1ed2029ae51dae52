internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

extension RScript {
  var level: String { shortest(part.request.level) }
  var dropsMissing: String { part.request.dropsMissing ? "TRUE" : "FALSE" }

  mutating func note(_ text: String) { checks.append("# " + text) }

  func title(_ estimate: Estimate) -> String {
    let place = estimate.domain.map { "\($0.variable)=\($0.value)" }.joined(separator: ",")
    return quoted(place.isEmpty ? estimate.indicator : "\(estimate.indicator) [\(place)]")
  }

  private func indicator(of key: String) -> Indicator? {
    part.request.indicators.first { indicator in
      if indicator.key == key { return true }
      if case .proportions = indicator.statistic { return key.hasPrefix(indicator.key + "=") }
      return false
    }
  }

  // MARK: means, totals, ratios, shares, variances

  mutating func addFigures() {
    for estimate in part.estimation.estimates {
      guard let indicator = indicator(of: estimate.indicator), estimate.estimate != nil else { continue }
      if estimate.isWithinUnit {
        addWithin(estimate, indicator)
      } else {
        let design = subset(mask(estimate.domain, indicator.filter))
        add(estimate, indicator, design)
      }
    }
  }

  private mutating func add(_ estimate: Estimate, _ indicator: Indicator, _ design: String, isWithin: Bool = false) {
    let effect: String
    switch part.request.deff {
    case .withoutReplacement where estimate.designEffect != nil && !isWithin && !hasRows: effect = ", deff = TRUE"
    case .withReplacement where estimate.designEffect != nil && !isWithin && !hasRows: effect = ", deff = \"replace\""
    default: effect = ""
    }
    let call: String
    var variable: String?
    switch indicator.statistic {
    case .mean(let y):
      let name = self.variable(y)
      variable = name
      call = "svymean(~\(name), \(design), na.rm = \(dropsMissing)\(effect))"
    case .total(let y):
      call = "svytotal(~\(self.variable(y)), \(design), na.rm = \(dropsMissing)\(effect))"
    case .ratio(let a, let b):
      call = "svyratio(~\(self.variable(a)), ~\(self.variable(b)), \(design), na.rm = \(dropsMissing)\(effect))"
    case .proportions(let column):
      let level = String(estimate.indicator.dropFirst(indicator.key.count + 1))
      let name = made("share", "as.numeric(\(self.column(column)) == \(quoted(level)))")
      variable = name
      call = "svymean(~\(name), \(design), na.rm = \(dropsMissing)\(effect))"
    case .variance(let y):
      call = "svyvar(~\(self.variable(y)), \(design), na.rm = \(dropsMissing))"
    }
    let freedom = estimate.degreesOfFreedom.map { Double($0) }
    let isStudent = estimate.interval.map { $0.method == "t" || $0.method == "mean" } ?? false
    let lower = isStudent ? estimate.interval?.lower : nil
    let upper = isStudent ? estimate.interval?.upper : nil
    checks.append("x <- \(call)")
    var ours: [Double?] = [estimate.estimate, estimate.standardError, lower, upper]
    var theirs = "student(x, \(number(freedom)), \(level))"
    if !effect.isEmpty {
      ours.append(estimate.designEffect)
      theirs = "c(\(theirs), deff(x))"
    }
    checks.append("check(\(title(estimate)), \(numbers(ours)), \(theirs))")
    if part.replicates?.countsDeviations == true {
      note("R survey counts the rank of the replicates less 1, and not of their deviations: degf is not compared.")
    } else if !isWithin, let own = estimate.domainDegreesOfFreedom {
      checks.append("check(paste(\(title(estimate)), \"degf\"), \(own), degf(\(design)))")
    }
    if estimate.isProportion { addLimits(estimate, design: design, variable: variable, freedom: freedom) }
  }

  /// Rows are kept: design effects of adjusted weights are not R's.
  private var hasRows: Bool { design.needsRows || part.replicates != nil || part.joint != nil }

  private mutating func addLimits(_ estimate: Estimate, design: String, variable: String?, freedom: Double?) {
    let all = [(estimate.interval, "limits"), (estimate.comparison, "logit")]
    for (interval, word) in all {
      guard let interval, interval.method != "t", interval.method != "mean" else { continue }
      let what = "paste(\(title(estimate)), \(quoted("\(word) \(interval.method)")))"
      let ours = numbers([interval.lower, interval.upper])
      let (p, t) = ("as.numeric(coef(x))", "qt((1 + \(level)) / 2, \(number(freedom)))")
      let size = number(interval.effectiveSampleSize)
      let tail = "(1 - \(level)) / 2"
      switch interval.method {
      case "logit", "xlogit", "likelihood", "asin", "beta":
        if let variable {
          var method = quoted(interval.method)
          let tolerance = interval.method == "likelihood" ? "1e-3" : "1e-6"
          if isReplicated, interval.method == "logit" {
            note("A replicate without an event has no logit: then by the derivative, as in other designs.")
            checks.append(
              "v <- \(design); k <- !is.na(v$variables[[\"\(variable)\"]]); w <- weights(v, \"analysis\")[k, ]"
            )
            checks.append("s <- colSums(w * v$variables[[\"\(variable)\"]][k]) / colSums(w)")
            checks.append("method <- if (any(s <= 1e-12 | s >= 1 - 1e-12, na.rm = TRUE)) \"xlogit\" else \"logit\"")
            method = "method"
          }
          checks.append(
            "y <- as.numeric(suppressWarnings(attr(svyciprop(~\(variable), \(design), method = \(method), "
              + "level = \(level), df = \(number(freedom)), na.rm = \(dropsMissing)), \"ci\")))"
          )
          if isReplicated {
            note("R survey has no limits where a replicate shows no event: not compared.")
            checks.append("check(\(what), if (anyNA(y)) c(NA, NA) else \(ours), y, \(tolerance))")
          } else {
            checks.append("check(\(what), \(ours), y, \(tolerance))")
          }
        } else if isReplicated {
          note("\(interval.method) limits of a ratio rest on the replicates' log odds: no counterpart in R survey.")
        } else if interval.method == "logit" || interval.method == "xlogit" {
          checks.append(
            "check(\(what), \(ours), plogis(qlogis(\(p)) + c(-1, 1) * \(t) * as.numeric(SE(x)) / (\(p) * (1 - \(p)))))"
          )
        } else {
          note("\(interval.method) limits of a ratio have no counterpart in R survey.")
        }
      case "korn-graubard", "korn-graubard-floor":
        note("Clopper–Pearson limits on the effective sample that Mingcha printed, n* = \(size).")
        checks.append(
          "check(\(what), \(ours), c(qbeta(\(tail), \(p) * \(size), \(size) * (1 - \(p)) + 1), "
            + "qbeta(\(tail), \(p) * \(size) + 1, \(size) * (1 - \(p)), lower.tail = FALSE)), 1e-6)"
        )
      case "pooled", "pooled-corrected":
        note("Jeffreys limits on the effective sample that Mingcha printed, n* = \(size); above 1/2 the mirror image.")
        checks.append(
          "pooled <- function(p, n) { e <- p * n; c(if (e <= 0) 0 else qbeta(\(tail), e + 0.5, n - e + 0.5), "
            + "qbeta(\(tail), e + 0.75, n - e + 0.25, lower.tail = FALSE)) }"
        )
        checks.append(
          "check(\(what), \(ours), if (\(p) > 0.5) rev(1 - pooled(1 - \(p), \(size))) else pooled(\(p), \(size)), 1e-6)"
        )
      case "wilson":
        note("Wilson's limits on the effective sample that Mingcha printed, n* = \(size).")
        checks.append(
          "wilson <- function(p, n, t) (p + t^2 / (2 * n) + c(-1, 1) * t * sqrt(p * (1 - p) / n + t^2 / (4 * n^2))) "
            + "/ (1 + t^2 / n)"
        )
        checks.append("check(\(what), \(ours), wilson(\(p), \(size), \(t)), 1e-6)")
      default: note("\(interval.method): no counterpart in R survey.")
      }
    }
  }

  /// A domain that is one drawn unit, estimated within it: a design of that unit's rows.
  private mutating func addWithin(_ estimate: Estimate, _ indicator: Indicator) {
    guard design.adjustments.isEmpty, design.stages.count > 1 else {
      note("\(estimate.indicator): within one drawn unit with adjusted weights, not repeated here.")
      return
    }
    let domain = made("in", mask(estimate.domain, nil) ?? "TRUE")
    let first = stage(0)
    let stages = design.stages.indices.dropFirst().map { stage($0) }
    guard let unit = first.unit else { return }
    var arguments = [
      stages[0].unit == nil ? "ids = ~1" : formula(stages.compactMap(\.unit), prefix: "ids = ")
    ]
    let strata = stages.map(\.stratum)
    if let last = strata.lastIndex(where: { $0 != nil }) {
      arguments.append(formula(strata[...last].map { $0 ?? made("one", "1") }, prefix: "strata = "))
    }
    let sizes = stages.map(\.population)
    if let last = sizes.lastIndex(where: { $0 != nil }) {
      arguments.append(formula(sizes[...last].map { $0 ?? made("infinite", "Inf") }, prefix: "fpc = "))
    }
    arguments.append("weights = ~mc_own, nest = TRUE")
    let share: String
    if let population = first.population {
      let cells = first.stratum.map { "d$\($0)" } ?? "rep(1, nrow(d))"
      share = design.stages[0].isProportional ? "d$\(population)" : "fraction(d$\(population), d$\(unit), \(cells))"
    } else {
      share = "1"
    }
    checks.append("rows <- d$\(unit) %in% d$\(unit)[d$\(domain)]")
    checks.append("own <- d[rows, ]; own$mc_own <- (weights(des) * \(share))[rows]")
    checks.append("one <- svydesign(\(arguments.joined(separator: ", ")), data = own)")
    if let mask = mask(estimate.domain, indicator.filter) {
      checks.append("one <- subset(one, \(made("in", mask)))")
    }
    add(estimate, indicator, "one", isWithin: true)
  }

  // MARK: quantiles

  mutating func addQuantiles() {
    for request in part.analysis.quantiles {
      let variable = variable(request.variable)
      var domains: [[DomainValue]] = []
      for estimate in part.estimation.estimates
      where request.probabilities.contains(where: { request.key($0) == estimate.indicator })
        && !domains.contains(estimate.domain)
      {
        domains.append(estimate.domain)
      }
      for domain in domains {
        let design = subset(mask(domain, request.filter))
        let shares = "c(" + request.probabilities.map { shortest($0) }.joined(separator: ", ") + ")"
        let interval: String
        switch request.interval {
        case .score: interval = QuantileInterval.mean.rawValue
        case .scoreByRows: interval = QuantileInterval.score.rawValue
        case .mean, .xlogit, .asin, .beta: interval = request.interval.rawValue
        }
        let isCompared = request.interval == .mean || request.interval != .score && !isReplicated
        if !isCompared {
          note("R survey 4.1 has no such limits (docs/crosscheck.md): only the quantiles are compared.")
        }
        checks.append(
          "x <- svyquantile(~\(variable), \(design), quantiles = \(shares), alpha = 1 - \(level), interval.type = "
            + "\(quoted(interval)), qrule = \(quoted(request.rule.rawValue)), na.rm = \(dropsMissing), "
            + "ci = TRUE)[[1]]"
        )
        note("R survey 4.1 gives the second value where a share lies below the weight of the first: not compared.")
        checks.append("least <- min(d$\(variable)[\(mask(domain, request.filter) ?? "TRUE")], na.rm = TRUE)")
        for (place, share) in request.probabilities.enumerated() {
          guard
            let estimate = part.estimation.estimates.first(where: {
              $0.indicator == request.key(share) && $0.domain == domain
            }), estimate.estimate != nil
          else { continue }
          let ours = numbers([
            estimate.estimate, estimate.interval?.lower, estimate.interval?.upper, estimate.standardError,
          ])
          checks.append("o <- \(ours); if (o[1] == least) o[] <- NA; o[o == least] <- NA; if (is.na(o[2])) o[4] <- NA")
          if !isCompared { checks.append("o[2:4] <- NA") }
          checks.append("check(\(title(estimate)), o, x[\(place + 1), 1:4], 1e-6)")
        }
      }
    }
  }
}
