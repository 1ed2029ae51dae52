internal import CReadStat
internal import Glibc
internal import SurveyData

/// An open statistics file whose dictionary was read and whose encoding is known.
struct StatisticsFile {
  let file: InputFile
  let kind: StatisticsKind
  let input: ReadStatInput
  let raw: RawDictionary
  let decoder: CellDecoder
  let dictionary: DataDictionary
  /// The column names, checked.
  let header: [String]
  var notes: [Finding] = []

  init(_ file: InputFile, _ kind: StatisticsKind, options: ReadOptions) throws {
    self.file = file
    self.kind = kind
    input = try ReadStatInput(file)
    raw = RawDictionary()
    try Self.require(ReadStatParser.parse(kind, input, into: raw, values: false), input, file, kind)
    let (charset, note) = try Self.charset(file, kind, input, raw, asked: options.encoding)
    guard let decoder = CellDecoder(charset) else { throw InputRefusal(.unknownCharset(charset, file: file.name)) }
    self.decoder = decoder
    notes = note.map { [$0] } ?? []
    dictionary = raw.decoded(decoder)
    let names = HeaderNames(dictionary.variables.map(\.name), row: 1, file: file.name)
    header = try names.checked()
    notes += names.notes
  }

  /// Throws what ReadStat's verdict means.
  static func require(
    _ verdict: readstat_error_t,
    _ input: ReadStatInput,
    _ file: InputFile,
    _ kind: StatisticsKind
  ) throws(InputRefusal) {
    if input.failure != 0 { throw InputFile.unreadable(file.name, input.failure) }
    guard verdict != READSTAT_OK else { return }
    throw InputRefusal(.statisticsFile(verdict, kind: kind, file: file.name))
  }

  /// The charset of the texts: as asked for; else as declared, where that can be relied on; else as the texts speak.
  ///
  /// SPSS's and SAS's codes for Western text stand in many files that nobody asked, Stata before release 14 and SAS
  /// transport files declare nothing.
  private static func charset(
    _ file: InputFile,
    _ kind: StatisticsKind,
    _ input: ReadStatInput,
    _ raw: RawDictionary,
    asked: TextEncoding?
  ) throws -> (charset: String, note: Finding?) {
    if let asked { return (asked == .gb18030 ? "GB18030" : "UTF-8", nil) }
    if kind == .spssPortable || (kind == .stata && raw.version >= 118) { return ("UTF-8", nil) }
    let declared = raw.encoding.map { Self.normalized($0) }
    var evidence = EncodingEvidence()
    for text in raw.texts { text.withUnsafeBufferPointer { evidence.add($0) } }
    let isVague = declared.map { Self.vague.contains($0) } ?? true
    if let declared, !isVague, declared != "UTF-8" || evidence.verdict == .utf8 {
      return (declared, declared == "UTF-8" ? nil : .readAs(declared, code: "encoding-declared", file: file.name))
    }
    if raw.variables.contains(where: \.isText) {
      let scan = TextScan(evidence)
      try require(ReadStatParser.parse(kind, input, into: scan, values: true), input, file, kind)
      evidence = scan.evidence
    }
    switch evidence.verdict {
    case .utf8: return ("UTF-8", nil)
    case .gb18030: return ("GB18030", .readAs("GB18030", code: "encoding-gb18030", file: file.name, declared: declared))
    case .mixed: throw InputRefusal(.mixedTexts(evidence, raw, file: file.name))
    case .other:
      let charset = declared.flatMap { $0 == "UTF-8" || $0 == "US-ASCII" ? nil : $0 } ?? "WINDOWS-1252"
      return (charset, .readAs(charset, code: "encoding-assumed", file: file.name, declared: declared))
    }
  }

  /// Charsets that programs put into a file without asking.
  private static let vague: Set<String> = ["WINDOWS-1252", "ISO-8859-1", "US-ASCII"]

  /// One name for what is the same; the older Chinese charsets are part of GB18030.
  private static func normalized(_ name: String) -> String {
    let upper = name.uppercased()
    switch upper {
    case "UTF8": return "UTF-8"
    case "ISO-IR-58", "GBK", "CP936", "EUC-CN", "GB2312", "WINDOWS-936", "HZ-GB-2312": return "GB18030"
    case "CP1252", "LATIN1": return "WINDOWS-1252"
    case "ASCII": return "US-ASCII"
    default: return upper
    }
  }
}

/// Looks at the texts of all rows.
private final class TextScan: ReadStatReader {
  private(set) var evidence: EncodingEvidence

  init(_ evidence: EncodingEvidence) { self.evidence = evidence }

  override func variable(
    _ index: Int,
    _ variable: UnsafeMutablePointer<readstat_variable_t>,
    labelSet: UnsafePointer<CChar>?
  ) -> Bool {
    readstat_variable_get_type_class(variable) == READSTAT_TYPE_CLASS_STRING
  }

  override func value(
    row: Int,
    _ variable: UnsafeMutablePointer<readstat_variable_t>,
    _ value: readstat_value_t
  ) -> Bool {
    if let bytes = cellBytes(value) {
      evidence.add(bytes, row: row + 2, variable: Int(readstat_variable_get_index(variable)))
    }
    return true
  }
}

/// The bytes of a text value; `nil` where it has none.
func cellBytes(_ value: readstat_value_t) -> UnsafeBufferPointer<UInt8>? {
  guard let text = readstat_string_value(value) else { return nil }
  let count = strlen(text)
  return text.withMemoryRebound(to: UInt8.self, capacity: count) { UnsafeBufferPointer(start: $0, count: count) }
}
