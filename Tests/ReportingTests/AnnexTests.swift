import Documents
import SurveyData
import SurveyDesign
import SurveyEstimation
import SurveyReporting
import Testing

@Suite struct AnnexTests {
  private static let input = SampleRound.annex

  @Test("the annex holds every chapter in both languages", arguments: Language.allCases)
  func chapters(language: Language) {
    let document = SamplingErrorAnnex.document(input: Self.input, language: language)
    let headings = document.blocks.compactMap { block -> String? in
      if case .heading(1, let text) = block { text } else { nil }
    }
    let words = Wording.of(language).annex
    #expect(
      headings == [
        words.chapterDesign, words.chapterResponse, words.chapterErrors, words.chapterPlots,
        words.chapterIntervals, words.chapterAssumptions, words.chapterInputs, words.chapterSoftware,
      ]
    )
  }

  @Test("a table for the whole, and one a rate for every league and county, under keys of their own")
  func tables() {
    let tables = SamplingErrorAnnex.document(input: Self.input, language: .chinese).tables
    let errors = tables.filter { $0.key.hasPrefix("errors") }
    #expect(errors.count == 1 + 8 + 8)
    #expect(Set(tables.map(\.key)).count == tables.count)
    #expect(errors.filter { $0.key.contains("league_code") }.allSatisfy { $0.rows.count == 12 })
    #expect(errors.filter { $0.key.contains("county_code") }.allSatisfy { $0.rows.count == 36 })
  }

  @Test("a sealed draw shows its commitment and a revealed one its seed")
  func secret() {
    var input = Self.input
    func terms(_ input: AnnexInput) -> [String] {
      SamplingErrorAnnex.document(input: input, language: .english).blocks.flatMap { block in
        if case .definitions(let items) = block { items.map(\.term) } else { [String]() }
      }
    }
    #expect(terms(input).contains("Commitment to the seed (not yet revealed)"))
    input.draw?.secret = .seed("dice 1 2 3")
    #expect(terms(input).contains("Seed (revealed)"))
  }

  @Test("English pages hold no full-width brackets of ours and Chinese pages no English chapter")
  func languages() {
    let english = TerminalWriter().text(
      of: SamplingErrorAnnex.document(input: Self.input, language: .english)
    )
    #expect(!english.contains("（限值") && !english.contains("假设"))
    let chinese = TerminalWriter().text(
      of: SamplingErrorAnnex.document(input: Self.input, language: .chinese)
    )
    #expect(chinese.contains("假设 1") && !chinese.contains("Sampling errors"))
  }

  @Test("a file without draw, response, inputs or assumptions says so in each chapter")
  func bare() {
    let input = AnnexInput(
      title: LocalizedText("t"),
      estimates: [],
      indicators: SampleRound.indicators,
      domains: SampleRound.domains,
      varianceMethod: LocalizedText("v"),
      lonelyUnits: .fail,
      plannedCorrelation: 0.02,
      software: "s"
    )
    let text = TerminalWriter().text(of: SamplingErrorAnnex.document(input: input, language: .english))
    let words = Wording.of(.english).annex
    for sentence in [words.noDraw, words.noResponse, words.noEstimates, words.noAssumptions, words.noInputs] {
      #expect(text.contains(sentence))
    }
  }
}

@Suite struct SamplingErrorTableTests {
  private func estimate(
    _ value: Double?,
    error: Double?,
    n: Int,
    deff: Double? = 4,
    reason: Reason? = nil
  ) -> Estimate {
    Estimate(
      indicator: "wrong_exit_rate",
      domain: [DomainValue("county_code", "150121")],
      estimate: value,
      standardError: error,
      unweightedCount: n,
      weightedCount: Double(n) * 10,
      events: 3,
      degreesOfFreedom: 20,
      domainDegreesOfFreedom: 20,
      designEffect: deff,
      isProportion: true,
      interval: value.map { Interval(method: "pooled", level: 0.95, lower: $0 / 2, upper: $0 * 2) },
      comparison: nil,
      oneSided: nil,
      verdict: nil,
      isWithinUnit: true,
      reason: reason
    )
  }

  private func cells(_ estimate: Estimate) -> [String: Cell] {
    let table = SamplingErrorTable(
      indicators: SampleRound.indicators,
      domains: SampleRound.domains,
      suppressedBelow: 5,
      language: .chinese
    ).byIndicator([estimate], key: "k", title: "t", level: "旗县")
    return Dictionary(uniqueKeysWithValues: zip(table.columns.map(\.key), table.rows[0]))
  }

