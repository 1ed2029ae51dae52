/// One form a document can be written in.
package protocol DocumentWriter: Sendable {
  /// The name on the command line (`--format`).
  var name: String { get }
  /// The end of the file's name, without the dot.
  var suffix: String { get }

  /// Writes the document to a path, atomically.
  ///
  /// - Returns: the paths written; several where the form holds one table a file.
  @discardableResult
  func write(_ document: Document, to path: String, overwrite: Bool) throws(WritingError) -> [String]
}

/// A form that can also stand on a terminal or in a pipe.
package protocol TextDocumentWriter: DocumentWriter {
  /// The whole document as one text.
  func bytes(of document: Document) -> [UInt8]

  /// The files this form makes of a document: one, but for a form that holds one table a file.
  func files(of document: Document, at path: String) -> [OutputFile]
}

/// A finished file that waits to be written.
package struct OutputFile: Sendable {
  package var path: String
  package var bytes: [UInt8]

  package init(path: String, bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }
}

extension TextDocumentWriter {
  package func files(of document: Document, at path: String) -> [OutputFile] {
    [OutputFile(path: path, bytes: bytes(of: document))]
  }

  /// Writes every file of the document; when one fails, the new ones written before it are removed.
  @discardableResult
  package func write(
    _ document: Document,
    to path: String,
    overwrite: Bool
  ) throws(WritingError) -> [String] {
    let files = files(of: document, at: path)
    for file in files { try AtomicFile.check(file.path, overwrite: overwrite) }
    var written: [String] = []
    for file in files {
      do {
        try AtomicFile.write(file.bytes, to: file.path, overwrite: overwrite)
      } catch {
        if !overwrite { for path in written { AtomicFile.remove(path) } }
        throw error
      }
      written.append(file.path)
    }
    return written
  }
}

/// The forms a document can be written in.
package enum Writers {
  package static let all: [any DocumentWriter] = [
    HTMLWriter(), XLSXWriter(), CSVWriter(), JSONWriter(), TerminalWriter(),
  ]

  package static func named(_ name: String) -> (any DocumentWriter)? {
    all.first { $0.name == name }
  }
}

/// Why a file could not be written.
package enum WritingError: Error, Sendable, Hashable {
  /// A file of that name is there and may not be replaced.
  case exists(path: String)
  /// The target is a symbolic link; it is not followed.
  case symbolicLink(path: String)
  /// The target is a folder.
  case isFolder(path: String)
  /// The temporary file could not be made beside the target.
  case cannotCreate(path: String, reason: String)
  /// A write, fsync, rename or close failed; the old file, if there was one, is untouched.
  case failed(path: String, step: String, reason: String)
  /// A table has more rows, columns or characters than the form can hold.
  case tooLarge(table: String, what: String, count: Int, limit: Int)

  /// The exit status of sysexits: 73 cannot create, 74 a write failed, 65 data that does not fit.
  package var exitStatus: Int32 {
    switch self {
    case .exists, .symbolicLink, .isFolder, .cannotCreate: 73
    case .failed: 74
    case .tooLarge: 65
    }
  }

  /// The error with the place that a folder will have in place of the one where it is being filled.
  package func at(_ place: String, insteadOf temporary: String) -> WritingError {
    func moved(_ path: String) -> String {
      path.hasPrefix(temporary) ? place + path.dropFirst(temporary.count) : path
    }
    return switch self {
    case .exists(let path): .exists(path: moved(path))
    case .symbolicLink(let path): .symbolicLink(path: moved(path))
    case .isFolder(let path): .isFolder(path: moved(path))
    case .cannotCreate(let path, let reason): .cannotCreate(path: moved(path), reason: reason)
    case .failed(let path, let step, let reason): .failed(path: moved(path), step: step, reason: reason)
    case .tooLarge: self
    }
  }

  /// One sentence for the user, with the mend.
  package func message(in language: DocumentLanguage) -> String {
    switch (self, language) {
    case (.exists(let path), .chinese): "\(path)：已存在，未作改动。请另取名字，或在可覆盖的命令中明确允许。"
    case (.exists(let path), .english):
      "\(path): exists and was left as it is. Give another name, or allow overwriting where a command can."
    case (.symbolicLink(let path), .chinese): "\(path)：目标是符号链接，拒绝写入。请给出真实路径。"
    case (.symbolicLink(let path), .english):
      "\(path): the target is a symbolic link and is not followed. Give the real path."
    case (.isFolder(let path), .chinese): "\(path)：目标是文件夹。请给出文件名。"
    case (.isFolder(let path), .english): "\(path): the target is a folder. Name a file in it."
    case (.cannotCreate(let path, let reason), .chinese): "\(path)：无法创建（\(reason)）。请检查文件夹是否存在、可写。"
    case (.cannotCreate(let path, let reason), .english):
      "\(path): cannot be created (\(reason)). Check that the folder exists and may be written to."
    case (.failed(let path, let step, let reason), .chinese):
      "\(path)：写入失败（\(step)：\(reason)）。原有文件未受影响；请检查磁盘空间后重试。"
    case (.failed(let path, let step, let reason), .english):
      "\(path): writing failed (\(step): \(reason)). What was there is untouched; check the disk and try again."
    case (.tooLarge(let table, let what, let count, let limit), .chinese):
      "表“\(table)”的\(Self.chinese(what))为 \(count)，超出该格式上限 \(limit)。请改用 CSV 或分开输出。"
    case (.tooLarge(let table, let what, let count, let limit), .english):
      "table \"\(table)\" has \(count) \(what), and this form holds \(limit). Use CSV, or split it."
    }
  }

  private static func chinese(_ what: String) -> String {
    switch what {
    case "rows": "行数"
    case "columns": "列数"
    case "tables": "表数"
    default: "单元格字符数"
    }
  }
}
