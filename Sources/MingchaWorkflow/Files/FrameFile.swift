internal import SurveyData
internal import TabularFiles

/// A file read whole, where what there is to tell of it was or will be told elsewhere.
enum FrameFile {
  static func read(_ path: String) throws -> Table { try readTable(path: path).table }
}
