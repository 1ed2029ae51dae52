internal import CReadStat
internal import Glibc
internal import SurveyData

/// A statistics file's dictionary with its texts as bytes, before their encoding is known.
final class RawDictionary: ReadStatReader {
  enum Value {
    case number(Double)
    case text([UInt8])
    case tag(UInt8)
  }

  struct Variable {
    var name: [UInt8]
    var label: [UInt8]
    var format: String
    var isText: Bool
    var width: Int
    var measure: DataDictionary.Measure
    var displayWidth: Int
    var labelSet: [UInt8]?
    var missing: [(low: Value, high: Value)]
  }

  private(set) var variables: [Variable] = []
  private(set) var labelSets: [[UInt8]: [(value: Value, label: [UInt8])]] = [:]
  private(set) var fileLabel: [UInt8] = []
  /// As the file names it; `nil` where it names none.
  private(set) var encoding: String?
  private(set) var version = 0
  /// How many rows the file says it has; `nil` where it does not.
  private(set) var rows: Int?
  private(set) var weight: Int?

  override func metadata(_ metadata: UnsafeMutablePointer<readstat_metadata_t>) {
    fileLabel = bytes(readstat_get_file_label(metadata))
    encoding = readstat_get_file_encoding(metadata).map { String(cString: $0) }
    version = Int(readstat_get_file_format_version(metadata))
    let count = Int(metadata.pointee.row_count)
    rows = count >= 0 ? count : nil
  }

  override func variable(
    _ index: Int,
    _ variable: UnsafeMutablePointer<readstat_variable_t>,
    labelSet: UnsafePointer<CChar>?
  ) -> Bool {
    let isText = readstat_variable_get_type_class(variable) == READSTAT_TYPE_CLASS_STRING
    let ranges = max(0, min(16, Int(readstat_variable_get_missing_ranges_count(variable))))
    variables.append(
      Variable(
        name: bytes(readstat_variable_get_name(variable)),
        label: bytes(readstat_variable_get_label(variable)),
        format: readstat_variable_get_format(variable).map { String(cString: $0) } ?? "",
        isText: isText,
        width: Int(readstat_variable_get_storage_width(variable)),
        measure: Self.measure(readstat_variable_get_measure(variable)),
        displayWidth: Int(readstat_variable_get_display_width(variable)),
        labelSet: labelSet.map { bytes($0) },
        missing: (0..<ranges).map { place in
          (
            Self.value(readstat_variable_get_missing_range_lo(variable, Int32(place))),
            Self.value(readstat_variable_get_missing_range_hi(variable, Int32(place)))
          )
        }
      )
    )
    return true
  }

  override func weight(_ variable: UnsafeMutablePointer<readstat_variable_t>) {
    weight = Int(readstat_variable_get_index(variable))
  }

  override func valueLabel(set: UnsafePointer<CChar>, _ value: readstat_value_t, _ label: UnsafePointer<CChar>) {
    labelSets[bytes(set), default: []].append((Self.value(value), bytes(label)))
  }

  /// Every text but the rows'.
  var texts: [[UInt8]] {
    var all = [fileLabel]
    for variable in variables {
      all += [variable.name, variable.label]
      for range in variable.missing {
        if case .text(let text) = range.low { all.append(text) }
      }
    }
    for set in labelSets.values {
      for entry in set {
        all.append(entry.label)
        if case .text(let text) = entry.value { all.append(text) }
      }
    }
    return all
  }

  /// The dictionary with its texts read in an encoding.
  func decoded(_ decoder: CellDecoder) -> DataDictionary {
    func value(_ raw: Value) -> DataDictionary.Value {
      switch raw {
      case .number(let value): .number(value)
      case .text(let bytes): .text(decoder.text(bytes))
      case .tag(let tag): .tag(Character(Unicode.Scalar(tag)))
      }
    }
    func label(_ bytes: [UInt8]) -> String? { bytes.isEmpty ? nil : decoder.text(bytes) }
    return DataDictionary(
      variables: variables.map { raw in
        DataDictionary.Variable(
          name: decoder.text(raw.name),
          label: label(raw.label),
          isText: raw.isText,
          width: raw.isText ? raw.width : 0,
          format: raw.format.isEmpty ? nil : raw.format,
          measure: raw.measure,
          displayWidth: raw.displayWidth,
          valueLabels: (raw.labelSet.flatMap { labelSets[$0] } ?? []).map {
            DataDictionary.ValueLabel(value($0.value), decoder.text($0.label))
          },
          missing: raw.missing.map { DataDictionary.MissingRange(value($0.low), value($0.high)) }
        )
      },
      fileLabel: label(fileLabel),
      weight: weight.flatMap { variables.indices.contains($0) ? decoder.text(variables[$0].name) : nil }
    )
  }

  private static func value(_ value: readstat_value_t) -> Value {
    if readstat_value_type_class(value) == READSTAT_TYPE_CLASS_STRING {
      return .text(bytes(readstat_string_value(value)))
    }
    if readstat_value_is_tagged_missing(value) != 0 { return .tag(UInt8(bitPattern: readstat_value_tag(value))) }
    return .number(readstat_double_value(value))
  }

  private static func measure(_ measure: readstat_measure_t) -> DataDictionary.Measure {
    switch measure {
    case READSTAT_MEASURE_NOMINAL: .nominal
    case READSTAT_MEASURE_ORDINAL: .ordinal
    case READSTAT_MEASURE_SCALE: .scale
    default: .unknown
    }
  }

  private static func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] {
    guard let text else { return [] }
    return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }

  private func bytes(_ text: UnsafePointer<CChar>?) -> [UInt8] { Self.bytes(text) }
}
