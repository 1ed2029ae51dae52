// Foundation is here for its JSON coder alone.
import Foundation
package import SurveyData

extension Receipt {
  /// The receipt as it is written: keys in order, shortest numbers, one line feed at the end.
  package func json() throws(InputRefusal) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    do {
      return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    } catch {
      throw unreadable("\(error)")
    }
  }

  /// Reads a receipt.
  /// - Throws: `receipt-unreadable` when it is not one, `receipt-version` when its protocol is unknown,
  ///   `receipt-keys` when it says more than is understood here, `receipt-range` for numbers no draw has written.
  package init(json: [UInt8], file: String = "receipt.json") throws(InputRefusal) {
    try checkProtocol(ofReceipt: json, file: file)
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      self = try decoder.decode(Receipt.self, from: Data(json))
    } catch {
      throw unreadable(explained(error), file: file)
    }
    try checkKeys(ofReceipt: json, known: try self.json(), file: file)
    try checkRanges(file: file)
  }

  /// SHA-256 of the receipt as written: what the next attempt's receipt names.
  package func digest() throws(InputRefusal) -> Digest { Digest(of: try json()) }
}

private func unreadable(_ why: String, file: String? = nil) -> InputRefusal {
  InputRefusal(
    Finding(
      "receipt-unreadable",
      file: file,
      message: LocalizedText(zh: "不是完整的抽样回执（\(why)）。", en: "this is not a whole receipt (\(why))."),
      fix: LocalizedText(zh: "请使用 draw 写出的 receipt.json。", en: "Use the receipt.json that draw wrote.")
    )
  )
}

private func explained(_ error: any Error) -> String {
  func place(_ context: DecodingError.Context, _ last: String? = nil) -> String {
    let path = context.codingPath.map(\.stringValue) + (last.map { [$0] } ?? [])
    return path.joined(separator: ".")
  }
  switch error as? DecodingError {
  case .keyNotFound(let key, let context): return "no " + place(context, key.stringValue)
  case .typeMismatch(_, let context), .valueNotFound(_, let context): return place(context)
  case .dataCorrupted(let context): return place(context) + context.debugDescription
  default: return "JSON"
  }
}
