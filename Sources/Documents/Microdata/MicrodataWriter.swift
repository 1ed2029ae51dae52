import CReadStat
import Glibc

/// Writes rows for SPSS and Stata (ReadStat, E. Miller), with labels, missing values and the weight.
///
/// The time of creation is fixed, so that the same rows give the same bytes on any day and in any time zone.
package struct MicrodataWriter: Sendable {
  package var form: MicrodataForm

  package init(_ form: MicrodataForm) {
    self.form = form
  }

  /// Writes the file, atomically.
  ///
  /// - Parameters:
  ///   - data: rows and what their columns mean.
  ///   - path: where to.
  ///   - overwrite: replaces a file that is there.
  /// - Returns: what the form could not hold as it was.
  package func write(
    _ data: MicrodataFile,
    to path: String,
    overwrite: Bool
  ) throws(WritingError) -> [MicrodataChange] {
    var changes: [MicrodataChange] = []
    try AtomicFile.withAtomicPath(path, overwrite: overwrite) { (temporary) throws(WritingError) in
      changes = try fill(temporary, with: data, for: path)
    }
    return changes
  }

  /// Fills a file that is there already, such as a temporary one.
  package func fill(
    _ temporary: String,
    with data: MicrodataFile,
    for path: String
  ) throws(WritingError) -> [MicrodataChange] {
    try check(data)
    let descriptor = open(temporary, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .cannotCreate(path: path, reason: String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    let sink = MicrodataSink(descriptor)
    let session = MicrodataSession(data, form: form)
    let verdict = session.write(into: sink)
    sink.flush()
    if sink.failure != 0 {
      throw .failed(path: path, step: "write", reason: String(cString: strerror(sink.failure)))
    }
    guard verdict == READSTAT_OK else {
      throw .failed(path: path, step: form.rawValue, reason: String(cString: readstat_error_message(verdict)))
    }
    return session.changes
  }

  private func check(_ data: MicrodataFile) throws(WritingError) {
    let limit = 32_767
    if data.variables.count > limit {
      throw .tooLarge(table: form.rawValue, what: "columns", count: data.variables.count, limit: limit)
    }
    if data.rowCount > Int(Int32.max) {
      throw .tooLarge(table: form.rawValue, what: "rows", count: data.rowCount, limit: Int(Int32.max))
    }
    for variable in data.variables {
      guard case .texts(let levels, _) = variable.values else { continue }
      let longest = levels.reduce(0) { max($0, $1.utf8.count) }
      if longest > form.longestText {
        throw .tooLarge(table: variable.name, what: "characters", count: longest, limit: form.longestText)
      }
    }
  }
}

/// Takes ReadStat's bytes and writes them in large pieces; a class, because a C function calls back.
final class MicrodataSink {
  private(set) var failure: Int32 = 0
  private let descriptor: Int32
  private var waiting: [UInt8] = []

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  func take(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard failure == 0 else { return -1 }
    waiting.append(contentsOf: bytes)
    if waiting.count > 1 << 20 { flush() }
    return failure == 0 ? bytes.count : -1
  }

  func flush() {
    var done = 0
    while done < waiting.count, failure == 0 {
      let count = waiting.withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, waiting.count - done)
      }
      if count < 0, errno == EINTR { continue }
      if count < 0 { failure = errno } else { done += count }
    }
    waiting.removeAll(keepingCapacity: true)
  }
}
