internal import CReadStat

/// The kinds of statistics files, by the parser that reads them.
package enum StatisticsKind: Sendable {
  case spss, spssPortable, stata, sas, sasTransport
}

/// Takes what ReadStat finds in a file; a class, because C functions call back.
class ReadStatReader {
  func metadata(_ metadata: UnsafeMutablePointer<readstat_metadata_t>) {}

  /// Whether the variable's values are wanted.
  func variable(
    _ index: Int,
    _ variable: UnsafeMutablePointer<readstat_variable_t>,
    labelSet: UnsafePointer<CChar>?
  ) -> Bool { true }

  func weight(_ variable: UnsafeMutablePointer<readstat_variable_t>) {}

  func valueLabel(set: UnsafePointer<CChar>, _ value: readstat_value_t, _ label: UnsafePointer<CChar>) {}

  /// Whether reading is to go on.
  func value(row: Int, _ variable: UnsafeMutablePointer<readstat_variable_t>, _ value: readstat_value_t) -> Bool {
    true
  }
}

/// One pass of ReadStat (E. Miller) over a file.
///
/// Texts come as they stand in the file, in whatever encoding: ReadStat's own conversion gives up at the first byte that
/// does not fit, without saying where.
enum ReadStatParser {
  /// Reads dictionary and labels, and the rows where they are wanted.
  ///
  /// - Returns: ReadStat's own verdict.
  static func parse(
    _ kind: StatisticsKind,
    _ input: ReadStatInput,
    into reader: ReadStatReader,
    values: Bool
  ) -> readstat_error_t {
    guard let parser = readstat_parser_init() else { return READSTAT_ERROR_MALLOC }
    defer { readstat_parser_free(parser) }
    setInput(parser, input)
    readstat_set_handler_character_encoding(parser, nil)
    readstat_set_metadata_handler(parser) { metadata, context in
      if let metadata { ReadStatParser.reader(context)?.metadata(metadata) }
      return 0
    }
    readstat_set_variable_handler(parser) { index, variable, labelSet, context in
      guard let variable, let reader = ReadStatParser.reader(context) else { return 1 }
      return reader.variable(Int(index), variable, labelSet: labelSet) ? 0 : 2
    }
    readstat_set_fweight_handler(parser) { variable, context in
      if let variable { ReadStatParser.reader(context)?.weight(variable) }
      return 0
    }
    readstat_set_value_label_handler(parser) { set, value, label, context in
      if let set, let label { ReadStatParser.reader(context)?.valueLabel(set: set, value, label) }
      return 0
    }
    if values {
      readstat_set_value_handler(parser) { row, variable, value, context in
        guard let variable, let reader = ReadStatParser.reader(context) else { return 1 }
        return reader.value(row: Int(row), variable, value) ? 0 : 1
      }
    }
    return withExtendedLifetime((input, reader)) {
      let context = Unmanaged.passUnretained(reader).toOpaque()
      return switch kind {
      case .spss: readstat_parse_sav(parser, "", context)
      case .spssPortable: readstat_parse_por(parser, "", context)
      case .stata: readstat_parse_dta(parser, "", context)
      case .sas: readstat_parse_sas7bdat(parser, "", context)
      case .sasTransport: readstat_parse_xport(parser, "", context)
      }
    }
  }

  private static func setInput(_ parser: UnsafeMutablePointer<readstat_parser_t>, _ input: ReadStatInput) {
    readstat_set_open_handler(parser) { _, context in
      guard let input = ReadStatParser.input(context) else { return -1 }
      return input.seek(0, from: READSTAT_SEEK_SET) == 0 ? 0 : -1
    }
    readstat_set_close_handler(parser) { _ in 0 }
    readstat_set_seek_handler(parser) { offset, whence, context in
      readstat_off_t(ReadStatParser.input(context)?.seek(Int(offset), from: whence) ?? -1)
    }
    readstat_set_read_handler(parser) { target, count, context in
      // A negative count would pass for a very large one in ReadStat's comparisons; the failure is kept here.
      guard let target, let input = ReadStatParser.input(context) else { return 0 }
      return input.read(into: target, count: count)
    }
    readstat_set_update_handler(parser) { _, _, _, _ in READSTAT_OK }
    readstat_set_io_ctx(parser, Unmanaged.passUnretained(input).toOpaque())
  }

  private static func reader(_ context: UnsafeMutableRawPointer?) -> ReadStatReader? {
    context.map { Unmanaged<ReadStatReader>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func input(_ context: UnsafeMutableRawPointer?) -> ReadStatInput? {
    context.map { Unmanaged<ReadStatInput>.fromOpaque($0).takeUnretainedValue() }
  }
}
