package import SurveyData

/// Files of statistics programs, which say what their columns mean; ReadStat reads all kinds.
package protocol StatisticsFormat: TableFormat {
  /// Which of its parsers.
  var kind: StatisticsKind { get }
}

extension StatisticsFormat {
  package func header(of file: OpenFile, options: ReadOptions) throws -> [String] {
    try StatisticsFile(file.input, kind, options: options).header
  }

  package func dictionary(of file: OpenFile, options: ReadOptions) throws -> DataDictionary? {
    try StatisticsFile(file.input, kind, options: options).dictionary
  }

  /// One thread goes through the rows, which stand in the file one after another: all chunks go to worker 0.
  package func read(
    _ file: OpenFile,
    options: ReadOptions,
    workers: Int,
    consume: @escaping @Sendable (Int, Table) throws -> Void
  ) throws -> ReadSummary {
    let source = try StatisticsFile(file.input, kind, options: options)
    let run = try StatisticsRun(source, options: options) { try consume(0, $0) }
    try run.finish(ReadStatParser.parse(kind, source.input, into: run, values: true))
    try file.input.requireUnchanged()
    return ReadSummary(notes: run.notes, rows: run.rows, dictionary: source.dictionary)
  }
}
