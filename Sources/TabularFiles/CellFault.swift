internal import SurveyData

/// Where a text stands, for what may be wrong with it.
struct CellPlace {
  var file: String
  var sheet: String?
  var row: Int
  var column: String
}

/// What forbids a text as a cell: more than 1 MiB, control or replacement characters.
func cellFault(_ bytes: UnsafeBufferPointer<UInt8>, at place: CellPlace) -> Finding? {
  if bytes.count > Limits.cellBytes {
    var finding = Finding.cellTooLong(file: place.file, sheet: place.sheet, row: place.row, column: place.column)
    finding.fix = LocalizedText(zh: "请核对这一单元格的内容。", en: "Check what stands in this cell.")
    return finding
  }
  guard bytes.contains(where: { $0 < 0x20 || $0 == 0xEF }) else { return nil }
  let text = String(decoding: bytes, as: UTF8.self)
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0x00...0x08, 0x0B, 0x0C, 0x0E...0x1F, 0xFFFD:
      return .badCharacter(
        scalar.value,
        in: text,
        file: place.file,
        sheet: place.sheet,
        row: place.row,
        column: place.column
      )
    default: continue
    }
  }
  return nil
}
