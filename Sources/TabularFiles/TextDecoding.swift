internal import SurveyData

/// A text file made UTF-8: the bytes to begin with, what follows, and what was found out.
struct DecodedText {
  /// UTF-8, without byte order mark.
  var pending: [UInt8]
  var source: ByteSource
  var validation: TextValidation
  var notes: [Finding] = []
}

/// How the bytes that follow are to be checked.
struct TextValidation {
  let file: String
  /// The file may still turn out to be GB18030: nothing but ASCII was seen so far.
  var mayBeGB18030: Bool
  /// The bytes before those not yet validated.
  var offset: Int
  /// Already converted as a whole, hence valid.
  var isTrusted = false

  /// The length of the valid part of the bytes; beyond it stands an invalid sequence or, unless the text
  /// ends here, one that is only cut off.
  func validPrefix(_ bytes: [UInt8], isEnd: Bool) -> (valid: Int, isBroken: Bool) {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return (bytes.count, false)
    } catch {
      let start = error.byteOffsets.lowerBound
      let isCut =
        !isEnd && bytes.count - start < 4 && error.byteOffsets.upperBound == bytes.count
        && error.kind == .truncatedScalar
      return (start, !isCut)
    }
  }
}

/// Finds a text file's encoding: byte order mark, else strict UTF-8, else GB18030.
enum TextDecoding {
  static func begin(_ file: InputFile, encoding: TextEncoding?) throws(InputRefusal) -> DecodedText {
    let source = ByteSource(file)
    let head = file.head
    if head.starts(with: [0xEF, 0xBB, 0xBF]) {
      let validation = TextValidation(file: file.name, mayBeGB18030: false, offset: 3)
      var text = DecodedText(pending: Array(head[3...]), source: source, validation: validation)
      text.notes.append(note("encoding-bom", file, zh: "UTF-8（带 BOM）", en: "UTF-8 with byte order mark"))
      return text
    }
    if head.starts(with: [0xFF, 0xFE]) {
      return try whole(file, head: head[2...], source, .utf16LittleEndian, skipped: 2)
    }
    if head.starts(with: [0xFE, 0xFF]) {
      return try whole(file, head: head[2...], source, .utf16BigEndian, skipped: 2)
    }
    if let encoding, encoding != .utf8 { return try whole(file, head: head[...], source, encoding, skipped: 0) }
    var validation = TextValidation(file: file.name, mayBeGB18030: encoding == nil, offset: 0)
    let (valid, isBroken) = validation.validPrefix(head, isEnd: file.isWhole)
    guard isBroken else {
      if head[..<valid].contains(where: { $0 >= 0x80 }) { validation.mayBeGB18030 = false }
      return DecodedText(pending: head, source: source, validation: validation)
    }
    let isCutOff = file.isWhole && head.count - valid < 4 && head[..<valid].contains { $0 >= 0xE0 }
    if encoding == .utf8 || isCutOff { throw InputRefusal(undecodable(head, at: valid, validation)) }
    var rest = source
    let all = head + (try rest.takeAll())
    return try chinese(all, seenBefore: MixedEncoding.Seen(), file: file.name)
  }

  /// Continues a text that was plain ASCII so far and is now found not to be UTF-8.
  static func chinese(
    _ bytes: [UInt8],
    seenBefore: MixedEncoding.Seen,
    file: String
  ) throws(InputRefusal) -> DecodedText {
    let converted = try MixedEncoding.gb18030(bytes, seenBefore: seenBefore, file: file)
    var validation = TextValidation(file: file, mayBeGB18030: false, offset: 0)
    validation.isTrusted = true
    let note = Finding(
      "encoding-gb18030",
      severity: .note,
      file: file,
      message: LocalizedText(zh: "按 GB18030 读取。", en: "was read as GB18030."),
      fix: LocalizedText("")
    )
    return DecodedText(
      pending: [],
      source: ByteSource(memory: converted, name: file),
      validation: validation,
      notes: [note]
    )
  }

  private static func whole(
    _ file: InputFile,
    head: ArraySlice<UInt8>,
    _ source: ByteSource,
    _ encoding: TextEncoding,
    skipped: Int
  ) throws(InputRefusal) -> DecodedText {
    var rest = source
    let all = Array(head) + (try rest.takeAll())
    let name = encoding == .gb18030 ? "GB18030" : encoding == .utf16LittleEndian ? "UTF-16LE" : "UTF-16BE"
    switch CharacterConversion.convert(all[...], from: name, to: "UTF-8") {
    case .failure(let failure):
      throw InputRefusal(
        Finding(
          "encoding-invalid",
          file: file.name,
          value: hexadecimal(all, at: failure.offset),
          message: LocalizedText(
            zh: "第 \(failure.offset + skipped) 字节处不是有效的 \(name)。",
            en: "is no valid \(name) at byte \(failure.offset + skipped)."
          ),
          fix: LocalizedText(zh: "文件可能被截断，请重新导出。", en: "It may be cut off; export it again.")
        )
      )
    case .success(let bytes):
      var validation = TextValidation(file: file.name, mayBeGB18030: false, offset: 0)
      validation.isTrusted = true
      return DecodedText(
        pending: [],
        source: ByteSource(memory: bytes, name: file.name),
        validation: validation,
        notes: [note("encoding-" + encoding.rawValue, file, zh: name, en: name)]
      )
    }
  }

  private static func note(_ code: String, _ file: InputFile, zh: String, en: String) -> Finding {
    Finding(
      code,
      severity: .note,
      file: file.name,
      message: LocalizedText(zh: "按\(zh)读取。", en: "was read as \(en)."),
      fix: LocalizedText("")
    )
  }

  /// The refusal for bytes that are not UTF-8 where UTF-8 is certain.
  static func undecodable(_ bytes: [UInt8], at place: Int, _ validation: TextValidation) -> Finding {
    let isCut = bytes.count - place < 4
    return Finding(
      isCut ? "file-truncated" : "encoding-invalid",
      file: validation.file,
      value: hexadecimal(bytes, at: place),
      message: LocalizedText(
        zh: "第 \(validation.offset + place) 字节处不是有效的 UTF-8" + (isCut ? "：文件末尾被截断。" : "。"),
        en: "is no valid UTF-8 at byte \(validation.offset + place)"
          + (isCut ? ": the end is cut off." : ".")
      ),
      fix: LocalizedText(zh: "请以同一种编码重新导出。", en: "Export it again in one encoding.")
    )
  }

  static func hexadecimal(_ bytes: [UInt8], at place: Int) -> String {
    bytes[min(place, bytes.count)...].prefix(4)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16, uppercase: true) }.joined(separator: " ")
  }
}
