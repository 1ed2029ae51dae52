internal import Documents
internal import SurveyData

/// The names of what `synthesize` writes; each says that it is synthetic.
enum SyntheticFiles {
  /// Beside the counties: the seed of the population, so that answers come from the same one.
  static let seed = "synthetic-seed.txt"
  static let truth = "truth-synthetic"
  /// Persons on the register of each county.
  static let register = "register-totals"
  /// In the folder of a response file's pattern.
  static let answers = "synthetic.csv"
  /// The end of the village frame's name, and of each register's.
  static let ending = "-synthetic.csv"

  static func isSynthetic(_ name: String) -> Bool {
    name == seed || name == answers || name.hasSuffix(ending) || name.hasPrefix(truth)
  }
}

/// Files written together: all checked first, and those already there with the same bytes left alone.
struct SyntheticOutput {
  private(set) var files: [OutputFile] = []

  mutating func add(_ bytes: [UInt8], at path: String) {
    files.append(OutputFile(path: path, bytes: bytes))
  }

  mutating func add(_ table: Table, at path: String) {
    add(CSVWriter(byteOrderMark: false, isForPrograms: true).bytes(of: plainTable(table)), at: path)
  }

  /// - Returns: the paths of all files.
  /// - Throws: a `WritingError` where a file of other content is there, before anything is written.
  func write() throws -> [String] {
    var missing = [OutputFile]()
    for file in files {
      if let before = try? readBytes(file.path), before == file.bytes { continue }
      try AtomicFile.check(file.path, overwrite: false)
      missing.append(file)
    }
    for file in missing {
      try NewFolder.makeFolders(NewFolder.parent(of: file.path))
      try AtomicFile.write(file.bytes, to: file.path, overwrite: false)
    }
    return files.map(\.path)
  }
}
