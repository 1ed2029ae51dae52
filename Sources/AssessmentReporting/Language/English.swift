import SurveyData

extension ScoreWording {
  static let english = ScoreWording(
    language: .english,
    title: "Score sheet",
    summary: "1. Scores of the leagues",
    matrixRegular: "2. Regular points, row by league",
    matrixYearEnd: "3. Year-end points, row by league",
    details: "4. Each league row by row",
    assumptions: "5. Assumptions",
    inputs: "6. Digests of the inputs",
    software: "7. Software",
    league: "League",
    row: "Row",
    criterion: "Criterion",
    block: "Block",
    maximum: "Max.",
    measured: "Measured by",
    estimate: "Estimate",
    interval: "Interval",
    regular: "Regular",
    yearEnd: "Year-end",
    total: "Total",
    range: "Range",
    available: "Max. available",
    exact: "of it exact",
    estimated: "of it estimated",
    missing: "Max. missing",
    notApplicable: "Max. not applicable",
    grade: "Grade",
    remark: "Remark",
    rangeNote: "Range: the points when every estimate moves within its interval, all at the low (high) end "
      + "at once, so it is wider than a confidence interval of the total.",
    missingNote: "A row without data is not scored as zero and not counted in what is available; totals "
      + "hold the rows with points only.",
    partNote: "Exact: administrative data. Estimated: from the sample survey, with sampling error.",
    assumption: "Assumption",
    softwareVersion: "Software version",
    noAssumptions: "No option is marked as an assumption.",
    scores: "Points with range",
    notScored: "no score recorded for this row",
    missingShort: "missing",
    notApplicableShort: "not appl."
  )
}
