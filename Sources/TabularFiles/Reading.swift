package import SurveyData

/// A file opened by the reading functions; formats read it, nobody else looks inside.
package struct OpenFile {
  let input: InputFile
}

/// What came of reading files in chunks.
package struct ChunkReading<Partial> {
  /// One for each worker.
  ///
  /// For a given number of threads each always gets the same chunks.
  package var partials: [Partial]
  package var notes: [Finding]
  package var rows: Int
  /// Of the first file that has one.
  package var dictionary: DataDictionary?
}

/// Reads files chunk by chunk; only the chunks in work are in memory.
///
/// - Parameters:
///   - paths: one file after another; all must have the same column names. "-" alone is standard input.
///   - options: what is wanted of them.
///   - threads: how many chunks are worked on at once.
///   - make: an empty partial result.
///   - body: adds a chunk to a partial result. It may throw an ``InputRefusal``: reading goes on, and all
///     findings are thrown together at the end.
/// - Returns: the partial results, what is worth telling, and the number of rows.
/// - Throws: an ``InputRefusal`` with everything found wrong, or whatever else `body` throws.
package func readChunks<Partial>(
  paths: [String],
  options: ReadOptions,
  threads: Int,
  make: () -> Partial,
  body: @escaping @Sendable (inout Partial, Table) throws -> Void
) throws -> ChunkReading<Partial> {
  try requireSameHeader(paths, options: options)
  let workers = max(1, threads)
  let slots = PartialSlots((0..<workers).map { _ in make() })
  var notes: [Finding] = []
  var rows = 0
  var dictionary: DataDictionary?
  var refused: [Finding] = []
  for path in paths {
    do {
      let summary = try withFormat(of: path) { file, format in
        try format.read(file, options: options, workers: workers) { worker, table in
          try body(&slots.storage[worker], table)
        }
      }
      notes += summary.notes
      rows += summary.rows
      dictionary = dictionary ?? summary.dictionary
    } catch let refusal as InputRefusal {
      refused += refusal.findings
    }
  }
  guard refused.isEmpty else { throw InputRefusal(refused) }
  return ChunkReading(partials: Array(slots.storage), notes: notes, rows: rows, dictionary: dictionary)
}

/// Reads one file chunk by chunk; see the form for several files.
package func readChunks<Partial>(
  path: String,
  options: ReadOptions,
  threads: Int,
  make: () -> Partial,
  body: @escaping @Sendable (inout Partial, Table) throws -> Void
) throws -> ChunkReading<Partial> {
  try readChunks(paths: [path], options: options, threads: threads, make: make, body: body)
}

/// Reads a whole file.
///
/// - Parameters:
///   - path: a file, or "-" for standard input.
///   - options: what is wanted of it.
/// - Returns: the table and what is worth telling.
/// - Throws: an ``InputRefusal`` with everything found wrong.
package func readTable(
  path: String,
  options: ReadOptions = ReadOptions()
) throws -> (table: Table, notes: [Finding]) {
  let reading = try readLabelledTable(path: path, options: options)
  return (reading.table, reading.notes)
}

/// Reads a whole file with what it says of its columns; see ``readTable(path:options:)``.
///
/// - Parameters:
///   - path: a file, or "-" for standard input.
///   - options: what is wanted of it.
/// - Returns: the table, labels and declared missing values of a file that has them, and what is worth telling.
/// - Throws: an ``InputRefusal`` with everything found wrong.
package func readLabelledTable(
  path: String,
  options: ReadOptions = ReadOptions()
) throws -> (table: Table, dictionary: DataDictionary?, notes: [Finding]) {
  let reading = try readChunks(
    path: path,
    options: options,
    threads: 1,
    make: { [Table]() },
    body: {
      $0.append($1)
    }
  )
  return (try Table.concatenated(reading.partials.flatMap { $0 }), reading.dictionary, reading.notes)
}

/// Reads whole files that must have the same column names, each into a table of its own.
///
/// - Parameters:
///   - paths: the files.
///   - options: what is wanted of them.
/// - Returns: the tables in the order of the paths, and what is worth telling.
/// - Throws: an ``InputRefusal`` with everything found wrong in any of them.
package func readTables(
  paths: [String],
  options: ReadOptions = ReadOptions()
) throws -> (tables: [Table], notes: [Finding]) {
  let reading = try readChunks(
    paths: paths,
    options: options,
    threads: 1,
    make: { [Table]() },
    body: {
      $0.append($1)
    }
  )
  var tables: [Table] = []
  var chunks: [Table] = []
  for chunk in reading.partials.flatMap({ $0 }) {
    if let last = chunks.last, last.file != chunk.file || chunk.firstRow <= last.firstRow {
      tables.append(try Table.concatenated(chunks))
      chunks = []
    }
    chunks.append(chunk)
  }
  if !chunks.isEmpty { tables.append(try Table.concatenated(chunks)) }
  return (tables, reading.notes)
}

