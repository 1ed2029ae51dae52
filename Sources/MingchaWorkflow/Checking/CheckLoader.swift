internal import FieldChecks
internal import PovertyAssessment
internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign
internal import TabularFiles

/// Reads everything of a survey folder that is checked, file by file.
struct CheckLoader {
  private let folder: SurveyFolder
  private let definition: CheckDefinition
  private let order: CheckOrder
  private let roles: CheckedRoles
  private(set) var sources: [CheckedSource] = []
  private(set) var draws: [CheckedDraw] = []
  private(set) var refusals: [Finding] = []
  private(set) var notes: [Finding] = []
  private var areas: AreaCodes?

  /// The names of kinds on the command line.
  static let kinds = ["frames", "responses", "draws", "tables"]

  init(_ folder: SurveyFolder, definition: CheckDefinition, order: CheckOrder) throws {
    self.folder = folder
    self.definition = definition
    self.order = order
    roles = CheckedRoles(definition.settings.roles)
    try requireKnown()
    let frames = folder.survey.frames
    for (place, frame) in frames.enumerated() where wants(.frame, frame.name) {
      add(frame, above: place > 0 ? folder.survey.checkName(ofFrame: frames[place - 1].name) : nil)
    }
    for source in folder.survey.responses?.sources ?? [] where wants(.responses, source.name) {
      add(source, kind: .responses, parent: nil)
    }
    for source in definition.sources where wants(.table, source.name) {
      add(source, kind: .table, parent: definition.parents[source.name])
    }
    for draw in folder.survey.draws where exists(folder.drawPath(draw.name)) && wantsDraw(draw.name) { add(draw) }
    guard !sources.isEmpty || !refusals.isEmpty else {
      throw InputRefusal(
        notes.isEmpty
          ? [folder.missingKey("frames")]
          : notes.map {
            var finding = $0
            finding.severity = .refusal
            return finding
          }
      )
    }
    loadAreas()
  }

  // MARK: what is wanted

  private func requireKnown() throws(InputRefusal) {
    let names =
      Self.kinds + folder.survey.frames.map(\.name) + (folder.survey.responses?.sources.map(\.name) ?? [])
      + definition.sources.map(\.name) + folder.survey.draws.map(\.name)
    let unknown = order.only.filter { !names.contains($0) }
    guard let first = unknown.first else { return }
    let near = nearest(to: first, among: names)
    throw InputRefusal(
      Finding(
        "option-value",
        column: "--only",
        value: first,
        message: LocalizedText(zh: "没有这样的部分。", en: "is no part of the survey."),
        fix: LocalizedText(
          zh: near.map { "是否指“\($0)”？" } ?? "可用：\(names.joined(separator: "、"))。",
          en: near.map { "Did you mean \"\($0)\"?" } ?? "Known: \(names.joined(separator: ", "))."
        )
      )
    )
  }

  private func wants(_ kind: CheckedSource.Kind, _ name: String) -> Bool {
    if order.only.isEmpty || order.only.contains(name) { return true }
    switch kind {
    case .frame: return order.only.contains("frames")
    case .responses: return order.only.contains("responses")
    case .table: return order.only.contains("tables")
    case .list, .record: return order.only.contains("draws")
    }
  }

  /// Answers are held against their draw's list, so that both are read where either is wanted.
  private func wantsDraw(_ name: String) -> Bool {
    if wants(.list, name) { return true }
    guard case .draw(name)? = folder.survey.responses?.design else { return false }
    return sources.contains { $0.kind == .responses }
  }

  // MARK: reading

  private mutating func add(_ frame: FrameDefinition, above: String?) {
    guard
      var source = source(
        folder.survey.checkName(ofFrame: frame.name),
        .frame,
        files: frame.files,
        id: frame.id,
        parent: frame.parent,
        sheet: frame.sheet,
        headerRow: frame.headerRow,
        allowsFormulas: frame.allowsFormulas
      )
    else { return }
    source.above = above
    // What is wrong with the filter's columns is told by the rules on columns.
    if let keep = frame.keep, let mask = try? keep.mask(over: source.table) { source.kept = mask }
    sources.append(source)
  }

  private mutating func add(_ source: ResponseDefinition.Source, kind: CheckedSource.Kind, parent: String?) {
    if let read = self.source(
      source.name,
      kind,
      files: source.files,
      id: source.id,
      parent: parent,
      sheet: source.sheet,
      headerRow: source.headerRow,
      export: folder.export(of: source)
    ) {
      sources.append(read)
    }
  }

  private mutating func source(
    _ name: String,
    _ kind: CheckedSource.Kind,
    files: [String],
    id: String?,
    parent: String?,
    sheet: String?,
    headerRow: Int?,
    allowsFormulas: Bool = false,
    export: FormExport? = nil
  ) -> CheckedSource? {
    let paths: [String]
    do {
      paths = try folder.paths(of: files)
    } catch let refusal as InputRefusal {
      // A survey is checked from its first day on: what is not there yet is no fault, unless it was asked for.
      let isAsked = order.only.contains { name == $0 || name == "frames." + $0 }
      for var finding in refusal.findings {
        finding.severity = isAsked ? .refusal : .note
        if isAsked { refusals.append(finding) } else { notes.append(finding) }
      }
      return nil
    } catch {
      return nil
    }
    var identifiers = Set([id, parent].compactMap { $0 })
    for role in [CheckedRole.identity, .helperIdentity, .village, .township, .county, .league, .household, .telephone] {
      identifiers.formUnion((definition.settings.roles[role] ?? []) + role.usualNames)
    }
    let options = ReadOptions(
      sheet: sheet,
      headerRow: headerRow,
      allowsFormulas: allowsFormulas,
      identifiers: identifiers
    )
    let readings = Workers.map(order.threads, paths) { path in
      Result {
        if let export { return try readTables([path], export: export, options: options) }
        let reading = try readTable(path: path, options: options)
        return (tables: [reading.table], notes: reading.notes)
      }
    }
    var tables = [Table]()
    for (path, reading) in zip(paths, readings) {
      switch reading {
      case .success(let read):
        for var table in read.tables {
          table.file = folder.label(of: path)
          tables.append(table)
        }
        notes += labelled(read.notes)
      case .failure(let refusal as InputRefusal): refusals += labelled(refusal.findings)
      case .failure:
        refusals.append(unreadable(path))
      }
    }
    return tables.isEmpty ? nil : CheckedSource(name: name, kind: kind, tables: tables, id: id, parent: parent)
  }