  @Test("DEFT, SE/R and R ± 2 SE are those of DHS, below zero too")
  func columns() {
    let cells = cells(estimate(0.01, error: 0.0075, n: 400))
    #expect(cells["deft"] == .number(2))
    #expect(cells["relative_error"] == .number(0.0075 / 0.01))
    #expect(cells["lower_two_errors"] == .styled(0.01 - 2 * 0.0075, .percent(2)))
    #expect(cells["upper_two_errors"] == .styled(0.01 + 2 * 0.0075, .percent(2)))
    #expect(cells["lower"] == .styled(0.005, .percent(2)))
    #expect(cells["method"] == .text("P"))
  }

  @Test("an estimate on fewer than five units shows nothing but the reason", arguments: [1, 4])
  func suppressed(n: Int) {
    for (key, cell) in cells(estimate(0.5, error: 0.1, n: n)) where key != "name" {
      #expect(cell == .empty(reason: "样本少于 5，不公布"))
    }
  }

  @Test("five units are enough, and an empty domain has its own reason")
  func boundary() {
    #expect(cells(estimate(0.2, error: 0.1, n: 5))["estimate"] == .styled(0.2, .percent(2)))
    let empty = cells(estimate(nil, error: nil, n: 0, deff: nil, reason: .emptyDomain))
    #expect(empty["estimate"] == .empty(reason: "无样本"))
    #expect(empty["count"] == .integer(0))
  }

  @Test("an estimate of zero has no relative error rather than an infinite one")
  func zero() {
    #expect(cells(estimate(0, error: 0, n: 300, deff: nil))["relative_error"]?.isEmpty == true)
  }
}

@Suite struct EstimateTableTests {
  private func table(_ form: EstimateTable.Form, _ language: Language = .chinese) -> DocumentTable {
    EstimateTable.make(
      SampleRound.estimates,
      indicators: SampleRound.indicators,
      domains: SampleRound.domains,
      language: language,
      form: form
    )
  }

  @Test("programs get keys, codes and full digits; one row an estimate")
  func machine() throws {
    let table = table(.machine)
    #expect(table.rows.count == SampleRound.estimates.count)
    let keys = table.columns.map(\.key)
    #expect(Set(keys).count == keys.count)
    let county = try #require(keys.firstIndex(of: "county_code"))
    #expect(table.rows.contains { $0[county] == .text("150722") })
    let verdict = try #require(keys.firstIndex(of: "verdict"))
    let verdicts = Set(table.rows.compactMap { $0[verdict].plainText })
    #expect(verdicts.isSubset(of: ["shown-below", "cannot-tell", "shown-above"]) && !verdicts.isEmpty)
    #expect(JSONWriter.records(of: table).contains("\"method\": \"pooled\""))
  }

  @Test("readers get names, per cents and the mark of the method with its meaning under the table")
  func reader() {
    let text = TerminalWriter().text(of: table(.reader))
    #expect(text.contains("莫力达瓦达斡尔族自治旗") && text.contains("错退率") && !text.contains("wrong_exit"))
    #expect(text.contains("* P：") && text.contains("* KG*："))
    #expect(text.contains("户类型占比：P2"))
  }

  @Test("every line of the Chinese table is as wide as the rule above it")
  func aligned() throws {
    let lines = TerminalWriter().text(of: table(.reader)).split(separator: "\n").map(String.init)
    let rule = try #require(lines.firstIndex { $0.hasPrefix("─") })
    let width = DisplayWidth.of(lines[rule])
    #expect(lines[(rule + 1)...].filter { !$0.hasPrefix("*") }.allSatisfy { DisplayWidth.of($0) <= width })
    // The second column begins at the same cell in every row.
    let start = DisplayWidth.of(String(lines[rule].prefix { $0 == "─" })) + 2
    for line in lines[(rule + 1)...] where !line.hasPrefix("*") {
      var cells = 0
      var boundaries = Set<Int>()
      for scalar in line.unicodeScalars {
        boundaries.insert(cells)
        cells += DisplayWidth.of(scalar)
      }
      #expect(boundaries.contains(start))
    }
  }
}

@Suite struct AnnexWeightsTests {
  @Test("cv² is n Σw² / (Σw)² − 1, and no weights give no row")
  func kish() throws {
    let weights = [1.0, 2, 3, 10]
    let summary = try #require(AnnexWeights(scope: LocalizedText("all"), weights: weights))
    let factor = 4 * weights.reduce(0) { $0 + $1 * $1 } / (16.0 * 16)
    #expect(abs(summary.kishFactor - factor) < 1e-12)
    #expect(summary.minimum == 1 && summary.maximum == 10 && summary.mean == 4)
    #expect(AnnexWeights(scope: LocalizedText("none"), weights: []) == nil)
  }
}