/// The column names of a file.
///
/// - Parameters:
///   - path: a file; standard input could not be read again afterwards.
///   - options: worksheet, header row, encoding and delimiter.
/// - Returns: the names in order.
/// - Throws: an ``InputRefusal``.
package func readHeader(path: String, options: ReadOptions = ReadOptions()) throws -> [String] {
  try withFormat(of: path) { file, format in try format.header(of: file, options: options) }
}

/// What a file says of its own columns: labels, codes, declared missing values.
///
/// - Parameters:
///   - path: a file; standard input could not be read again afterwards.
///   - options: the encoding.
/// - Returns: `nil` for a kind of file that says nothing of the sort.
/// - Throws: an ``InputRefusal``.
package func readDictionary(path: String, options: ReadOptions = ReadOptions()) throws -> DataDictionary? {
  try withFormat(of: path) { file, format in try format.dictionary(of: file, options: options) }
}

/// The partial results, each touched by one worker only.
private final class PartialSlots<Partial>: @unchecked Sendable {
  let storage: UnsafeMutableBufferPointer<Partial>

  init(_ partials: [Partial]) {
    storage = .allocate(capacity: partials.count)
    _ = storage.initialize(fromContentsOf: partials)
  }

  deinit {
    storage.deinitialize()
    storage.deallocate()
  }
}

func withFormat<Result>(
  of path: String,
  _ body: (OpenFile, any TableFormat) throws -> Result
) throws -> Result {
  let input = try InputFile(path: path)
  defer { input.close() }
  let file = OpenFile(input: input)
  try refuseOtherFormats(input)
  for format in TableFormats.all where format.recognizes(input.head) { return try body(file, format) }
  throw InputRefusal(.unknownFormat(path))
}

/// Names the formats that people send and that are not read.
private func refuseOtherFormats(_ file: InputFile) throws(InputRefusal) {
  let isOldWorkbook = file.head.starts(with: [0xD0, 0xCF, 0x11, 0xE0])
  let isPacked = file.head.starts(with: [0x1F, 0x8B]) || file.head.starts(with: [0x37, 0x7A, 0xBC, 0xAF])
  if isOldWorkbook || isPacked {
    throw InputRefusal(
      Finding(
        "format-unknown",
        file: file.name,
        message: isOldWorkbook
          ? LocalizedText(zh: "是旧版 .xls 或加密的工作簿。", en: "is an old .xls or an encrypted workbook.")
          : LocalizedText(zh: "是压缩文件。", en: "is a compressed file."),
        fix: isOldWorkbook
          ? LocalizedText(zh: "请另存为不加密的 .xlsx。", en: "Save it as .xlsx without a password.")
          : LocalizedText(zh: "请先解压。", en: "Unpack it first.")
      )
    )
  }
  // Any text passes for CSV: a name that promises another kind is not to be read so.
  let name = file.name.lowercased()
  let named = TableFormats.all.first { format in format.extensions.contains { name.hasSuffix("." + $0) } }
  if let named, !TableFormats.all.dropLast().contains(where: { $0.recognizes(file.head) }),
    !named.recognizes(file.head)
  {
    throw InputRefusal(.unknownFormat(file.name))
  }
}

func requireSameHeader(_ paths: [String], options: ReadOptions) throws {
  guard let first = paths.first, paths.count > 1 else { return }
  var findings: [Finding] = []
  var expected: Table?
  for path in paths {
    do {
      if path == "-" { throw InputRefusal(.standardInputAmongFiles) }
      let header = try readHeader(path: path, options: options)
      let table = Table(columns: header.map { Column($0, numbers: []) }, file: path)
      if let expected {
        _ = try Table.concatenated([expected, table])
      } else {
        expected = table
      }
    } catch let refusal as InputRefusal {
      findings += refusal.findings
      if path == first { break }
    }
  }
  guard findings.isEmpty else { throw InputRefusal(findings) }
}

extension Finding {
  fileprivate static func unknownFormat(_ path: String) -> Finding {
    Finding(
      "format-unknown",
      file: path,
      message: LocalizedText(zh: "内容与扩展名不符。", en: "is not what its name says."),
      fix: LocalizedText(
        zh: "请重新下载或导出，或另存为 .csv 或 .xlsx。",
        en: "Get it or export it again, or save it as .csv or .xlsx."
      )
    )
  }

  fileprivate static var standardInputAmongFiles: Finding {
    Finding(
      "file-not-regular",
      file: "-",
      message: LocalizedText(zh: "标准输入不能与其他文件一起读取。", en: "standard input cannot be read among files."),
      fix: LocalizedText(zh: "请单独使用“-”。", en: "Use \"-\" alone.")
    )
  }
}
