internal import Documents
internal import Glibc
package import SurveyData
internal import SurveyReporting

/// Results in the folder `results/` of a survey; each run replaces what the run before wrote.
///
/// A list of units is never overwritten, a result always may be: it follows from the same inputs again.
struct ResultFiles {
  let folder: String

  init(_ survey: SurveyFolder) throws(WritingError) {
    folder = survey.path + "/results"
    if !isFolder(folder), mkdir(folder, 0o777) != 0 {
      throw .cannotCreate(path: folder, reason: String(cString: strerror(errno)))
    }
  }

  func write(_ bytes: [UInt8], to name: String) throws(WritingError) -> String {
    let path = folder + "/" + name
    try AtomicFile.write(bytes, to: path, overwrite: true)
    return path
  }

  func write(_ document: Document, by writer: any DocumentWriter, to name: String) throws(WritingError) -> [String] {
    try writer.write(document, to: folder + "/" + name, overwrite: true)
  }
}

/// A form of results on the command line.
package enum EstimateForm: String, Sendable, CaseIterable {
  case table, json, csv, xlsx

  /// The form that a file's name asks for.
  package init?(file: String) {
    guard let dot = file.lastIndex(of: "."),
      let form = EstimateForm(rawValue: file[file.index(after: dot)...].lowercased())
    else { return nil }
    self = form
  }
}

extension EstimationReport {
  /// Writes one form to a file that is not there yet.
  ///
  /// - Parameters:
  ///   - form: of the file.
  ///   - path: where to.
  ///   - language: of the words.
  ///   - overwrite: replaces a file that is there.
  /// - Throws: a `WritingError`.
  package func write(_ form: EstimateForm, to path: String, language: Language, overwrite: Bool) throws {
    switch form {
    case .table: try AtomicFile.write(Array(text(language).utf8), to: path, overwrite: overwrite)
    case .json: try AtomicFile.write(json(), to: path, overwrite: overwrite)
    case .csv: try AtomicFile.write(csv(language), to: path, overwrite: overwrite)
    case .xlsx: try XLSXWriter().write(workbook(language), to: path, overwrite: overwrite)
    }
  }

  /// Writes the intra-cluster correlations as CSV.
  ///
  /// - Throws: a `WritingError`.
  package func writeCorrelations(to path: String, language: Language, overwrite: Bool) throws {
    try AtomicFile.write(correlationsCSV(language), to: path, overwrite: overwrite)
  }

  /// Writes `results/estimates.json`, `.csv` and `.xlsx` of a survey folder, `results/correlations.csv`, and replicate
  /// weights where the survey file asks for them.
  ///
  /// - Parameters:
  ///   - folder: the survey.
  ///   - language: of the words.
  ///   - prefix: put before the names, so that one form of the results leaves the other where it is.
  /// - Returns: the paths written, and what the form of a weight file could not hold as it was.
  package func writeResults(
    in folder: SurveyFolder,
    language: Language,
    prefix: String = ""
  ) throws -> (paths: [String], notes: [Finding]) {
    let files = try ResultFiles(folder)
    var weights: [String] = []
    var notes: [Finding] = []
    for part in parts {
      guard let file = part.weightFile, let path = part.weightPath else { continue }
      let written = try file.write(to: path, overwrite: true)
      weights += written.paths
      notes += written.notes
    }
    let results = [
      try files.write(json(), to: prefix + "estimates.json"),
      try files.write(csv(language), to: prefix + "estimates.csv"),
      try files.write(correlationsCSV(language), to: prefix + "correlations.csv"),
    ]
    let workbook = try files.write(workbook(language), by: XLSXWriter(), to: prefix + "estimates.xlsx")
    return (weights + results + workbook, notes)
  }
}

/// Refuses a target that may not be written, before the work begins.
package func checkTarget(_ path: String, overwrite: Bool) throws {
  try AtomicFile.check(path, overwrite: overwrite)
}

/// Writes a script to a file that is not there yet, or replaces it where that is wanted.
///
/// - Throws: a `WritingError`.
package func writeScript(_ text: String, to path: String, overwrite: Bool) throws {
  try AtomicFile.write(Array(text.utf8), to: path, overwrite: overwrite)
}
