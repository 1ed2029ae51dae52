internal import SurveyData

/// Columns that the survey declares, and the ids that everything else hangs on.
enum SchemaRules {
  static let all = [
    CheckRule(
      "column-missing",
      .schema,
      .stop,
      zh: "声明的列都在",
      en: "Declared columns are there",
      fixZh: "请恢复该列，或修改 survey.yaml 中的列名。",
      fixEn: "Restore the column, or change its name in survey.yaml."
    ) { columnMissing($0, &$1) },
    CheckRule(
      "header-differs",
      .schema,
      .stop,
      zh: "同类文件的列相同",
      en: "Files of one kind have the same columns",
      fixZh: "请使各文件的列一致（不同设备导出的须先统一）。",
      fixEn: "Give all files the same columns; exports of different devices have to be brought together first."
    ) { headerDiffers($0, &$1) },
    CheckRule(
      "id-missing",
      .schema,
      .stop,
      zh: "每行都有编号",
      en: "Every row has an id",
      fixZh: "请补上编号，或删去空行。",
      fixEn: "Give the id, or remove the row."
    ) { survey, run in
      for source in survey.sources {
        guard let ids = source.ids, let id = source.id, source.kind != .list else { continue }
        run.count(source.rowCount)
        for row in 0..<source.rowCount where ids.codes[row] < 0 {
          run.fail(source, row: row, column: id, zh: "编号为空。", en: "the id is empty.")
        }
      }
    },
    CheckRule(
      "id-form",
      .schema,
      .stop,
      zh: "编号未被表格软件破坏",
      en: "No id was damaged by a spreadsheet",
      fixZh: "请在 Excel 中将该列设为文本后重新导出。",
      fixEn: "Set the column to text in the spreadsheet and export again."
    ) { idFindings($0, &$1) { $0 == .refusal || $0 == .warning } },
    CheckRule(
      "id-normalized",
      .schema,
      .warn,
      zh: "编号无全角字符与多余空白",
      en: "Ids are free of wide characters and stray blanks",
      fixZh: "读取时已规范；请在来源处改正。",
      fixEn: "It was mended at reading; mend it where it came from."
    ) { idFindings($0, &$1) { $0 == .note } },
    CheckRule(
      "parent-unknown",
      .schema,
      .stop,
      zh: "上级单位在上级抽样框中",
      en: "The unit above is in its frame",
      fixZh: "请核对上级编号。",
      fixEn: "Check the id of the unit above."
    ) { parentUnknown($0, &$1) },
  ]

  private static func columnMissing(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources {
      var wanted = survey.declared[source.name] ?? []
      for name in (survey.settings.schema[source.name] ?? [:]).keys.sorted() {
        wanted.append(DeclaredColumn(name, isNumber: false, user: "checks.columns.\(source.name)"))
      }
      var seen = Set<String>()
      for column in wanted where seen.insert(column.name).inserted {
        run.count(1)
        guard source.table[column.name] == nil else { continue }
        let near = nearest(to: column.name, among: source.table.columnNames)
        run.fail(
          source,
          row: nil,
          column: column.name,
          zh: "没有这一列（\(column.user) 要用）。" + (near.map { "是否为“\($0)”？" } ?? ""),
          en: "there is no such column; \(column.user) uses it." + (near.map { " Did it become \"\($0)\"?" } ?? "")
        )
      }
    }
  }

  private static func headerDiffers(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources where !source.files.isEmpty {
      run.count(source.files.count)
      for difference in source.headerDifferences {
        let lacks = difference.lacks.joined(separator: ", ")
        let adds = difference.adds.joined(separator: ", ")
        let isOrder = difference.lacks.isEmpty && difference.adds.isEmpty
        run.fail(
          source,
          row: nil,
          file: difference.file,
          zh: "列与 \(source.files[0]) 不同：" + (isOrder ? "顺序不同。" : "缺 [\(lacks)]，多 [\(adds)]。"),
          en: "its columns are not those of \(source.files[0]): "
            + (isOrder ? "another order." : "lacks [\(lacks)], adds [\(adds)].")
        )
      }
    }
  }

  private static func idFindings(
    _ survey: CheckedSurvey,
    _ run: inout RuleRun,
    where isWanted: (Finding.Severity) -> Bool
  ) {
    for source in survey.sources where source.ids != nil && source.kind != .list {
      run.count(source.rowCount)
      for finding in source.idFindings where isWanted(finding.severity) {
        guard let row = finding.row else { continue }
        run.fail(
          source,
          row: row,
          column: finding.column,
          value: finding.value,
          zh: finding.message.zh,
          en: finding.message.en,
          fix: finding.severity == .note ? nil : finding.fix
        )
      }
    }
  }

  private static func parentUnknown(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for frame in survey.sources where frame.kind == .frame {
      guard let name = frame.above, let parent = frame.parent, let column = frame.table[parent],
        let above = survey.source(name)?.ids
      else { continue }
      let known = Set(above.levels)
      let text = column.codedText
      let isKnown = text.levels.map { known.contains($0) }
      for row in 0..<frame.rowCount where frame.isKept(row) {
        run.count(1)
        let code = text.codes[row]
        guard code < 0 || !isKnown[Int(code)] else { continue }
        run.fail(
          frame,
          row: row,
          column: parent,
          value: code < 0 ? nil : text.levels[Int(code)],
          zh: "抽样框“\(name)”中没有这个单位。",
          en: "is no unit of the frame \"\(name)\"."
        )
      }
    }
  }
}
