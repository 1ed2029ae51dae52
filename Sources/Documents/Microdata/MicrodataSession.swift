import CReadStat
import Glibc

/// One file being written: its variables as ReadStat knows them.
final class MicrodataSession {
  private typealias VariablePointer = UnsafeMutablePointer<readstat_variable_t>

  private(set) var changes: [MicrodataChange]
  private let data: MicrodataFile
  private let form: MicrodataForm
  private let names: [String]
  /// The texts of each variable as they are written: a C string ends at NUL, and a control character is no text.
  private let levels: [[String]]
  private var variables: [VariablePointer] = []
  private var types: [readstat_type_t] = []
  /// Of texts too long for a fixed field, by variable and level.
  private var longTexts: [Int: [UnsafeMutablePointer<readstat_string_ref_t>]] = [:]

  init(_ data: MicrodataFile, form: MicrodataForm) {
    self.data = data
    self.form = form
    let names = VariableNames(data.variables.map(\.name), for: form)
    self.names = names.names
    changes = names.changes
    levels = data.variables.map { variable in
      if case .texts(let levels, _) = variable.values { levels.map { Escaping.printable($0) } } else { [] }
    }
  }

  /// - Returns: ReadStat's verdict.
  func write(into sink: MicrodataSink) -> readstat_error_t {
    guard let writer = readstat_writer_init() else { return READSTAT_ERROR_MALLOC }
    defer { readstat_writer_free(writer) }
    readstat_set_data_writer(writer) { bytes, count, context in
      guard let context else { return -1 }
      let sink = Unmanaged<MicrodataSink>.fromOpaque(context).takeUnretainedValue()
      return sink.take(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    readstat_writer_set_file_timestamp(writer, Self.creationTime)
    readstat_writer_set_file_label(writer, textPrefix(Escaping.printable(data.label), bytes: form == .dta ? 240 : 64))
    if form == .zsav { readstat_writer_set_compression(writer, READSTAT_COMPRESS_BINARY) }
    if form == .sav { readstat_writer_set_compression(writer, READSTAT_COMPRESS_ROWS) }
    for note in data.notes {
      for line in form == .dta ? [note] : Self.lines(note) { readstat_add_note(writer, Escaping.printable(line)) }
    }
    for place in data.variables.indices { addVariable(place, writer) }
    if let weight = data.weight, let place = data.variables.firstIndex(where: { $0.name == weight }), form != .dta {
      readstat_writer_set_fweight_variable(writer, variables[place])
    }
    return withExtendedLifetime(sink) {
      let context = Unmanaged.passUnretained(sink).toOpaque()
      let begun =
        form == .dta
        ? readstat_begin_writing_dta(writer, context, data.rowCount)
        : readstat_begin_writing_sav(writer, context, data.rowCount)
      guard begun == READSTAT_OK else { return begun }
      for row in 0..<data.rowCount {
        let verdict = writeRow(row, writer)
        guard verdict == READSTAT_OK else { return verdict }
      }
      return readstat_end_writing(writer)
    }
  }

  /// 2018-01-01 00:00 on the clock of whatever time zone: ReadStat writes local time.
  private static let creationTime: time_t = {
    var moment = tm()
    moment.tm_year = 118
    moment.tm_mday = 1
    moment.tm_isdst = -1
    return mktime(&moment)
  }()

  /// Lines of at most 80 bytes, the width of SPSS's documents.
  private static func lines(_ text: String) -> [String] {
    var lines: [String] = []
    var rest = String.UnicodeScalarView(text.unicodeScalars)
    while !rest.isEmpty {
      let line = textPrefix(String(rest), bytes: 80)
      lines.append(line)
      rest.removeFirst(max(1, line.unicodeScalars.count))
    }
    return lines
  }

  private func addVariable(_ place: Int, _ writer: UnsafeMutablePointer<readstat_writer_t>) {
    let source = data.variables[place]
    let type: readstat_type_t
    var width = 0
    switch source.values {
    case .numbers(let values, let kind):
      type = form == .dta && kind == .number ? Self.stataType(values) : READSTAT_TYPE_DOUBLE
    case .texts:
      width = max(1, levels[place].reduce(0) { max($0, $1.utf8.count) })
      type = form == .dta && width > MicrodataForm.longestFixedText ? READSTAT_TYPE_STRING_REF : READSTAT_TYPE_STRING
      if type == READSTAT_TYPE_STRING_REF {
        // The last one is the missing text.
        longTexts[place] = (levels[place] + [""]).compactMap { readstat_add_string_ref(writer, $0) }
      }
    }
    types.append(type)
    guard let variable = readstat_add_variable(writer, names[place], type, width) else { return }
    variables.append(variable)
    let (longest, isBytes) = form == .dta ? (80, false) : (255, true)
    let label = Escaping.printable(source.label.isEmpty && names[place] != source.name ? source.name : source.label)
    let cut =
      isBytes
      ? textPrefix(label, bytes: longest) : String(String.UnicodeScalarView(label.unicodeScalars.prefix(longest)))
    if cut != label { changes.append(.labelsCut(variable: source.name)) }
    readstat_variable_set_label(variable, cut)
    if let format = format(source, width: width) { readstat_variable_set_format(variable, format) }
    readstat_variable_set_measure(variable, Self.measure(source.measure))
    readstat_variable_set_display_width(variable, Int32(min(40, max(8, displayWidth(source, width: width)))))
    if form != .dta {
      for range in source.missingNumbers.prefix(3) where !source.values.isText {
        readstat_variable_add_missing_double_range(variable, range.lowerBound, range.upperBound)
      }
    }
    addLabels(of: source, to: variable, writer)
  }

  private func addLabels(
    of source: MicrodataFile.Variable,
    to variable: VariablePointer,
    _ writer: UnsafeMutablePointer<readstat_writer_t>
  ) {
    let usable = source.valueLabels.filter { entry in
      switch entry.value {
      case .number(let value):
        !source.values.isText && (form != .dta || (value == value.rounded() && abs(value) < 2_147_483_621))
      case .text: source.values.isText && form != .dta
      case .tag: !source.values.isText && form == .dta
      }
    }
    if usable.count < source.valueLabels.count {
      changes.append(.labelsDropped(variable: source.name, count: source.valueLabels.count - usable.count))
    }
    guard !usable.isEmpty else { return }
    let type =
      source.values.isText ? READSTAT_TYPE_STRING : form == .dta ? READSTAT_TYPE_INT32 : READSTAT_TYPE_DOUBLE
    guard let set = readstat_add_label_set(writer, type, "labels\(variables.count)") else { return }
    var isCut = false
    for entry in usable {
      let whole = Escaping.printable(entry.label)
      let label = textPrefix(whole, bytes: form == .dta ? 32_000 : 120)
      if label != whole { isCut = true }
      switch entry.value {
      case .number(let value):
        if form == .dta {
          readstat_label_int32_value(set, Int32(value), label)
        } else {
          readstat_label_double_value(set, value, label)
        }
      case .text(let text): readstat_label_string_value(set, text, label)
      case .tag(let tag): readstat_label_tagged_value(set, CChar(bitPattern: tag.asciiValue ?? 0x61), label)
      }
    }
    if isCut { changes.append(.labelsCut(variable: source.name)) }
    readstat_variable_set_label_set(variable, set)
  }

  private func writeRow(_ row: Int, _ writer: UnsafeMutablePointer<readstat_writer_t>) -> readstat_error_t {
    var verdict = readstat_begin_row(writer)
    for (place, variable) in variables.enumerated() {
      guard verdict == READSTAT_OK else { return verdict }
      switch data.variables[place].values {
      case .numbers(let values, let kind):
        verdict = write(values[row], kind, type: types[place], variable, writer)
      case .texts(_, let codes):
        let code = Int(codes[row])
        if let references = longTexts[place] {
          verdict = readstat_insert_string_ref(writer, variable, references[code < 0 ? references.count - 1 : code])
        } else if code < 0 {
          verdict = readstat_insert_missing_value(writer, variable)
        } else {
          verdict = readstat_insert_string_value(writer, variable, levels[place][code])
        }
      }
    }
    guard verdict == READSTAT_OK else { return verdict }
    return readstat_end_row(writer)
  }

  private func write(
    _ value: Double,
    _ kind: MicrodataFile.NumberKind,
    type: readstat_type_t,
    _ variable: VariablePointer,
    _ writer: UnsafeMutablePointer<readstat_writer_t>
  ) -> readstat_error_t {
    guard value.isFinite else { return readstat_insert_missing_value(writer, variable) }
    switch type {
    case READSTAT_TYPE_INT8: return readstat_insert_int8_value(writer, variable, Int8(value))
    case READSTAT_TYPE_INT16: return readstat_insert_int16_value(writer, variable, Int16(value))
    case READSTAT_TYPE_INT32: return readstat_insert_int32_value(writer, variable, Int32(value))
    default: return readstat_insert_double_value(writer, variable, moved(value, kind))
    }
  }

  /// From days and milliseconds since 1970 to each program's own: SPSS counts seconds since 1582-10-14, Stata days or
  /// milliseconds since 1960-01-01.
  private func moved(_ value: Double, _ kind: MicrodataFile.NumberKind) -> Double {
    switch (kind, form) {
    case (.number, _): value
    case (.day, .dta): value + 3_653
    case (.moment, .dta): value + 3_653 * 86_400_000
    case (.day, _): (value + 141_428) * 86_400
    case (.moment, _): value / 1_000 + 141_428 * 86_400
    }
  }

  /// The smallest type of Stata that holds every value: whole numbers up to its limits, else double.
  private static func stataType(_ values: [Double]) -> readstat_type_t {
    var (low, high) = (0.0, 0.0)
    for value in values where value.isFinite {
      guard value == value.rounded(), !(value == 0 && value.sign == .minus) else { return READSTAT_TYPE_DOUBLE }
      low = min(low, value)
      high = max(high, value)
    }
    if low >= -127, high <= 100 { return READSTAT_TYPE_INT8 }
    if low >= -32_767, high <= 32_740 { return READSTAT_TYPE_INT16 }
    if low >= -2_147_483_647, high <= 2_147_483_620 { return READSTAT_TYPE_INT32 }
    return READSTAT_TYPE_DOUBLE
  }

  private func format(_ source: MicrodataFile.Variable, width: Int) -> String? {
    switch source.values {
    case .texts: return form == .dta ? nil : "A\(min(width, 255))"
    case .numbers(_, .day): return form == .dta ? "%tdCCYY-NN-DD" : "SDATE10"
    case .numbers(_, .moment): return form == .dta ? "%tc" : "DATETIME20"
    case .numbers(let values, .number):
      guard form != .dta else { return nil }
      let (digits, decimals) = Self.shape(of: values)
      return "F\(min(40, max(8, digits + (decimals > 0 ? decimals + 1 : 0)))).\(decimals)"
    }
  }

  /// The digits before the point, sign included, and those behind it, at most 10.
  private static func shape(of values: [Double]) -> (digits: Int, decimals: Int) {
    var (digits, decimals) = (1, 0)
    for value in values where value.isFinite {
      let text = NumberText.shortest(value)
      guard !text.contains("e") else {
        (digits, decimals) = (20, max(decimals, 10))
        continue
      }
      let parts = text.split(separator: ".", omittingEmptySubsequences: false)
      digits = max(digits, parts[0].count)
      if parts.count > 1 { decimals = max(decimals, min(10, parts[1].count)) }
    }
    return (min(25, digits), decimals)
  }

  private func displayWidth(_ source: MicrodataFile.Variable, width: Int) -> Int {
    switch source.values {
    case .texts: width
    case .numbers(_, .day): 11
    case .numbers(_, .moment): 20
    case .numbers: 10
    }
  }

  private static func measure(_ measure: MicrodataFile.Measure) -> readstat_measure_t {
    switch measure {
    case .unknown: READSTAT_MEASURE_UNKNOWN
    case .nominal: READSTAT_MEASURE_NOMINAL
    case .ordinal: READSTAT_MEASURE_ORDINAL
    case .scale: READSTAT_MEASURE_SCALE
    }
  }
}
