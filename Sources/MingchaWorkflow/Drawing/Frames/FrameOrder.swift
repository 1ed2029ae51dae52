internal import Glibc
internal import SampleDrawing
internal import SurveyData
internal import TabularFiles

/// What a look at a frame's files tells of the order of its ids, before anything is read in earnest.
///
/// It only chooses the way to the frame digest and how evenly the work is cut; no result depends on it.
struct FrameOrder {
  /// Ids ascend but for a few places, as in a file sorted by number or by village.
  var mostlyAscends: Bool
  /// What all ids seen begin with.
  var prefix: [UInt8]
  /// The eight bytes behind the prefix that cut the frame into parts of about one size, ascending.
  var splitters: [UInt64]

  private static let looks = 64
  private static let lookBytes = 4_096

  /// Looks at places spread over the files.
  init(paths: [String], sources: [(start: Int, size: Int)], idColumn: Int, delimiter: UInt8, parts: Int) {
    var ids = [[UInt8]]()
    var descents = 0
    let looks = max(1, FrameOrder.looks / max(1, paths.count))
    for (path, source) in zip(paths, sources) {
      let file = open(path, O_RDONLY | O_CLOEXEC)
      if file < 0 { continue }
      defer { close(file) }
      for look in 0..<looks {
        let offset = source.start + (source.size - source.start) * look / looks
        let found = FrameOrder.ids(in: file, at: offset, isStart: look == 0, idColumn, delimiter)
        for (left, right) in zip(found, found.dropFirst()) where !left.lexicographicallyPrecedes(right) {
          descents += 1
        }
        ids += found
      }
    }
    mostlyAscends = descents * 16 <= ids.count
    var common = ids.first ?? []
    for id in ids {
      var length = 0
      while length < common.count, length < id.count, common[length] == id[length] { length += 1 }
      common.removeLast(common.count - length)
    }
    prefix = common
    var keys = ids.map { id in
      id.withUnsafeBufferPointer { leadingBytes(of: UnsafeBufferPointer(rebasing: $0[common.count...])) }
    }
    keys.sort()
    splitters = keys.isEmpty ? [] : (1..<parts).map { keys[$0 * keys.count / parts] }
  }

  private static func ids(in file: Int32, at offset: Int, isStart: Bool, _ column: Int, _ delimiter: UInt8) -> [[UInt8]]
  {
    var buffer = [UInt8](repeating: 0, count: lookBytes)
    let count = buffer.withUnsafeMutableBytes { pread(file, $0.baseAddress, lookBytes, offset) }
    guard count > 0 else { return [] }
    var lines = buffer[..<count].split(separator: 0x0A, omittingEmptySubsequences: false)
    if !isStart { lines.removeFirst() }
    if !lines.isEmpty { lines.removeLast() }
    return lines.compactMap { line in
      let cells = line.split(separator: delimiter, maxSplits: column + 1, omittingEmptySubsequences: false)
      guard column < cells.count else { return nil }
      return cells[column].filter { $0 != 0x22 && $0 != 0x0D }
    }
  }
}
