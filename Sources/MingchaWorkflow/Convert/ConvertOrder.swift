internal import Documents
package import SurveyData
package import TabularFiles

/// A form that tables of rows are written in.
package enum ConvertForm: String, Sendable, CaseIterable {
  case csv, xlsx, json, sav, zsav, dta

  /// The form that a file's name asks for.
  package init?(file: String) {
    guard let dot = file.lastIndex(of: "."),
      let form = ConvertForm(rawValue: file[file.index(after: dot)...].lowercased())
    else { return nil }
    self = form
  }

  /// Of a statistics program.
  var microdata: MicrodataForm? { MicrodataForm(rawValue: rawValue) }

  /// Whether it can go to standard output.
  package var isText: Bool { self == .csv || self == .json }
}

/// Which files become one, and how.
package struct ConvertOrder: Sendable {
  /// Files, patterns, folders, or "-" alone.
  package var inputs: [String]
  package var form: ConvertForm
  package var sheet: String?
  package var headerRow: Int?
  package var encoding: TextEncoding?
  package var allowsFormulas = false
  package var labels = LabelChoice.codes
  package var keepsDeclaredMissing = false
  /// Columns to keep, in this order; none: all.
  package var columns: [String]?
  /// Columns that stay text in statistics files and workbooks, and whose numbers must keep every digit.
  package var texts: Set<String> = []
  /// Takes columns that only some files have.
  package var union = false
  /// A column that names each row's file.
  package var fileColumn: String?
  /// The tablet program whose export the files are.
  package var export: FormExport?

  package init(inputs: [String], form: ConvertForm) {
    self.inputs = inputs
    self.form = form
  }
}

/// Files read as one table, ready to be written in any form.
package struct ConvertedTable: Sendable {
  let table: Table
  let dictionary: DataDictionary?
  let order: ConvertOrder
  package var notes: [Finding]

  package var rows: Int { table.rowCount }
}

/// Reads the files of an order as one table.
///
/// - Throws: an `InputRefusal` with everything found wrong in any of them.
package func readForConversion(_ order: ConvertOrder) throws -> ConvertedTable {
  let inputs = try InputPaths(order.inputs)
  var notes = inputs.notes
  let options = ReadOptions(
    sheet: order.sheet,
    headerRow: order.headerRow,
    encoding: order.encoding,
    allowsFormulas: order.allowsFormulas,
    identifiers: order.texts,
    labels: order.labels,
    keepsDeclaredMissing: order.keepsDeclaredMissing
  )
  if inputs.paths.contains("-"), inputs.paths.count > 1 {
    throw InputRefusal(
      Finding(
        "file-not-regular",
        file: "-",
        message: LocalizedText(zh: "标准输入不能与其他文件一起读取。", en: "standard input cannot be read among files."),
        fix: LocalizedText(zh: "请单独使用“-”。", en: "Use \"-\" alone.")
      )
    )
  }
  var tables: [Table] = []
  var findings: [Finding] = []
  var dictionary: DataDictionary?
  let paths = order.export.map { $0.submissions(among: inputs.paths) } ?? inputs.paths
  for path in paths {
    do {
      if let export = order.export {
        let read = try export.read(path, options: options)
        tables.append(read.table)
        notes += read.notes
        dictionary = dictionary ?? read.dictionary
        continue
      }
      let read = try readLabelledTable(path: path, options: options)
      if let first = dictionary, let own = read.dictionary { notes += own.differences(from: first, file: path) }
      dictionary = dictionary ?? read.dictionary
      tables.append(read.table)
      notes += read.notes
    } catch let refusal as InputRefusal {
      findings += refusal.findings
    }
  }
  for table in tables { findings += table.lostDigits(order.columns) }
  guard findings.isEmpty else { throw InputRefusal(findings) }
  var (table, matching) = try Table.matched(tables, union: order.union, origin: order.fileColumn)
  notes += matching
  if let columns = order.columns {
    var chosen: [Column] = []
    for name in columns {
      do throws(InputRefusal) { chosen.append(try table.column(name)) } catch { findings += error.findings }
    }
    guard findings.isEmpty else { throw InputRefusal(findings) }
    table = Table(columns: chosen, rowCount: table.rowCount, firstRow: table.firstRow, file: table.file)
  }
  return ConvertedTable(table: table, dictionary: dictionary, order: order, notes: notes)
}

extension Table {
  /// Whole numbers beyond 2⁵³ are not what was entered: a double does not hold them.
  fileprivate func lostDigits(_ wanted: [String]?) -> [Finding] {
    columns.compactMap { column in
      guard wanted?.contains(column.name) ?? true, case .number(let values) = column.storage,
        let row = values.firstIndex(where: { abs($0) >= 0x1p53 && $0 == $0.rounded() })
      else { return nil }
      return Finding(
        "id-scientific",
        file: file,
        row: fileRow(of: row),
        column: column.name,
        value: maskedIdentifier(shortest(values[row])),
        message: LocalizedText(
          zh: "是超过 15 位的数值，末位数字已丢失。",
          en: "is a number beyond fifteen digits; its last digits are lost."
        ),
        fix: LocalizedText(
          zh: "请在来源程序中将该变量设为文本后重新导出，或用 --columns 略去此列。",
          en: "Make the variable text in its program and export again, or leave the column out by --columns."
        )
      )
    }
  }
}

extension DataDictionary {
  /// Columns whose labels are others than in the first file: the first one's are kept.
  fileprivate func differences(from first: DataDictionary, file: String) -> [Finding] {
    variables.compactMap { own in
      guard let other = first[own.name], !own.valueLabels.isEmpty, own.valueLabels != other.valueLabels else {
        return nil
      }
      return Finding(
        "labels-differ",
        severity: .note,
        file: file,
        column: own.name,
        message: LocalizedText(
          zh: "值标签与第一个文件不同，采用第一个文件的。",
          en: "has other value labels than in the first file, whose labels are kept."
        ),
        fix: LocalizedText("")
      )
    }
  }
}
