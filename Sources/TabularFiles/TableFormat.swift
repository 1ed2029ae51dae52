package import SurveyData

/// A kind of file that holds a table.
package protocol TableFormat: Sendable {
  /// The name in messages, such as CSV.
  var name: String { get }
  /// Endings of file names, in lower case and without the dot.
  var extensions: [String] { get }
  /// Whether a file that begins with these bytes is of this kind.
  func recognizes(_ head: [UInt8]) -> Bool
  /// The column names.
  func header(of file: OpenFile, options: ReadOptions) throws -> [String]
  /// What the file says of its columns; `nil` for a kind of file that says nothing.
  func dictionary(of file: OpenFile, options: ReadOptions) throws -> DataDictionary?
  /// Delivers all rows, chunk by chunk.
  ///
  /// - Parameters:
  ///   - file: open, at its begin.
  ///   - options: what is wanted.
  ///   - workers: how many chunks may be in work at once.
  ///   - consume: takes the number of the worker, below `workers`, and a chunk; one worker's chunks come
  ///     one at a time and in the order of the file.
  /// - Returns: what is worth telling, and how many rows there were.
  /// - Throws: a refusal with everything found wrong; whatever `consume` throws.
  func read(
    _ file: OpenFile,
    options: ReadOptions,
    workers: Int,
    consume: @escaping @Sendable (Int, Table) throws -> Void
  ) throws -> ReadSummary
}

extension TableFormat {
  package func dictionary(of file: OpenFile, options: ReadOptions) throws -> DataDictionary? { nil }
}

/// What is known after all rows were delivered.
package struct ReadSummary: Sendable {
  package var notes: [Finding]
  package var rows: Int
  /// What the file says of its columns, where it says so.
  package var dictionary: DataDictionary?
}

/// The kinds of files that can be read.
package enum TableFormats {
  /// Every format; the first that recognizes a file reads it.
  package static let all: [any TableFormat] = [
    WorkbookFormat(), SPSSFormat(), SPSSPortableFormat(), StataFormat(), SASFormat(), SASTransportFormat(),
    DelimitedFormat(),
  ]
}
