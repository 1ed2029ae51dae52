package import SurveyData
internal import TabularFiles

/// A column that points at persons, and how that is known.
struct DirectColumn {
  enum Ground { case declared, name, content }

  var name: String
  /// `nil` where the survey file says no more than that it is direct.
  var kind: PersonalKind?
  var ground: Ground
}

/// Refuses files with columns that point at persons: names, identity and telephone numbers, exact coordinates.
///
/// The header and the first rows of each file are looked at, so that the price does not grow with the file. Standard
/// input cannot be looked at beforehand and is not.
/// - Parameters:
///   - paths: the files.
///   - sheet: of workbooks.
///   - headerRow: of the files.
///   - classes: what the survey file says of columns; it goes before what names and values suggest.
/// - Throws: an `InputRefusal` that names every such column of every file.
package func refuseDirectColumns(
  _ paths: [String],
  sheet: String? = nil,
  headerRow: Int? = nil,
  classes: ColumnClasses = ColumnClasses()
) throws(InputRefusal) {
  var findings: [Finding] = []
  for path in paths where path != "-" {
    let options = ReadOptions(sheet: sheet, headerRow: headerRow, allowsFormulas: true, blockSize: 1 << 16)
    findings += directColumns(of: path, options: options, classes: classes).map { $0.finding(in: path) }
  }
  if !findings.isEmpty { throw InputRefusal(listing: findings) }
}

/// Rows of a file that are looked at.
private let sampledRows = 1_000

/// What a file's first rows show; a file that cannot be read shows nothing, and its reading says why.
private func directColumns(of path: String, options: ReadOptions, classes: ColumnClasses) -> [DirectColumn] {
  guard let header = try? readHeader(path: path, options: options) else { return [] }
  let whole = firstRows(of: path, options: options)
  return header.compactMap { name -> DirectColumn? in
    // A fault in one column must not hide the others.
    let table = whole ?? firstRows(of: path, options: options.only(name))
    return directColumn(name, values: table?[name].map(firstValues), classes: classes)
  }
}

/// What a column is by its declared class, or else by its name and values.
private func directColumn(_ name: String, values: [String]?, classes: ColumnClasses) -> DirectColumn? {
  switch classes.declared(name) {
  case .quasi, .value: return nil
  case .direct:
    let isChanged = values.map { isPseudonymized($0, kind: .named(name)) } ?? false
    return isChanged ? nil : DirectColumn(name: name, kind: nil, ground: .declared)
  case nil:
    guard let values, let found = PersonalKind.recognized(name, values: values), found.kind.isDirect else { return nil }
    return DirectColumn(name: name, kind: found.kind, ground: found.isByName ? .name : .content)
  }
}

/// Whether the values of a column that was declared direct point at nobody any more: pseudonyms, masked, rounded, none.
private func isPseudonymized(_ values: [String], kind: PersonalKind?) -> Bool {
  if values.allSatisfy(isPseudonym) { return true }
  guard let kind else { return false }
  return !values.contains(where: { kind.fits($0) })
}

private func firstValues(of column: Column) -> [String] {
  (0..<min(column.rowCount, sampledRows)).compactMap { column.text(at: $0) }
}

private func allValues(of column: Column) -> [String] {
  (0..<column.rowCount).compactMap { column.text(at: $0) }
}

/// Ends the reading once the first rows are there.
private struct Sampled: Error {
  let table: Table
}

private func firstRows(of path: String, options: ReadOptions) -> Table? {
  do {
    // A file without rows ends without a chunk.
    _ = try readChunks(path: path, options: options, threads: 1, make: { 0 }) { _, table in throw Sampled(table: table)
    }
    return Table(columns: [])
  } catch let sample as Sampled {
    return sample.table
  } catch {
    return nil
  }
}

extension ReadOptions {
  fileprivate func only(_ name: String) -> ReadOptions {
    var own = self
    own.columns = [ColumnRequest(name, .text)]
    return own
  }
}

