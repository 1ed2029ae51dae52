import AssessmentReporting
import Documents
import Glibc
import SurveyData
import SurveyEstimation
import SurveyReporting
import Testing

/// Writes the sample annex for human eyes into the folder named by MINGCHA_LOOK.
@Test("the sample annex is written in every form", .enabled(if: getenv("MINGCHA_LOOK") != nil))
func look() throws {
  guard let folder = getenv("MINGCHA_LOOK").map({ String(cString: $0) }) else { return }
  for language in Language.allCases {
    let document = SamplingErrorAnnex.document(input: SampleRound.annex, language: language)
    for writer in Writers.all {
      let path = "\(folder)/annex-\(language.rawValue).\(writer.suffix)"
      #expect(try !writer.write(document, to: path, overwrite: true).isEmpty)
    }
    let sheet = ScoreSheet.document(input: SampleScores.input, language: language)
    for writer in [HTMLWriter(), XLSXWriter()] as [any DocumentWriter] {
      try writer.write(sheet, to: "\(folder)/score-\(language.rawValue).\(writer.suffix)", overwrite: true)
    }
    let rows = (0..<12).map { index -> ForestPlot.Row in
      let square = Double(index * index)
      return ForestPlot.Row(
        name: SampleRound.counties[index + 12].zh,
        estimate: square / 4_000,
        lower: 0,
        upper: 0.012 + square / 500,
        verdict: index < 3 ? .shownBelow : .cannotTell,
        events: index,
        count: 120,
        reason: nil
      )
    }
    let plots = ForestPlot(title: "r", rows: rows, limit: Limit(.atMost, 0.02), language: language).figures
    try HTMLWriter().write(
      Document(title: "", language: .chinese, blocks: plots.map { .figure($0) }),
      to: "\(folder)/root-\(language.rawValue).html",
      overwrite: true
    )
    let list = Table(columns: [
      Column("order", numbers: (1...36).map(Double.init)),
      Column("role", texts: (1...36).map { $0 <= 24 ? "selected" : "reserve" }),
      Column("code", texts: SampleRound.counties.map(\.code)),
      Column("name_zh", texts: SampleRound.counties.map(\.zh)),
      Column("county_stratum", texts: SampleRound.counties.map { String($0.code.prefix(4)) + "00" }),
      Column("county_population", numbers: (1...36).map { Double($0 % 7 + 4) }),
      Column("inclusion_probability", numbers: (1...36).map { 1 / Double($0 % 7 + 4) }),
      Column("weight", numbers: (1...36).map { $0 <= 24 ? Double($0 % 7 + 4) : .nan }),
    ])
    let visits = VisitList.document(
      list,
      facts: [(LocalizedText(zh: "抽取凭证摘要", en: "Receipt digest"), "b4c1e9b07")],
      language: language
    )
    try XLSXWriter().write(visits, to: "\(folder)/visits-\(language.rawValue).xlsx", overwrite: true)
    let table = EstimateTable.make(
      SampleRound.estimates,
      indicators: SampleRound.indicators,
      domains: SampleRound.domains,
      language: language,
      form: .reader
    )
    let text = TerminalWriter(width: 120, leadingColumns: 2).text(of: table)
    try AtomicFile.write(
      Array(text.utf8),
      to: "\(folder)/estimates-\(language.rawValue).txt",
      overwrite: true
    )
  }
}
