internal import SurveyData

/// Tells a GB18030 text from one in which some lines are UTF-8 and some are GB18030.
///
/// Much UTF-8 also decodes as GB18030 (into other characters), so that a clean decode proves little.
/// A line that is valid UTF-8 with a three-byte sequence, however, is hardly ever GB18030 by chance.
enum MixedEncoding {
  /// What of the file lies before the bytes looked at.
  struct Seen {
    var bytes = 0
    var rows = 0
  }

  static func gb18030(_ bytes: [UInt8], seenBefore: Seen, file: String) throws(InputRefusal) -> [UInt8] {
    var utf8Line: Range<Int>?
    var otherLine: Range<Int>?
    var utf8Lines = 0
    var otherLines = 0
    var start = 0
    while start < bytes.count {
      var end = start
      var hasHigh = false
      while end < bytes.count, bytes[end] != 0x0A, bytes[end] != 0x0D {
        if bytes[end] >= 0x80 { hasHigh = true }
        end += 1
      }
      if hasHigh {
        if isUTF8(bytes[start..<end]) {
          if bytes[start..<end].contains(where: { $0 >= 0xE0 }) {
            utf8Lines += 1
            utf8Line = utf8Line ?? start..<end
          }
        } else {
          otherLines += 1
          otherLine = otherLine ?? start..<end
        }
      }
      start = end + 1
    }
    switch CharacterConversion.convert(bytes[...], from: "GB18030", to: "UTF-8") {
    case .success(let text) where utf8Lines == 0:
      if case .success(let back) = CharacterConversion.convert(text[...], from: "UTF-8", to: "GB18030"),
        back == bytes
      {
        return text
      }
      throw refusal(bytes, line: otherLine ?? 0..<0, isUTF8Odd: false, seenBefore, file)
    case .failure(let failure) where utf8Lines == 0:
      throw refusal(
        bytes,
        line: otherLine ?? 0..<0,
        isUTF8Odd: false,
        seenBefore,
        file,
        place: failure.offset
      )
    default:
      let isUTF8Odd = utf8Lines < otherLines
      throw refusal(
        bytes,
        line: (isUTF8Odd ? utf8Line : otherLine) ?? 0..<0,
        isUTF8Odd: isUTF8Odd,
        seenBefore,
        file
      )
    }
  }

  /// The refusal for a byte that breaks a text found to be UTF-8 before.
  static func refusal(
    _ bytes: [UInt8],
    brokenAt place: Int,
    seenBefore: Seen,
    file: String
  ) -> InputRefusal {
    refusal(bytes, line: place..<bytes.count, isUTF8Odd: false, seenBefore, file, place: place)
  }

  static func isUTF8(_ bytes: ArraySlice<UInt8>) -> Bool {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return true
    } catch {
      return false
    }
  }

  /// Names the odd one out by byte, row and column, and shows the cell as either encoding reads it.
  private static func refusal(
    _ bytes: [UInt8],
    line: Range<Int>,
    isUTF8Odd: Bool,
    _ seenBefore: Seen,
    _ file: String,
    place: Int? = nil
  ) -> InputRefusal {
    var odd = place ?? line.lowerBound
    if place == nil {
      while odd < line.upperBound, bytes[odd] < 0x80 { odd += 1 }
      if !isUTF8Odd {
        do throws(UTF8.ValidationError) {
          _ = try UTF8Span(validating: bytes[line].span)
        } catch {
          odd = line.lowerBound + error.byteOffsets.lowerBound
        }
      }
    }
    let cell = Self.cell(in: bytes, around: odd)
    let reading = String(decoding: bytes[cell.range], as: UTF8.self)
    var chinese = "?"
    if case .success(let text) = CharacterConversion.convert(bytes[cell.range], from: "GB18030", to: "UTF-8") {
      chinese = String(decoding: text, as: UTF8.self)
    }
    return InputRefusal(
      Finding(
        "encoding-mixed",
        file: file,
        row: seenBefore.rows + cell.row,
        column: "#\(cell.column)",
        value: TextDecoding.hexadecimal(bytes, at: odd),
        message: LocalizedText(
          zh: "第 \(seenBefore.bytes + odd) 字节处编码与其余部分不一致：按 UTF-8 读作“\(reading)”，按 GB18030 读作“\(chinese)”。",
          en: "is in another encoding than the rest at byte \(seenBefore.bytes + odd): as UTF-8 it reads "
            + "\"\(reading)\", as GB18030 \"\(chinese)\"."
        ),
        fix: LocalizedText(
          zh: "请以同一种编码（最好是 UTF-8）重新导出整个文件。",
          en: "Export the whole file again in one encoding, best UTF-8."
        )
      )
    )
  }

  /// The row and column (from 1) of a byte, and the cell around it; quoted line breaks do not count.
  private static func cell(in bytes: [UInt8], around place: Int) -> (row: Int, column: Int, range: Range<Int>) {
    var row = 1
    var column = 1
    var start = 0
    var isQuoted = false
    for index in 0..<min(place, bytes.count) {
      switch bytes[index] {
      case 0x22: isQuoted.toggle()
      case 0x0A where !isQuoted:
        row += 1
        column = 1
        start = index + 1
      case 0x2C, 0x3B, 0x09:
        if !isQuoted {
          column += 1
          start = index + 1
        }
      default: continue
      }
    }
    var end = min(place, bytes.count)
    while end < bytes.count, end - start < 80, ![0x0A, 0x0D, 0x2C, 0x3B, 0x09].contains(bytes[end]) { end += 1 }
    return (row, column, start..<end)
  }
}
