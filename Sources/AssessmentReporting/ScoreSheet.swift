package import Documents
package import SurveyData
import SurveyReporting

/// The score sheet of a round: every row of the rubric for every league, with what is exact, what is
/// estimated and what is missing.
package enum ScoreSheet {
  /// The sheet as a document; its tables are also the sheets of the workbook.
  package static func document(input: ScoreSheetInput, language: Language) -> Document {
    let words = ScoreWording.of(language)
    let tables = ScoreTables(input: input, words: words)
    let name = input.title.text(in: language)
    var blocks: [Document.Block] = [
      .heading(level: 1, words.summary), .table(tables.summary),
      .heading(level: 1, words.matrixRegular), .table(tables.matrix(.regular)),
      .heading(level: 1, words.matrixYearEnd), .table(tables.matrix(.yearEnd)),
      .heading(level: 1, words.details),
    ]
    blocks += input.leagues.map { .table(tables.details(of: $0)) }
    blocks.append(.heading(level: 1, words.assumptions))
    if input.assumptions.isEmpty {
      blocks.append(.paragraph(words.noAssumptions))
    } else {
      blocks.append(
        .definitions(
          input.assumptions.enumerated().map {
            Document.Definition("\(words.assumption) \($0 + 1)", $1.text(in: language))
          }
        )
      )
    }
    blocks += [.heading(level: 1, words.inputs), .table(DigestTable.make(input.inputs, language: language))]
    blocks += [
      .heading(level: 1, words.software),
      .definitions([Document.Definition(words.softwareVersion, input.software)]),
    ]
    return Document(
      title: name + (language == .english ? ": " : "") + words.title,
      language: language.forDocuments,
      blocks: blocks
    )
  }
}

/// The tables of the score sheet.
struct ScoreTables {
  let input: ScoreSheetInput
  let words: ScoreWording

  private func say(_ text: LocalizedText) -> String { text.text(in: words.language) }

  /// One row a league: points with range, and how much of the whole they rest on.
  var summary: DocumentTable {
    var columns = [DocumentColumn("league", words.league, .text)]
    for (key, name) in [("regular", words.regular), ("year_end", words.yearEnd), ("total", words.total)] {
      columns.append(DocumentColumn(key, name, .decimal(2)))
      columns.append(DocumentColumn("\(key)_range", words.range, .text, alignment: .center))
    }
    columns += [
      DocumentColumn("available", words.available, .decimal(0)),
      DocumentColumn("exact", words.exact, .decimal(0)),
      DocumentColumn("estimated", words.estimated, .decimal(0)),
      DocumentColumn("missing", words.missing, .decimal(0)),
      DocumentColumn("not_applicable", words.notApplicable, .decimal(0)),
      DocumentColumn("grade", words.grade, .text),
    ]
    let rows = input.leagues.map { league -> [Cell] in
      func total(_ halves: [ScoreHalf]) -> ScoreTotal {
        ScoreTotal(of: league, rows: input.rows, halves: halves)
      }
      var cells: [Cell] = [.text(say(league.name))]
      for halves in [[ScoreHalf.regular], [.yearEnd], [.regular, .yearEnd]] {
        let sum = total(halves)
        if sum.available > 0 {
          cells += [.number(sum.range.points), .text(rangeText(sum.range))]
        } else {
          cells += [.empty(reason: words.missingShort), .empty(reason: words.missingShort)]
        }
      }
      let whole = total(ScoreHalf.allCases)
      cells += [whole.available, whole.exact, whole.estimated, whole.missing, whole.notApplicable]
        .map { .number($0) }
      cells.append(league.grade.map { .text(say($0)) } ?? .empty(reason: nil))
      return cells
    }
    return DocumentTable(
      key: "summary",
      title: words.scores,
      columns: columns,
      rows: rows,
      notes: [words.rangeNote, words.missingNote, words.partNote]
    ).droppingEmptyColumns()
  }

