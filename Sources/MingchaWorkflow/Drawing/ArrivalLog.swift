internal import Documents
internal import SampleDrawing
package import SurveyData
internal import TabularFiles

/// The log of lists that were made on arrival: each with its digest, recorded before anything was drawn from it.
///
/// `arrivals.csv` in the survey folder has one line a record, in their order: number, file, digest of the file's
/// bytes, rows, date as told, and the chain, SHA-256("mingcha arrival 1" LF chain before LF number LF file LF
/// digest LF rows LF date LF). Whoever was told the last chain value sees when an earlier line is altered,
/// taken out or put in.
package struct ArrivalLog: Sendable {
  package struct Record: Sendable, Equatable {
    /// The path within the survey folder.
    package var file: String
    package var digest: String
    package var rows: Int
    package var date: String
    package var chain: String
  }

  package private(set) var records: [Record]
  private let path: String

  /// The log's file in a survey folder.
  package static let file = "arrivals.csv"
  private static let columns = ["number", "file", "sha256", "rows", "date", "chain"]

  /// Reads the log of a survey folder; it is empty where there is none.
  /// - Throws: `arrivals-altered` with the first line that the chain does not hold.
  package init(folder: String) throws {
    path = folder + "/" + Self.file
    records = []
    guard exists(path) else { return }
    let (table, _) = try readTable(path: path)
    for name in Self.columns { _ = try table.column(name) }
    for row in 0..<table.rowCount {
      let cells = Self.columns.map { table[$0]?.text(at: row) ?? "" }
      let record = Record(file: cells[1], digest: cells[2], rows: Int(cells[3]) ?? -1, date: cells[4], chain: cells[5])
      guard cells[0] == String(row + 1), chain(after: record) == record.chain else {
        throw InputRefusal(
          Finding(
            "arrivals-altered",
            file: path,
            row: table.fileRow(of: row),
            value: record.file,
            message: LocalizedText(
              zh: "登记簿在此行被改动、删除或插入过。",
              en: "the log was altered here: the line is not the one recorded, or one is missing before it."
            ),
            fix: LocalizedText(
              zh: "请恢复 record 写出的登记簿。",
              en: "Restore the log as mingcha record wrote it."
            )
          )
        )
      }
      records.append(record)
    }
  }

  /// The chain value of the last record: what is told to somebody outside, who can then hold us to the log.
  package var head: String? { records.last?.chain }

  /// The last record of a file.
  func last(of file: String) -> Record? { records.last { $0.file == file } }

  private func chain(after record: Record) -> String {
    let parts = [
      "mingcha arrival 1", records.last?.chain ?? "", String(records.count + 1), record.file, record.digest,
      String(record.rows), record.date,
    ]
    return Digest(of: parts.map { $0 + "\n" }.joined()).hex
  }

  /// Adds a record; the same bytes as last time are not recorded again.
  /// - Returns: whether it was added.
  mutating func add(file: String, digest: String, rows: Int, date: String) -> Bool {
    if last(of: file)?.digest == digest { return false }
    var record = Record(file: file, digest: digest, rows: rows, date: date, chain: "")
    record.chain = chain(after: record)
    records.append(record)
    return true
  }

  func write() throws(WritingError) {
    let numbered = records.enumerated()
    let table = Table(columns: [
      Column("number", texts: numbered.map { String($0.offset + 1) }), Column("file", texts: records.map(\.file)),
      Column("sha256", texts: records.map(\.digest)), Column("rows", texts: records.map { String($0.rows) }),
      Column("date", texts: records.map(\.date)), Column("chain", texts: records.map(\.chain)),
    ])
    try AtomicFile.write(csvBytes(of: table), to: path, overwrite: true)
  }
}

/// What recording some lists came to.
package struct ArrivalReport: Sendable {
  /// The files, each with its rows and digest and whether it was recorded now.
  package var files: [(record: ArrivalLog.Record, isNew: Bool)]
  package var head: String
  package var notes: [Finding]
}