extension DirectColumn {
  fileprivate func finding(in path: String) -> Finding {
    let what = kind?.title ?? LocalizedText(zh: "直接标识", en: "direct identifiers")
    let grounds =
      switch ground {
      case .declared: LocalizedText(zh: "survey.yaml 列为 direct", en: "declared direct in survey.yaml")
      case .name: LocalizedText(zh: "据列名及前若干行的值", en: "by its name and the values of the first rows")
      case .content: LocalizedText(zh: "据前若干行的值", en: "by the values of the first rows")
      }
    return Finding(
      "direct-column",
      file: path,
      column: name,
      message: LocalizedText(
        zh: "含\(what.zh)（\(grounds.zh)），估计用不着，也不得进入结果。",
        en: "holds \(what.en) (\(grounds.en)); an estimate has no use for them and they must not get into results."
      ),
      fix: LocalizedText(
        zh: "请先运行 mingcha pseudonymize \(path) --key-file KEY -o OUT；若判断有误，在 survey.yaml 写 columns: {value: [\(name)]}；"
          + "确需照用时加 --allow-direct。",
        en:
          "First run mingcha pseudonymize \(path) --key-file KEY -o OUT. Where it is none, write columns: {value: [\(name)]} "
          + "in survey.yaml; --allow-direct reads the file as it is."
      )
    )
  }
}

extension SurveyFolder {
  /// Refuses answers with columns that point at persons, unless the survey file or the caller allows them, and classes
  /// of columns that no file has.
  ///
  /// A draw's list is not looked at: it is what the teams find households by.
  func refuseDirectColumns(of sources: [ResponseDefinition.Source], allowed: Bool) throws {
    let privacy = survey.privacy
    var findings = try unknownClasses(sources)
    if !allowed, !privacy.allowsDirect {
      for source in sources {
        if let export = export(of: source) {
          findings += exportedColumns(source, export)
          continue
        }
        do throws(InputRefusal) {
          try MingchaWorkflow.refuseDirectColumns(
            (try? paths(of: source.files)) ?? [],
            sheet: source.sheet,
            headerRow: source.headerRow,
            classes: privacy.classes
          )
        } catch {
          findings += error.findings
        }
      }
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
  }

  /// The same of a tablet's export, whose groups and repeats are joined: there all rows are looked at.
  private func exportedColumns(_ source: ResponseDefinition.Source, _ export: FormExport) -> [Finding] {
    let options = ReadOptions(sheet: source.sheet, headerRow: source.headerRow)
    guard let paths = try? paths(of: source.files),
      let tables = try? readTables(paths, export: export, options: options).tables
    else { return [] }
    return zip(paths, tables).flatMap { path, table in
      table.columns.compactMap { column in
        directColumn(column.name, values: allValues(of: column), classes: survey.privacy.classes)?.finding(in: path)
      }
    }
  }

  /// A name under `columns` that no file of the survey has: most likely mistyped, and the column unprotected.
  private func unknownClasses(_ sources: [ResponseDefinition.Source]) throws -> [Finding] {
    let classes = survey.privacy.classes
    if classes.absent(from: []).isEmpty { return [] }
    var headers: [[String]] = []
    func add(_ files: [String], _ sheet: String?, _ row: Int?) {
      for path in (try? paths(of: files)) ?? [] {
        headers.append((try? readHeader(path: path, options: ReadOptions(sheet: sheet, headerRow: row))) ?? [])
      }
    }
    for source in survey.responses?.sources ?? [] { add(source.files, source.sheet, source.headerRow) }
    for frame in survey.frames { add(frame.files, frame.sheet, frame.headerRow) }
    if case .draw(let name)? = survey.responses?.design { add(["draws/\(name)/list.csv"], nil, nil) }
    let names = Set(headers.flatMap { $0 })
    return classes.absent(from: names).map { own, name in
      let near = nearest(to: name, among: names.sorted())
      return Finding(
        "class-column-missing",
        file: path + "/survey.yaml",
        column: "columns.\(own.rawValue)",
        value: name,
        message: LocalizedText(zh: "调查的文件中没有这一列。", en: "is a column of no file of the survey."),
        fix: LocalizedText(
          zh: near.map { "是否指“\($0)”？" } ?? "请改正或删去。",
          en: near.map { "Did you mean \"\($0)\"?" } ?? "Correct or remove it."
        )
      )
    }
  }

  /// Columns of a table that may go into a file with every row: not those that point at persons.
  func carriedColumns(of table: Table) -> [String] {
    table.columns.filter { column in
      switch survey.privacy.classes.declared(column.name) {
      case .direct: return false
      case .quasi, .value: return true
      case nil:
        return PersonalKind.recognized(column.name, values: allValues(of: column))?.kind.isDirect != true
      }
    }.map(\.name)
  }
}
