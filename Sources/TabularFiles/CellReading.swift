internal import Glibc
package import SurveyData

/// A text file whose cells are looked at as bytes.
package struct CellSource: Sendable {
  package var file: String
  /// The column names, in the file's order.
  package var header: [String]
  package var delimiter: UInt8
  /// Where the first record begins.
  package var start: Int
  /// The file as it was.
  package var stamp: FileStamp
}

/// What came of looking at files as cells.
package struct CellReading: Sendable {
  package var sources: [CellSource]
  package var notes: [Finding]
  package var rows: Int
}

/// What looks at files as cells; `file` is the place among the paths.
package protocol CellReader: Sendable {
  /// Before any block of a file.
  func begin(file: Int, source: CellSource) throws
  /// Every block's bytes as they stand in the file, one after the other.
  func passBytes(file: Int, _ bytes: UnsafeRawBufferPointer)
  /// A block, on any worker; one worker's blocks come one at a time and in the order of the file.
  func take(worker: Int, file: Int, _ block: CellBlock) throws
}

/// Looks at text files block by block without making text of their cells.
///
/// - Parameters:
///   - paths: one file after another; all must have the same column names.
///   - options: what is taken for granted about them; a selection of columns is not heeded.
///   - threads: how many blocks are worked on at once.
///   - reader: takes the blocks; an ``InputRefusal`` of its own is thrown at the end with all others.
/// - Returns: `nil` where only a reading as tables can take a file: a workbook, standard input, another
///   encoding than UTF-8, quotes within cells.
/// - Throws: an ``InputRefusal`` with everything found wrong, or whatever else the reader throws.
package func readCells(
  paths: [String],
  options: ReadOptions,
  threads: Int,
  reader: some CellReader
) throws -> CellReading? {
  if paths.contains("-") { return nil }
  try requireSameHeader(paths, options: options)
  var reading = CellReading(sources: [], notes: [], rows: 0)
  for (place, path) in paths.enumerated() {
    let summary = try withFormat(of: path) { file, format -> ReadSummary? in
      guard let format = format as? DelimitedFormat else { return nil }
      return try format.readCells(
        file,
        options: options,
        workers: max(1, threads),
        begin: { source in
          reading.sources.append(source)
          try reader.begin(file: place, source: source)
        },
        inOrder: { reader.passBytes(file: place, $0) },
        consume: { try reader.take(worker: $0, file: place, $1) }
      )
    }
    guard let summary else { return nil }
    reading.notes += summary.notes
    reading.rows += summary.rows
  }
  return reading
}

/// Reads single records of files that ``readCells(paths:options:threads:reader:)`` went through.
///
/// - Parameters:
///   - places: of the records, in the order wanted.
///   - paths: the files.
///   - sources: of that reading.
///   - options: of that reading.
/// - Returns: all columns as text, one row a place.
/// - Throws: an ``InputRefusal`` where a file was written to in between, or cannot be read.
package func readRecords(
  _ places: [RecordPlace],
  paths: [String],
  sources: [CellSource],
  options: ReadOptions
) throws -> Table {
  var bytes: [UInt8] = []
  bytes.reserveCapacity(places.reduce(0) { $0 + Int($1.count) + 1 })
  var files: [InputFile] = []
  defer { for file in files { file.close() } }
  for (path, source) in zip(paths, sources) {
    let file = try InputFile(path: path)
    files.append(file)
    guard file.identity == source.stamp else { throw InputRefusal(InputFile.changed(path)) }
  }
  for place in places {
    guard files.indices.contains(Int(place.file)) else { continue }
    let file = files[Int(place.file)]
    let begin = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: Int(place.count)))
    var done = 0
    while done < Int(place.count) {
      let got = bytes.withUnsafeMutableBytes { buffer in
        pread(
          file.descriptor,
          buffer.baseAddress.map { $0 + begin + done },
          Int(place.count) - done,
          place.offset + done
        )
      }
      if got < 0, errno == EINTR { continue }
      guard got > 0 else { throw InputFile.unreadable(file.name, got < 0 ? errno : EIO) }
      done += got
    }
    bytes.append(0x0A)
  }
  for file in files { try file.requireUnchanged() }
  guard let path = paths.first, !places.isEmpty else {
    return Table(columns: (sources.first?.header ?? []).map { Column($0, texts: []) })
  }
  return try withFormat(of: path) { file, _ in
    var options = options
    options.columns = nil
    let text = try TextDecoding.begin(file.input, encoding: options.encoding)
    var cutter = try RecordCutter(text, file: file.input, blockSize: options.blockSize)
    let layout = try CSVLayout(&cutter, file: file.input, options: options)
    let block = RecordBlock(bytes: bytes, count: bytes.count, firstRow: 2, records: places.count)
    let parsed = CSVParser.parse(block, layout: layout)
    guard let table = parsed.table, table.rowCount == places.count else {
      throw InputRefusal(listing: parsed.findings, total: parsed.findingCount)
    }
    return table
  }
}