/// Records lists that were made on arrival, before anything is drawn from them.
///
/// Each must be a file of one of the survey's frames and is read as a draw would read it, so that a bad id shows
/// while the team is still in the village.
/// - Parameters:
///   - folder: the survey folder.
///   - files: paths, from here or within the folder.
///   - date: any text; no clock is read.
/// - Returns: what was recorded.
/// - Throws: an `InputRefusal` with everything wrong in the lists; nothing is recorded then.
package func recordArrivals(_ folder: SurveyFolder, files: [String], date: String) throws -> ArrivalReport {
  var log = try ArrivalLog(folder: folder.path)
  var findings = [Finding]()
  var notes = [Finding]()
  var reports = [(record: ArrivalLog.Record, isNew: Bool)]()
  if date.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) {
    findings.append(
      Finding(
        "option-value",
        column: "--date",
        message: LocalizedText(zh: "日期含控制字符。", en: "the date holds a control character."),
        fix: LocalizedText(zh: "请写成一行文字。", en: "Write one line of text.")
      )
    )
  }
  let frames = folder.survey.frames.map { ($0, try? folder.paths(of: $0.files)) }
  for file in files {
    let path = exists(file) ? file : folder.path(of: file)
    guard exists(path) else {
      findings.append(absentList(file, in: folder))
      continue
    }
    guard let (frame, _) = frames.first(where: { $0.1?.contains { isSameFile($0, path) } ?? false }) else {
      findings.append(noFrame(file, in: folder))
      continue
    }
    do {
      let source = FrameSource(
        paths: [path],
        label: file,
        id: frame.id,
        parent: frame.parent,
        sheet: frame.sheet,
        headerRow: frame.headerRow,
        allowsFormulas: frame.allowsFormulas
      )
      let (read, own) = try source.read()
      notes += own
      guard let digest = read.fileDigest else { continue }
      let name = relative(path, to: folder)
      let isNew = log.add(file: name, digest: digest, rows: read.whole.rowCount, date: date)
      if let record = log.last(of: name) { reports.append((record, isNew)) }
    } catch let refusal as InputRefusal {
      findings += refusal.findings
    }
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  if reports.contains(where: \.isNew) { try log.write() }
  return ArrivalReport(files: reports, head: log.head ?? "", notes: notes)
}

/// Compares the files of a frame with the log of arrivals.
/// - Returns: the log's head and what to tell, where the log has a file of the frame.
/// - Throws: every file that is no longer the one recorded.
func checkArrivals(_ paths: [String], in folder: String, log: ArrivalLog) throws -> [Finding] {
  let names = paths.map { pathWithin(folder, $0) }
  let recorded = zip(paths, names).compactMap { path, name in log.last(of: name).map { (path, $0) } }
  if recorded.isEmpty { return [] }
  let changed = recorded.filter { fileDigest($0.0) != $0.1.digest }
  if !changed.isEmpty {
    throw InputRefusal(
      changed.map { path, record in
        Finding(
          "arrival-differs",
          file: path,
          message: LocalizedText(
            zh: "与到达时登记的名单（\(record.date)，SHA-256 \(record.digest)）不同。",
            en: "is not the list recorded on arrival (\(record.date), SHA-256 \(record.digest))."
          ),
          fix: LocalizedText(
            zh: "请恢复原名单；若更正有据，先用 mingcha record 登记更正后的名单。",
            en: "Restore it; where a correction is justified, record the corrected list first with mingcha record."
          )
        )
      }
    )
  }
  let unrecorded = names.filter { log.last(of: $0) == nil }
  let more =
    unrecorded.isEmpty ? "" : ": " + unrecorded.prefix(5).joined(separator: ", ") + (unrecorded.count > 5 ? ", …" : "")
  return [
    Finding(
      "arrivals",
      severity: .note,
      message: LocalizedText(
        zh: "\(recorded.count) 份名单与到达时登记的一致，\(unrecorded.count) 份未登记\(more)。",
        en: "\(recorded.count) lists are those recorded on arrival, \(unrecorded.count) were not recorded\(more)."
      ),
      fix: LocalizedText("")
    )
  ]
}

private func absentList(_ file: String, in folder: SurveyFolder) -> Finding {
  let files = folder.survey.frames.flatMap { (try? folder.paths(of: $0.files)) ?? [] }
  let near = nearest(to: lastComponent(file), among: files.map(lastComponent))
  let path = files.first { lastComponent($0) == near }
  return Finding(
    "file-missing",
    file: file,
    message: LocalizedText(zh: "没有这个文件。", en: "there is no such file."),
    fix: LocalizedText(
      zh: path.map { "是否指“\($0)”？" } ?? "请核对路径。",
      en: path.map { "Did you mean \"\($0)\"?" } ?? "Check the path."
    )
  )
}

private func noFrame(_ file: String, in folder: SurveyFolder) -> Finding {
  let patterns = folder.survey.frames.flatMap(\.files).joined(separator: ", ")
  return Finding(
    "arrival-no-frame",
    file: file,
    message: LocalizedText(zh: "不是调查文件中任何抽样框的文件。", en: "is no file of any frame of the survey file."),
    fix: LocalizedText(zh: "请放入抽样框的位置：\(patterns)。", en: "Put it where a frame is looked for: \(patterns).")
  )
}

private func relative(_ path: String, to folder: SurveyFolder) -> String {
  guard
    let full = try? folder.survey.frames.flatMap({ try folder.paths(of: $0.files) }).first(where: {
      isSameFile($0, path)
    })
  else { return path }
  return pathWithin(folder.path, full)
}

/// A path as it stands within a folder; paths are bytes, and names may be Chinese.
private func pathWithin(_ folder: String, _ path: String) -> String {
  let begin = Array((folder + "/").utf8)
  return path.utf8.starts(with: begin) ? String(decoding: path.utf8.dropFirst(begin.count), as: UTF8.self) : path
}
