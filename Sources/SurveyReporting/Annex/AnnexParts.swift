import Documents
import SurveyData
import SurveyEstimation

/// The chapters of the annex, one property each.
struct AnnexParts {
  let input: AnnexInput
  let words: Wording

  var annex: Wording.Annex { words.annex }
  func say(_ text: LocalizedText) -> String { text.text(in: words.language) }

  var subtitle: String? {
    let parts = [input.edition.map(say), input.date].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: " · ")
  }

  // MARK: design and draw

  var designAndDraw: [Document.Block] {
    var blocks: [Document.Block] = [.heading(level: 1, annex.chapterDesign)]
    if !input.stages.isEmpty { blocks.append(.table(stageTable)) }
    guard let draw = input.draw else { return blocks + [.paragraph(annex.noDraw)] }
    var facts = [
      Document.Definition(annex.protocolVersion, draw.protocolVersion),
      Document.Definition(annex.group, draw.group),
    ]
    switch draw.secret {
    case .commitment(let text):
      facts.append(Document.Definition(annex.commitment + words.bracketed(annex.seedSealed), text))
    case .seed(let text):
      facts.append(Document.Definition(annex.seed + words.bracketed(annex.seedOpen), text))
    }
    facts.append(Document.Definition(annex.receiptDigest, draw.receiptDigest))
    if let edition = input.edition { facts.append(Document.Definition(annex.edition, say(edition))) }
    blocks.append(.definitions(facts))
    if !draw.frames.isEmpty {
      blocks.append(
        .table(
          DigestTable.make(draw.frames, key: "frames", title: annex.frames, language: words.language)
        )
      )
    }
    return blocks
  }

  private var stageTable: DocumentTable {
    DocumentTable(
      key: "design",
      title: annex.stages,
      columns: [
        DocumentColumn("stage", annex.stage, .text), DocumentColumn("unit", annex.unit, .text),
        DocumentColumn("strata", annex.strata, .text), DocumentColumn("method", annex.selection, .text),
        DocumentColumn("population", annex.population, .integer),
        DocumentColumn("sample", annex.sample, .integer),
        DocumentColumn("reserves", annex.reserves, .integer),
      ],
      rows: input.stages.map { stage in
        let strata = stage.strata.map(say).joined(separator: words.listComma)
        return [
          .text(say(stage.name)), .text(say(stage.unit)),
          .text(strata.isEmpty ? annex.noStrata : strata), .text(say(stage.method)),
          count(stage.population), count(stage.sample), count(stage.reserves),
        ]
      }
    )
  }

  private func count(_ value: Int?) -> Cell {
    value.map(Cell.integer) ?? .empty(reason: annex.notRecorded)
  }

  // MARK: response and weights

  var response: [Document.Block] {
    var blocks: [Document.Block] = [.heading(level: 1, annex.chapterResponse)]
    if let response = input.response {
      blocks.append(.table(responseTable(response)))
    } else {
      blocks.append(.paragraph(annex.noResponse))
    }
    if !input.weights.isEmpty { blocks.append(.table(weightTable)) }
    return blocks
  }

  private func responseTable(_ response: AnnexResponse) -> DocumentTable {
    let rows = response.rows + (response.total.map { [$0] } ?? [])
    var columns = [
      DocumentColumn("name", say(response.level), .text),
      DocumentColumn("selected", annex.selected, .integer),
      DocumentColumn("respondents", annex.respondents, .integer),
    ]
    columns += response.codes.map {
      DocumentColumn("code_\($0.code)", "\($0.code) \(say($0.meaning))", .integer)
    }
    let hasReplaced = rows.contains { $0.replaced != nil }
    if hasReplaced { columns.append(DocumentColumn("replaced", annex.replaced, .integer)) }
    columns += [
      DocumentColumn("rate", annex.rateUnweighted, .percent(1)),
      DocumentColumn("weighted_rate", annex.rateWeighted, .percent(1)),
    ]
    let cells = rows.map { row -> [Cell] in
      var cells: [Cell] = [.text(say(row.name)), .integer(row.selected), .integer(row.respondents)]
      cells += response.codes.map { .integer(row.nonrespondents[$0.code] ?? 0) }
      if hasReplaced { cells.append(count(row.replaced)) }
      cells += [
        .number(row.rate, orReason: annex.notRecorded),
        .number(row.weightedRate, orReason: annex.notRecorded),
      ]
      return cells
    }
    return DocumentTable(
      key: "response",
      title: annex.response,
      columns: columns,
      rows: cells,
      notes: hasReplaced ? [annex.responseNote] : []
    )
  }

  private var weightTable: DocumentTable {
    DocumentTable(
      key: "weights",
      title: annex.weights,
      columns: [
        DocumentColumn("scope", annex.weightScope, .text),
        DocumentColumn("count", words.headings.count, .integer),
        DocumentColumn("minimum", annex.minimum, .decimal(2)),
        DocumentColumn("maximum", annex.maximum, .decimal(2)),
        DocumentColumn("mean", annex.mean, .decimal(2)),
        DocumentColumn("cv", annex.variation, .decimal(3)),
        DocumentColumn("kish", annex.kish, .decimal(3)),
      ],
      rows: input.weights.map {
        [
          .text(say($0.scope)), .integer($0.count), .number($0.minimum), .number($0.maximum),
          .number($0.mean), .number($0.variation), .number($0.kishFactor),
        ]
      },
      notes: [annex.weightNote]
    )
  }

  // MARK: assumptions, inputs, software

  var assumptions: [Document.Block] {
    var blocks: [Document.Block] = [.heading(level: 1, annex.chapterAssumptions)]
    if input.assumptions.isEmpty {
      blocks.append(.paragraph(annex.noAssumptions))
    } else {
      blocks.append(
        .definitions(
          input.assumptions.enumerated().map { index, text in
            Document.Definition("\(annex.assumption) \(index + 1)", say(text))
          }
        )
      )
    }
    return blocks + input.notes.map { .note(say($0)) }
  }

  var inputs: [Document.Block] {
    let table = DigestTable.make(input.inputs, language: words.language)
    return [
      .heading(level: 1, annex.chapterInputs),
      input.inputs.isEmpty ? .paragraph(annex.noInputs) : .table(table),
    ]
  }

  var software: [Document.Block] {
    [
      .heading(level: 1, annex.chapterSoftware),
      .definitions([Document.Definition(annex.software, input.software)]),
      .paragraph(annex.generatedBy),
    ]
  }
}
