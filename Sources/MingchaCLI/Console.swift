internal import Glibc
internal import SurveyData

/// The two streams of a command: results on standard output, messages on standard error.
struct Console: Sendable {
  let language: Language
  /// Findings as one JSON array instead of a line each.
  let writesJSON: Bool

  /// Standard output did not take what was written to it: a closed pipe, a full disk.
  struct OutputFailure: Error {
    let reason: String
  }

  /// Writes a result to standard output.
  func output(_ text: String) throws(OutputFailure) {
    try output(Array(text.utf8))
  }

  /// Writes a result's bytes to standard output.
  func output(_ bytes: [UInt8]) throws(OutputFailure) {
    if let number = writeAll(bytes, to: STDOUT_FILENO) {
      throw OutputFailure(reason: String(cString: strerror(number)))
    }
  }

  /// Tells the user something; a closed standard error is not the user's concern.
  func message(_ text: LocalizedText) {
    message(text.text(in: language))
  }

  func message(_ text: String) {
    _ = writeAll(Array((text + "\n").utf8), to: STDERR_FILENO)
  }

  /// Writes to standard error without ending the line.
  func line(_ text: String) {
    _ = writeAll(Array(text.utf8), to: STDERR_FILENO)
  }

  /// Reports findings: a line each, or one JSON array.
  func report(_ findings: [Finding]) {
    if findings.isEmpty { return }
    if writesJSON {
      message(FindingJSON.array(of: findings, language: language))
    } else {
      message(findings.map { $0.line(in: language) }.joined(separator: "\n"))
    }
  }
}

/// Writes all bytes to a descriptor; the number of the error, or nil when everything was taken.
private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
  var offset = 0
  while offset < bytes.count {
    let written = bytes.withUnsafeBytes { buffer in
      write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
    }
    if written < 0 {
      if errno == EINTR { continue }
      return errno
    }
    offset += written
  }
  return nil
}
