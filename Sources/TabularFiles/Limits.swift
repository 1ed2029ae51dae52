/// Bounds on what a file may hold, far above any honest survey file.
enum Limits {
  static let cellBytes = 1 << 20
  static let columns = 16_384
  /// One record of a text file; a quote that is never closed would otherwise swallow the memory.
  static let recordBytes = 64 << 20
  /// What is looked at to find encoding, delimiter and header.
  static let headBytes = 64 << 10
  static let worksheetRows = 1_048_576
  static let archiveEntries = 10_000
  static let archiveBytes: UInt64 = 1 << 30
  /// How often a part may be larger than packed, once it is larger than `ratioFreeBytes`.
  static let archiveRatio: UInt64 = 100
  static let ratioFreeBytes: UInt64 = 8 << 20
  static let markupDepth = 64
  /// The shared texts of a workbook, each with its place: they are needed whole while cells are read.
  static let sharedTextBytes = 128 << 20
  /// The parts of a workbook that list sheets, links and styles.
  static let smallPartBytes = 16 << 20
  /// A workbook that comes through a pipe; a file is read where it lies.
  static let pipedArchiveBytes = 128 << 20
}