  /// Rubric rows down, leagues across, for one half of the year.
  func matrix(_ half: ScoreHalf) -> DocumentTable {
    let title = half == .regular ? words.regular : words.yearEnd
    var columns = [
      DocumentColumn("row", words.row, .code), DocumentColumn("criterion", words.criterion, .text),
      DocumentColumn("maximum", words.maximum, .decimal(0)),
    ]
    columns += input.leagues.map { DocumentColumn($0.code, say($0.name), .decimal(2)) }
    let rows = input.rows.filter { half.maximum(of: $0) > 0 }.map { row -> [Cell] in
      [.text(row.id), .text(say(row.name)), .number(half.maximum(of: row))]
        + input.leagues.map { league in
          let score = league.scores.first { $0.row == row.id }
          if let points = half.points(of: score) { return .number(points.points) }
          if case .notApplicable? = score?.status { return .empty(reason: words.notApplicableShort) }
          return .empty(reason: words.missingShort)
        }
    }
    return DocumentTable(
      key: half == .regular ? "matrix-regular" : "matrix-yearend",
      title: title,
      columns: columns,
      rows: rows,
      notes: [words.missingNote]
    )
  }

  /// One league: every row with its estimate, its points and where they come from.
  func details(of league: ScoreSheetLeague) -> DocumentTable {
    let columns = [
      DocumentColumn("row", words.row, .code), DocumentColumn("block", words.block, .text),
      DocumentColumn("criterion", words.criterion, .text),
      DocumentColumn("measured", words.measured, .text),
      DocumentColumn("estimate", words.estimate, .percent(2)),
      DocumentColumn("interval", words.interval, .text, alignment: .center),
      DocumentColumn("regular", words.regular, .decimal(2)),
      DocumentColumn("regular_maximum", words.maximum, .decimal(0)),
      DocumentColumn("regular_range", words.range, .text, alignment: .center),
      DocumentColumn("year_end", words.yearEnd, .decimal(2)),
      DocumentColumn("year_end_maximum", words.maximum, .decimal(0)),
      DocumentColumn("year_end_range", words.range, .text, alignment: .center),
      DocumentColumn("remark", words.remark, .text),
    ]
    let rows = input.rows.map { row -> [Cell] in
      let score = league.scores.first { $0.row == row.id }
      var cells: [Cell] = [
        .text(row.id), .text(say(row.block)), .text(say(row.name)), .text(say(row.measurement)),
        .number(score?.estimate, orReason: nil), interval(score),
      ]
      for half in ScoreHalf.allCases { cells += points(half, row: row, score: score) }
      return cells + [remark(score)]
    }
    return DocumentTable(
      key: "league-\(league.code)",
      title: say(league.name),
      columns: columns,
      rows: rows
    )
  }

  private func points(_ half: ScoreHalf, row: ScoreSheetRow, score: ScoreSheetScore?) -> [Cell] {
    let maximum = half.maximum(of: row)
    guard maximum > 0 else {
      return [.empty(reason: nil), .number(0), .empty(reason: nil)]
    }
    guard let points = half.points(of: score) else {
      let isOutside = if case .notApplicable? = score?.status { true } else { false }
      let word = isOutside ? words.notApplicableShort : words.missingShort
      return [.empty(reason: word), .number(maximum), .empty(reason: word)]
    }
    return [.number(points.points), .number(maximum), .text(rangeText(points))]
  }

  private func rangeText(_ range: PointRange) -> String {
    guard range.low != range.high else { return "—" }
    return "\(NumberText.fixed(range.low, digits: 2))–\(NumberText.fixed(range.high, digits: 2))"
  }

  private func interval(_ score: ScoreSheetScore?) -> Cell {
    guard let lower = score?.lower, let upper = score?.upper else { return .empty(reason: nil) }
    return .text(
      "\(NumberText.fixed(lower * 100, digits: 2))–\(NumberText.percent(upper, digits: 2))"
    )
  }

  private func remark(_ score: ScoreSheetScore?) -> Cell {
    switch score?.status {
    case .exact?, .estimated?: .empty(reason: nil)
    case .missing(let reason)?, .notApplicable(let reason)?: .text(say(reason))
    case nil: .text(words.notScored)
    }
  }
}
