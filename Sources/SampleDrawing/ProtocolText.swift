// Foundation is here for one thing: the standard library has no public normalisation.
import Foundation
import SurveyData

/// What keeps a text out of the draw protocol.
enum TextFault: Sendable {
  case empty
  case controlCharacter
  case notComposed
  case edgeSpace

  var words: LocalizedText {
    switch self {
    case .empty: LocalizedText(zh: "为空", en: "is empty")
    case .controlCharacter: LocalizedText(zh: "含控制字符", en: "holds a control character")
    case .notComposed:
      LocalizedText(zh: "不是 Unicode NFC 形式", en: "is not in Unicode form NFC")
    case .edgeSpace: LocalizedText(zh: "首尾有空白", en: "has white space at an end")
    }
  }
}

/// The rules for a unit's id: not empty, no control characters, NFC (protocol §3).
func identifierFault(_ text: String) -> TextFault? {
  var plain = true
  var isEmpty = true
  for byte in text.utf8 {
    isEmpty = false
    if byte < 0x20 || byte == 0x7F { return .controlCharacter }
    if byte >= 0x80 { plain = false }
  }
  if isEmpty { return .empty }
  if plain { return nil }
  for scalar in text.unicodeScalars where scalar.properties.generalCategory == .control {
    return .controlCharacter
  }
  return isComposed(text) ? nil : .notComposed
}

/// The rules for seeds, contributions, groups and stages: as for ids, and no white space at an end (§1).
func declaredTextFault(_ text: String) -> TextFault? {
  if let fault = identifierFault(text) { return fault }
  if let first = text.unicodeScalars.first, let last = text.unicodeScalars.last {
    if first.properties.isWhitespace || last.properties.isWhitespace { return .edgeSpace }
    if first == "\u{FEFF}" || last == "\u{FEFF}" { return .edgeSpace }
  }
  return nil
}

/// Whether a text is in Unicode form NFC, compared by bytes.
func isComposed(_ text: String) -> Bool {
  var simple = true
  for scalar in text.unicodeScalars where !neverRecomposes(scalar) {
    simple = false
    break
  }
  if simple { return true }
  return Array(text.precomposedStringWithCanonicalMapping.utf8) == Array(text.utf8)
}

/// Blocks whose characters stand for themselves in NFC and combine with nothing before them.
private func neverRecomposes(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.value {
  case 0..<0x300, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x20000...0x2A6DF: true
  default: false
  }
}
