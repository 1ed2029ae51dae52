import Glibc
import SurveyData
import TabularFiles
import Testing

/// A file that exists as long as something holds this object.
final class TemporaryFile {
  let path: String

  init(_ bytes: [UInt8], suffix: String = ".csv") throws {
    var template = Array("/tmp/mingcha-test-XXXXXX\(suffix)".utf8CString)
    let descriptor = mkstemps(&template, Int32(suffix.utf8.count))
    try #require(descriptor >= 0)
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
      }
      try #require(count > 0)
      written += count
    }
    close(descriptor)
  }

  convenience init(_ text: String, suffix: String = ".csv") throws {
    try self.init(Array(text.utf8), suffix: suffix)
  }

  deinit { unlink(path) }
}

extension Table {
  /// The cells of a column, "∅" where missing.
  func cells(_ name: String) throws -> [String] {
    let column = try column(name)
    return (0..<rowCount).map { column.text(at: $0) ?? "∅" }
  }

  /// Every cell, row by row.
  var rows: [[String?]] {
    (0..<rowCount).map { row in columns.map { $0.text(at: row) } }
  }
}

/// The refusal that reading a text must give.
func refusal(_ text: String, options: ReadOptions = ReadOptions()) throws -> [Finding] {
  try refusal(Array(text.utf8), options: options)
}

func refusal(_ bytes: [UInt8], suffix: String = ".csv", options: ReadOptions = ReadOptions()) throws -> [Finding] {
  let file = try TemporaryFile(bytes, suffix: suffix)
  let path = file.path
  return try #require(throws: InputRefusal.self) { try readTable(path: path, options: options) }.findings
}

func read(_ bytes: [UInt8], options: ReadOptions = ReadOptions()) throws -> (table: Table, notes: [Finding]) {
  let file = try TemporaryFile(bytes)
  return try readTable(path: file.path, options: options)
}

func read(_ text: String, options: ReadOptions = ReadOptions()) throws -> (table: Table, notes: [Finding]) {
  try read(Array(text.utf8), options: options)
}
