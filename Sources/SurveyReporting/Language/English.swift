import SurveyData

extension Wording {
  static let english = Wording(
    language: .english,
    headings: Headings(
      indicator: "Indicator",
      domain: "Domain",
      estimate: "Estimate R",
      standardError: "SE",
      lower: "Lower limit",
      upper: "Upper limit",
      method: "Method",
      level: "Level",
      oneSidedLower: "One-sided lower",
      oneSidedUpper: "One-sided upper",
      count: "N (unweighted)",
      weightedCount: "WN (weighted)",
      events: "Events",
      designEffect: "DEFF",
      designEffectRoot: "DEFT",
      relativeError: "SE/R",
      lowerTwo: "R−2SE",
      upperTwo: "R+2SE",
      degreesOfFreedom: "df",
      comparisonLower: "Compared: lower",
      comparisonUpper: "Compared: upper",
      limit: "Limit",
      verdict: "Verdict",
      reason: "Remark",
      withinUnit: "Within unit",
      key: "Indicator key"
    ),
    annex: Annex(
      title: "Sampling-error annex",
      chapterDesign: "1. Design and draw",
      chapterResponse: "2. Response and weights",
      chapterErrors: "3. Sampling errors",
      chapterPlots: "4. Rates against their limits",
      chapterIntervals: "5. How the intervals were made",
      chapterAssumptions: "6. Assumptions",
      chapterInputs: "7. Digests of the inputs",
      chapterSoftware: "8. Software",
      stages: "Stages of the design",
      stage: "Stage",
      unit: "Sampling unit",
      strata: "Strata",
      selection: "Selection",
      population: "Population N",
      sample: "Sample n",
      reserves: "Reserves",
      noStrata: "none",
      notRecorded: "not recorded",
      edition: "Edition of the frame",
      date: "Date",
      protocolVersion: "Draw protocol",
      group: "Draw group",
      commitment: "Commitment to the seed",
      seed: "Seed",
      seedOpen: "revealed",
      seedSealed: "not yet revealed",
      receiptDigest: "Digest of the receipt (SHA-256)",
      frames: "Digests of the frames",
      file: "File",
      digest: "SHA-256 digest",
      rows: "Rows",
      noDraw: "There is no draw record: the design is read from the columns of the survey file.",
      response: "Response",
      selected: "Selected",
      respondents: "Completed",
      replaced: "Replaced",
      rateUnweighted: "Response rate (unweighted)",
      rateWeighted: "Response rate (weighted)",
      noResponse: "There is no response record: the rows of the file are taken as they are.",
      total: "Total",
      responseNote: "Replacements are treated by nonresponse adjustment; the replacement count is listed.",
      weights: "Distribution of the weights",
      weightScope: "Scope",
      minimum: "Minimum",
      maximum: "Maximum",
      mean: "Mean",
      variation: "CV",
      kish: "1 + CV²",
      weightNote: "1 + CV² (Kish) is the factor by which unequal weights swell the variance.",
      errorsLead: "R is the estimate and SE its standard error. The columns are those of DHS Appendix B, "
        + "with confidence limits that hold for small rates, one-sided bounds and the events beside them.",
      twoErrorsNote: "R−2SE and R+2SE are computed as DHS does: near 0 or 1 they may leave the range of a "
        + "rate, and with SE 0 they have no width. Rely on the lower and upper limit.",
      suppressedNote: "Cells with few cases are suppressed to protect persons, and with them others from which they "
        + "could be worked out.",
      withinNote: "A domain that is one drawn unit (such as a county) is estimated within that unit: its "
        + "next stage is taken as the first.",
      missingNote: "A cell without a figure says why; it is never a zero.",
      plotCaption: "Estimates against the limit",
      plotScaleRoot: "square-root scale",
      plotScaleLinear: "linear scale",
      plotLegendBelow: "shown below the limit",
      plotLegendAbove: "shown above the limit",
      plotLegendUnknown: "can't be told",
      plotEstimate: "Estimate [interval]",
      plotEvents: "Events/n",
      limitLine: "limit",
      varianceMethod: "Variance",
      lonelyUnits: "Lonely units",
      design: "Degrees of freedom",
      methodsUsed: "Intervals used in this annex",
      correlations: "Intra-cluster correlation",
      pooled: "Pooled ρ̂",
      planned: "Declared ρ₀",
      unitsUsed: "Units",
      eventsUsed: "Events",
      correlationNote: "ρ̂ is pooled over the counties (units) of this round; ρ₀ was declared before "
        + "fieldwork and is the floor of the design effect. Where they differ much, review ρ₀.",
      assumption: "Assumption",
      noAssumptions: "No option is marked as an assumption.",
      software: "Software version",
      generatedBy: "Made by Mingcha.",
      noInputs: "No input file was recorded.",
      noEstimates: "There are no estimates.",
      inputs: "Input files",
      confidence: "Confidence level",
      allIndicators: "All indicators",
      plotsLead:
        "Lines are two-sided confidence intervals and dots the estimates. Verdicts go by the one-sided "
        + "bound, so an interval that just crosses the limit may still show a side."
    ),
    list: List(title: "Visit list", selected: "selected", reserve: "reserve", about: "About"),
    methods: [
      "pooled-corrected": Method(
        mark: "P+",
        explanation: "Jeffreys limits on an effective sample whose intra-cluster correlation is pooled over "
          + "the round's counties for the indicator and raised by 2/√C of its standard error (C counties), less what "
          + "sampling fractions take off; for a single county, where a round has at least 6 counties. With fewer "
          + "than 10 events in the round the correlation is ρ₀."
      ),
      "pooled": Method(
        mark: "P",
        explanation: "Jeffreys limits on an effective sample whose intra-cluster correlation is pooled over "
          + "the round's counties for the indicator, and taken as it is."
      ),
      "hierarchical": Method(
        mark: "R",
        explanation: "Beta-binomial likelihood of the county's villages; the prior of the correlation comes from "
          + "the other counties of the round."
      ),
      "beta-binomial": Method(
        mark: "S",
        explanation: "Beta-binomial likelihood of the county's villages, the correlation integrated out over "
          + "Beta(1, 15)."
      ),
      "korn-graubard-floor": Method(
        mark: "KG*",
        explanation: "n* is the smaller of the effective sample and the one implied by ρ₀ and the variation "
          + "of the weights; Clopper–Pearson limits on (n*p, n*); without events the effective sample is n."
      ),
      "recovered": Method(
        mark: "Z",
        explanation: "Limits of a rate made of others, recovered from their own limits and correlation "
          + "(Zou and Donner 2008)."
      ),
      "korn-graubard": Method(
        mark: "KG",
        explanation: "Clopper–Pearson limits on the effective sample (Korn and Graubard 1998)."
      ),
      "logit": Method(
        mark: "logit",
        explanation: "A t interval on the logit scale, transformed back (the default of R survey)."
      ),
      "t": Method(
        mark: "t",
        explanation: "Estimate ± t quantile × SE, for means, totals and general ratios."
      ),
      "wilson": Method(mark: "W", explanation: "Wilson limits on the effective sample."),
    ]
  )
}
