internal import Documents
internal import Glibc
internal import SampleDrawing
internal import SurveyData

/// The secret that pseudonyms are made with; whoever holds it and a list of identity numbers can undo them.
package struct PseudonymKey {
  /// SHA-256 after the inner and the outer block of the key.
  private let inner: DigestStream
  private let outer: DigestStream

  /// HMAC-SHA-256's key of any length (RFC 2104).
  package init(_ key: [UInt8]) {
    var block = key.count > 64 ? Digest(of: key).bytes : key
    block += [UInt8](repeating: 0, count: 64 - block.count)
    var inside = DigestStream()
    inside.update(block.map { $0 ^ 0x36 })
    var outside = DigestStream()
    outside.update(block.map { $0 ^ 0x5C })
    inner = inside
    outer = outside
  }

  /// HMAC-SHA-256 of some bytes.
  ///
  /// Source: RFC 2104; test values of RFC 4231.
  package func code(of bytes: [UInt8]) -> [UInt8] {
    var stream = inner
    stream.update(bytes)
    var end = outer
    end.update(stream.finished.bytes)
    return end.finished.bytes
  }

  /// The pseudonym of a value in a role: the same for one key, role and value, wherever it stands.
  ///
  /// Formula: the first 100 bits of HMAC-SHA-256(key, "mingcha pseudonym 1" LF role LF value), in base 32 of RFC 4648.
  package func pseudonym(_ value: String, role: String) -> String {
    let code = code(of: Array("mingcha pseudonym 1\n\(role)\n\(value)".utf8))
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    let text = (0..<20).map { place -> UInt8 in
      let bit = place * 5
      let pair = UInt16(code[bit / 8]) << 8 | UInt16(code[bit / 8 + 1])
      return letters[Int(pair >> UInt16(11 - bit % 8)) & 31]
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension PseudonymKey {
  /// Reads a key file: a text of at least 32 characters, of which at least ten differ.
  ///
  /// - Returns: the key, and a note where others may read the file.
  /// - Throws: an `InputRefusal`: no such file (exit 66), a key inside a survey folder, a weak key.
  static func read(_ path: String) throws(InputRefusal) -> (key: PseudonymKey, notes: [Finding]) {
    var bytes = try readBytes(path)
    while let last = bytes.last, last == 0x0A || last == 0x0D { bytes.removeLast() }
    var findings = surveyFolder(above: path).map { [inFolder(path, $0)] } ?? []
    if bytes.count < 32 || Set(bytes).count < 10 {
      findings.append(
        Finding(
          "key-weak",
          file: path,
          message: LocalizedText(
            zh: "密钥太短或太单调：至少 32 个字符，其中至少 10 种。",
            en: "is too short or too plain for a key: at least 32 characters, ten of them different."
          ),
          fix: LocalizedText(zh: "用 --new-key 生成一个。", en: "Let --new-key make one.")
        )
      )
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    var status = stat()
    let isOpen = stat(path, &status) == 0 && status.st_mode & 0o077 != 0
    let note = Finding(
      "key-open",
      severity: .note,
      file: path,
      message: LocalizedText(zh: "其他用户也能读这个密钥。", en: "can be read by other users."),
      fix: LocalizedText(zh: "请运行 chmod 600 \(path)。", en: "Run chmod 600 \(path).")
    )
    return (PseudonymKey(bytes), isOpen ? [note] : [])
  }

  /// Makes a key of 256 random bits, for its owner only.
  ///
  /// - Throws: an `InputRefusal` for a place inside a survey folder; a `WritingError` where something stands there.
  static func make(_ path: String) throws {
    try AtomicFile.check(path, overwrite: false)
    if let folder = surveyFolder(above: path) { throw InputRefusal(inFolder(path, folder)) }
    let source = open("/dev/urandom", O_RDONLY | O_CLOEXEC)
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = source < 0 ? -1 : Glibc.read(source, &bytes, bytes.count)
    if source >= 0 { close(source) }
    guard count == bytes.count else {
      throw WritingError.failed(path: path, step: "urandom", reason: String(cString: strerror(errno)))
    }
    let digits = Array("0123456789abcdef".utf8)
    var text = [UInt8]()
    for byte in bytes { text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
    text.append(0x0A)
    // Never readable by others, not even for a moment.
    let mask = umask(0o077)
    defer { umask(mask) }
    try AtomicFile.write(text, to: path, overwrite: false)
    chmod(path, 0o600)
  }

  /// The nearest folder above a file that holds a survey.
  private static func surveyFolder(above path: String) -> String? {
    guard let whole = realpath(NewFolder.parent(of: path), nil) else { return nil }
    defer { free(whole) }
    var folder = String(cString: whole)
    while true {
      if exists((folder == "/" ? "" : folder) + "/survey.yaml") { return folder }
      if folder == "/" { return nil }
      folder = NewFolder.parent(of: folder)
    }
  }

  private static func inFolder(_ path: String, _ folder: String) -> Finding {
    Finding(
      "key-in-folder",
      file: path,
      message: LocalizedText(
        zh: "在调查文件夹 \(lastComponent(folder)) 之内：谁拿到文件夹，谁就拿到密钥。",
        en: "stands inside the survey folder \(lastComponent(folder)): whoever gets the folder gets the key."
      ),
      fix: LocalizedText(zh: "请把密钥放在调查文件夹之外。", en: "Keep the key outside of survey folders.")
    )
  }
}

/// Makes a key file for pseudonyms; see ``PseudonymKey``.
///
/// - Throws: an `InputRefusal` for a place inside a survey folder; a `WritingError` where something stands there.
package func makePseudonymKey(_ path: String) throws { try PseudonymKey.make(path) }
