internal import SurveyData
internal import SurveyReporting
internal import TabularFiles

extension SurveyFolder {
  /// The frame whose ids are the values of a by-variable.
  ///
  /// Frames stand in the file from the top down: a frame's `parent` column holds ids of the frame before it.
  func frame(namedBy variable: String) -> FrameDefinition? {
    guard let place = survey.frames.firstIndex(where: { $0.parent == variable }), place > 0 else { return nil }
    return survey.frames[place - 1]
  }

  /// What the domains of the survey are called, read from its frames; a code without a name stands for itself.
  func domainLabels(inputs: inout [AnnexDigest]) throws -> DomainLabels {
    var labels = DomainLabels()
    for variable in Set(survey.estimate.by.flatMap { $0 }).sorted() {
      guard let frame = frame(namedBy: variable) else { continue }
      labels.levels[variable] = frame.title ?? LocalizedText(frame.name)
      var names = [String: LocalizedText]()
      for path in try paths(of: frame.files) {
        names.merge(try unitNames(path, frame: frame)) { first, _ in first }
        record(path, in: &inputs)
      }
      labels.names[variable] = names
    }
    return labels
  }

  /// The ids of a frame in its order.
  func unitCodes(of frame: FrameDefinition) throws -> [String] {
    try paths(of: frame.files).flatMap { path in
      let (table, _) = try readTable(
        path: path,
        options: ReadOptions(
          sheet: frame.sheet,
          headerRow: frame.headerRow,
          columns: [ColumnRequest(frame.id, .text)],
          allowsFormulas: frame.allowsFormulas,
          identifiers: [frame.id]
        )
      )
      let ids = try table.column(frame.id)
      return (0..<table.rowCount).compactMap { ids.text(at: $0) }
    }
  }

  /// Adds a file of the folder to the inputs, once.
  func record(_ file: String, rows: Int? = nil, in inputs: inout [AnnexDigest]) {
    let label = label(of: file)
    guard !inputs.contains(where: { $0.file == label }), let digest = fileDigest(file) else { return }
    inputs.append(AnnexDigest(file: label, sha256: digest, rows: rows))
  }

  /// A path as results name it: relative to the folder.
  func label(of file: String) -> String {
    file.hasPrefix(path + "/") ? String(file.dropFirst(path.count + 1)) : lastComponent(file)
  }

  private func unitNames(_ file: String, frame: FrameDefinition) throws -> [String: LocalizedText] {
    let options = ReadOptions(
      sheet: frame.sheet,
      headerRow: frame.headerRow,
      allowsFormulas: frame.allowsFormulas,
      identifiers: [frame.id]
    )
    let (table, _) = try readTable(path: file, options: options)
    let ids = try table.column(frame.id)
    let chinese = table["name_zh"] ?? table["name"]
    let english = table["name_en"] ?? table["name"]
    var names = [String: LocalizedText]()
    for row in 0..<table.rowCount {
      guard let id = ids.text(at: row) else { continue }
      let zh = chinese?.text(at: row) ?? english?.text(at: row)
      let en = english?.text(at: row) ?? zh
      if let zh, let en { names[id] = LocalizedText(zh: zh, en: en) }
    }
    return names
  }
}