  /// Findings by the folder's own names of files, private values masked.
  private func labelled(_ findings: [Finding]) -> [Finding] {
    let masking = Masking(roles: roles, further: definition.settings.privateColumns)
    return findings.map { finding in
      var own = finding
      own.file = finding.file.map { folder.label(of: $0) }
      own.value = finding.value.map { masking.shown($0, column: finding.column) }
      return own
    }
  }

  private mutating func add(_ draw: DrawDefinition) {
    let path = folder.drawPath(draw.name) + "/" + DrawFiles.list
    do {
      let opened = try FieldDraw(folder: folder, draw: draw.name)
      var list = opened.list
      list.file = folder.label(of: path)
      let place = sources.count
      sources.append(
        CheckedSource(name: "draws." + draw.name, kind: .list, tables: [list], id: opened.stages.last?.id)
      )
      var record: (source: Int, lines: [FieldworkRecord])?
      if exists(opened.recordPath) {
        let table = try readTable(path: opened.recordPath).table
        record = (sources.count, try FieldworkRecord.read(table))
        var labelled = table
        labelled.file = folder.label(of: opened.recordPath)
        sources.append(CheckedSource(name: "draws.\(draw.name).record", kind: .record, tables: [labelled], id: "unit"))
      }
      draws.append(
        CheckedDraw(
          name: draw.name,
          list: place,
          table: list,
          stages: opened.stages,
          strata: draw.stages.map(\.plan.strata),
          certainSuffix: DrawnList.certainSuffix,
          record: record
        )
      )
    } catch let refusal as InputRefusal {
      refusals += labelled(refusal.findings)
    } catch {
      refusals.append(unreadable(path))
    }
  }

  private func unreadable(_ path: String) -> Finding {
    Finding(
      "file-unreadable",
      file: folder.label(of: path),
      message: LocalizedText(zh: "无法读取。", en: "cannot be read."),
      fix: LocalizedText(zh: "请核对文件。", en: "Check the file.")
    )
  }

  private mutating func loadAreas() {
    var editions = [AreaEdition]()
    for list in definition.areas {
      do {
        let tables = try folder.paths(of: list.files).map {
          try readTable(path: $0, options: ReadOptions(identifiers: ["code"])).table
        }
        editions.append(try AreaEdition(name: list.edition, table: try Table.concatenated(tables)))
      } catch let refusal as InputRefusal {
        refusals += labelled(refusal.findings)
      } catch {
        continue
      }
    }
    areas = definition.areas.isEmpty ? nil : AreaCodes(editions: editions)
  }

  // MARK: what rules see

  func survey() -> CheckedSurvey {
    var settings = definition.settings
    let survey = folder.survey
    if settings.thresholds[.incomeLine] == nil, let line = survey.judgement?.judgement.incomeLine {
      settings.thresholds[.incomeLine] = line
    }
    if let judged = survey.judgement?.source {
      for (name, schema) in Self.judgedColumns where settings.schema[judged]?[name] == nil {
        if source(judged)?.table[name] != nil { settings.schema[judged, default: [:]][name] = schema }
      }
    }
    var answered: String?
    if case .draw(let name)? = survey.responses?.design { answered = name }
    return CheckedSurvey(
      sources: sources,
      draws: draws,
      settings: settings,
      areas: areas,
      outcome: survey.responses?.outcome,
      declared: declaredColumns(answered),
      answeredDraw: answered
    )
  }

  var surveyFile: SurveyFile { folder.survey }

  /// The columns of a source as it was read.
  func tableColumns(of name: String) -> Set<String> { Set(source(name)?.table.columnNames ?? []) }

  private func source(_ name: String) -> CheckedSource? {
    sources.first { $0.name == name && $0.kind == .responses } ?? sources.first { $0.name == name }
  }

  /// The codes that the judgement of households knows.
  private static let judgedColumns: [(String, ColumnSchema)] =
    ["food", "water", "clothing", "medical"].map { ($0, ColumnSchema(kind: .code, codes: ["1", "2"])) } + [
      ("education", ColumnSchema(kind: .code, codes: ["1", "2", "9"])),
      ("housing", ColumnSchema(kind: .code, codes: ["A", "B", "C", "D", "9"])),
      ("income_per_head", ColumnSchema(kind: .number)),
    ]

  /// The names of counties and leagues, for whoever reads a code.
  func teamNames(_ survey: CheckedSurvey) -> [String: String] {
    var names = [String: String]()
    for source in sources where source.kind == .frame {
      guard let ids = source.ids, let titles = source.table["name_zh"] ?? source.table["name"] else { continue }
      for row in 0..<source.rowCount where ids.codes[row] >= 0 {
        if let title = titles.text(at: row) { names[ids.levels[Int(ids.codes[row])]] = title }
      }
    }
    return names
  }
}
