internal import Documents
internal import Glibc
internal import SurveyData
package import SurveyDesign
internal import TabularFiles

/// The record of a draw's fieldwork: a CSV file beside the list, which is only ever added to.
package enum FieldworkFile {
  package static let name = "fieldwork.csv"

  /// The lines of a record; none where there is no file yet.
  ///
  /// - Throws: an `InputRefusal` with everything that is wrong in the file.
  package static func read(_ path: String) throws -> [FieldworkRecord] {
    guard exists(path) else { return [] }
    return try FieldworkRecord.read(try FrameFile.read(path))
  }

  /// Adds lines that a body makes from those that are there; others wait outside meanwhile.
  ///
  /// The bytes that are there stay as they are, and the file is replaced whole or not at all.
  /// - Parameters:
  ///   - path: the record.
  ///   - body: gets the lines that are there and returns the new ones, numbered on.
  /// - Throws: an `InputRefusal` where another run holds the record or the file was saved by another program;
  ///   whatever the body throws; a `WritingError`.
  static func append(to path: String, _ body: ([FieldworkRecord]) throws -> [FieldworkRecord]) throws {
    try withLock(on: NewFolder.parent(of: path), for: path) {
      let added = try body(try read(path))
      guard !added.isEmpty else { return }
      var bytes = exists(path) ? try ownBytes(of: path) : header
      if bytes.last != UInt8(ascii: "\n") { bytes += lineEnd }
      for record in added { bytes += line(record.cells) }
      try AtomicFile.write(bytes, to: path, overwrite: true)
    }
  }

  private static let lineEnd: [UInt8] = [0x0D, 0x0A]
  private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  private static let header = mark + line(FieldworkRecord.columns)

  private static func line(_ cells: [String]) -> [UInt8] {
    Array(cells.map { CSVWriter.field($0, isText: true) }.joined(separator: ",").utf8) + lineEnd
  }

  // A spreadsheet program may have saved it with other separators or in another encoding: what is added would
  // then not fit what is there.
  private static func ownBytes(of path: String) throws -> [UInt8] {
    let bytes = try readBytes(path)
    let start = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
    let isOwn =
      start.starts(with: line(FieldworkRecord.columns).dropLast(lineEnd.count))
      && String(validating: bytes, as: UTF8.self) != nil
    if isOwn { return bytes }
    throw InputRefusal(
      Finding(
        "record-resaved",
        file: path,
        row: 1,
        message: LocalizedText(
          zh: "被其他程序以别的格式另存过，不能续写。",
          en: "was saved in another form by another program, so nothing can be added."
        ),
        fix: LocalizedText(zh: "请恢复原文件，或另存为 UTF-8 的 CSV。", en: "Restore it, or save it as CSV in UTF-8.")
      )
    )
  }

  private static func withLock(on folder: String, for path: String, _ body: () throws -> Void) throws {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw WritingError.cannotCreate(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      throw InputRefusal(
        Finding(
          "record-locked",
          file: path,
          message: LocalizedText(zh: "另一个程序正在写入。", en: "is being written by another run."),
          fix: LocalizedText(zh: "请稍后再试。", en: "Try again in a moment.")
        )
      )
    }
    try body()
  }
}
