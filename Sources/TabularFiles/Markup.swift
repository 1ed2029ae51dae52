internal import CExpat
internal import Glibc
internal import SurveyData

/// Receives the events of one XML part; subclasses override what they need.
///
/// A class, because the C parser needs one address to come back to.
class MarkupReader {
  /// Set to end the reading early; nothing is delivered afterwards.
  var isDone = false

  func start(_ name: MarkupName, _ attributes: MarkupAttributes) throws(InputRefusal) {}
  func text(_ bytes: UnsafeBufferPointer<UInt8>) {}
  func end(_ name: MarkupName) throws(InputRefusal) {}
}

/// An element's name without its namespace prefix.
struct MarkupName {
  fileprivate let start: UnsafePointer<CChar>

  fileprivate init(_ name: UnsafePointer<CChar>) {
    start = strrchr(name, 0x3A).map { UnsafePointer($0) + 1 } ?? name
  }

  static func == (name: MarkupName, literal: StaticString) -> Bool {
    strcmp(name.start, UnsafeRawPointer(literal.utf8Start).assumingMemoryBound(to: CChar.self)) == 0
  }
}

/// An element's attributes, looked up by name.
struct MarkupAttributes {
  fileprivate let pairs: UnsafeMutablePointer<UnsafePointer<CChar>?>

  /// The value's bytes up to a zero byte, in the parser's memory.
  func bytes(_ name: StaticString, prefixed: Bool = false) -> UnsafePointer<CChar>? {
    var index = 0
    while let key = pairs[index] {
      let colon = strrchr(key, 0x3A)
      if prefixed == (colon != nil) {
        let local = colon.map { UnsafePointer($0) + 1 } ?? key
        if strcmp(local, UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self)) == 0 {
          return pairs[index + 1]
        }
      }
      index += 2
    }
    return nil
  }

  func string(_ name: StaticString, prefixed: Bool = false) -> String? {
    bytes(name, prefixed: prefixed).map { String(cString: $0) }
  }

  func integer(_ name: StaticString) -> Int? { string(name).flatMap { Int($0) } }

  /// XML booleans are "1" and "true".
  func isTrue(_ name: StaticString) -> Bool {
    guard let value = string(name) else { return false }
    return value == "1" || value == "true"
  }
}

/// Streams an XML part of an archive through a reader; refuses document types, depth and damage.
enum Markup {
  /// Reads a whole part, or as much of it as the reader wants.
  ///
  /// - Parameters:
  ///   - part: its name in the archive.
  ///   - archive: open.
  ///   - reader: receives the events.
  ///   - bytes: a bound for parts whose content is held in memory.
  /// - Throws: a refusal if the part is damaged, or the reader's own.
  static func read(
    _ part: String,
    of archive: Archive,
    with reader: MarkupReader,
    atMost bytes: Int = .max
  ) throws(InputRefusal) {
    let run = MarkupRun(reader, part: part, file: archive.file, limit: bytes)
    try archive.read(part) { (bytes) throws(InputRefusal) in try run.feed(bytes, isLast: false) }
    if !reader.isDone { _ = try run.feed(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true) }
  }
}

/// One parse of one part.
private final class MarkupRun {
  private let parser: XML_Parser?
  private let reader: MarkupReader
  private let part: String
  private let file: String
  private let limit: Int
  private var depth = 0
  private var fedBytes = 0
  private var refusal: InputRefusal?

  init(_ reader: MarkupReader, part: String, file: String, limit: Int) {
    self.limit = limit
    self.reader = reader
    self.part = part
    self.file = file
    parser = XML_ParserCreate(nil)
    XML_SetUserData(parser, Unmanaged.passUnretained(self).toOpaque())
    // Entities can only be declared in a document type, and no workbook has one.
    XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
      MarkupRun.of(context)?.refuse(
        LocalizedText(zh: "含有 DTD", en: "it declares a document type (DTD)")
      )
    }
    XML_SetElementHandler(
      parser,
      { context, name, attributes in
        guard let run = MarkupRun.of(context), let name, let attributes else { return }
        run.start(MarkupName(name), MarkupAttributes(pairs: attributes))
      },
      { context, name in
        guard let run = MarkupRun.of(context), let name else { return }
        run.end(MarkupName(name))
      }
    )
    XML_SetCharacterDataHandler(parser) { context, text, count in
      guard let run = MarkupRun.of(context), let text, !run.isStopped else { return }
      text.withMemoryRebound(to: UInt8.self, capacity: Int(count)) {
        run.reader.text(UnsafeBufferPointer(start: $0, count: Int(count)))
      }
    }
  }

  deinit { XML_ParserFree(parser) }

  private static func of(_ context: UnsafeMutableRawPointer?) -> MarkupRun? {
    context.map { Unmanaged<MarkupRun>.fromOpaque($0).takeUnretainedValue() }
  }

  private var isStopped: Bool { refusal != nil || reader.isDone }

  /// False once the reader wants no more.
  func feed(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(InputRefusal) -> Bool {
    let status = XML_Parse(
      parser,
      bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
      Int32(bytes.count),
      isLast ? 1 : 0
    )
    if let refusal { throw refusal }
    if reader.isDone { return false }
    guard status == XML_STATUS_OK else {
      let reason = XML_GetErrorCode(parser)
      let text = XML_ErrorString(reason).map { String(cString: $0) } ?? ""
      let line = XML_GetCurrentLineNumber(parser)
      throw InputRefusal(
        .partDamaged(
          part,
          file: file,
          LocalizedText(zh: "第 \(line) 行 XML 有误（\(text)）", en: "XML error in line \(line) (\(text))")
        )
      )
    }
    fedBytes += bytes.count
    guard fedBytes <= limit else {
      throw InputRefusal(
        .archiveTooLarge(file, part: part, LocalizedText(zh: "这一部分过大", en: "this part is too large"))
      )
    }
    // Only text comes in pieces: the parser holds any other token until it ends.
    if fedBytes - Int(XML_GetCurrentByteIndex(parser)) > Limits.cellBytes, !isLast {
      throw InputRefusal(
        .partDamaged(part, file: file, LocalizedText(zh: "含有超过 1 MiB 的标记", en: "a tag is longer than 1 MiB"))
      )
    }
    return true
  }

  private func refuse(_ reason: LocalizedText) {
    stop(InputRefusal(.partDamaged(part, file: file, reason)))
  }

  private func stop(_ refusal: InputRefusal) {
    self.refusal = self.refusal ?? refusal
    XML_StopParser(parser, 0)
  }

  private func start(_ name: MarkupName, _ attributes: MarkupAttributes) {
    guard !isStopped else { return }
    depth += 1
    guard depth <= Limits.markupDepth else {
      return refuse(
        LocalizedText(
          zh: "嵌套超过 \(Limits.markupDepth) 层",
          en: "its elements nest deeper than \(Limits.markupDepth)"
        )
      )
    }
    do throws(InputRefusal) {
      try reader.start(name, attributes)
    } catch {
      return stop(error)
    }
    if reader.isDone { XML_StopParser(parser, 0) }
  }

  private func end(_ name: MarkupName) {
    guard !isStopped else { return }
    depth -= 1
    do throws(InputRefusal) {
      try reader.end(name)
    } catch {
      return stop(error)
    }
    if reader.isDone { XML_StopParser(parser, 0) }
  }
}
