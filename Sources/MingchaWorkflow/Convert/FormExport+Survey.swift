internal import SurveyData
internal import TabularFiles

extension FormExport {
  /// What a source of answers in a survey file may say of it.
  static let keys = ["export", "repeat", "form", "multiple", "groups"]

  /// The export of a source: `{export: odk, repeat: members, form: forms/households.xlsx, groups: keep}`.
  init?(_ source: YAMLMapping, problems: inout [Finding]) {
    let name = source.text("export", problems: &problems)
    let program = name.flatMap { Program(rawValue: $0) }
    if let name, program == nil {
      problems.append(
        source.unknownName("export-unknown", key: "export", value: name, among: Program.allCases.map(\.rawValue))
      )
    }
    let groups = source.text("groups", problems: &problems)
    if let groups, groups != "keep", groups != "strip" {
      problems.append(source.unknownName("groups-unknown", key: "groups", value: groups, among: ["keep", "strip"]))
    }
    let repeats = source.texts("repeat", problems: &problems) ?? []
    let form = source.text("form", problems: &problems)
    let multiple = source.texts("multiple", problems: &problems) ?? []
    guard let program else {
      for key in Self.keys.dropFirst() where source.has(key) && name == nil {
        problems.append(
          source.problem(
            "export-missing",
            key: key,
            message: LocalizedText(zh: "只用于平板程序的导出。", en: "is for exports of a tablet program only."),
            fix: LocalizedText(zh: "请写明 export: odk 或 kobo。", en: "Say `export: odk` or `kobo`.")
          )
        )
      }
      return nil
    }
    self.init(program, repeats: repeats, form: form, multiple: multiple, keepsGroups: groups == "keep")
  }
}

extension SurveyFolder {
  /// The export that a source's files are; its form is looked for in the folder.
  func export(of source: ResponseDefinition.Source) -> FormExport? {
    var export = source.export
    export?.form = source.export?.form.map { path(of: $0) }
    return export
  }
}

/// Reads whole files, each into a table of its own, as a tablet program exported them or as they stand.
func readTables(
  _ paths: [String],
  export: FormExport?,
  options: ReadOptions
) throws -> (tables: [Table], notes: [Finding]) {
  guard let export else { return try readTables(paths: paths, options: options) }
  var own = options
  own.columns = nil
  var tables: [Table] = []
  var notes: [Finding] = []
  var findings: [Finding] = []
  for path in paths {
    do {
      let reading = try export.read(path, options: own)
      tables.append(reading.table)
      notes += reading.notes
    } catch let refusal as InputRefusal {
      findings += refusal.findings
    }
  }
  guard findings.isEmpty else { throw InputRefusal(findings) }
  return (tables, notes)
}
