public import SurveyData

/// Reads a CSV file or an Excel workbook into a table.
///
/// Every column is kept as it stands in the file; a formula that uses a column as numbers refuses the cells that are
/// none, by row.
/// - Parameters:
///   - file: the path of a file, or "-" for standard input.
///   - codes: columns that hold codes, so that a workbook's numbers keep every digit as text.
/// - Returns: the rows, in the order of the file.
/// - Throws: an `InputRefusal` with everything found wrong in the file: encoding, quotes, ragged rows, dates, formulas.
public func readTable(file: String, codes: Set<String> = []) throws -> Table {
  try readTable(path: file, options: ReadOptions(identifiers: codes)).table
}
