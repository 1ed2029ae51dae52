// Foundation is here for its JSON reader alone.
import Foundation
import SurveyData

/// Refuses a receipt of another protocol, before anything else of it is read.
func checkProtocol(ofReceipt json: [UInt8], file: String) throws(InputRefusal) {
  struct Head: Decodable {
    var protocolVersion: Int
  }
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  guard let head = try? decoder.decode(Head.self, from: Data(json)),
    head.protocolVersion != Receipt.currentProtocol
  else { return }
  throw InputRefusal(
    Finding(
      "receipt-version",
      file: file,
      value: String(head.protocolVersion),
      message: LocalizedText(
        zh: "回执的抽样协议版本未知。",
        en: "the receipt follows a version of the draw protocol unknown here."
      ),
      fix: LocalizedText(zh: "请使用较新的明察。", en: "Use a newer mingcha.")
    )
  )
}

/// Refuses a receipt that says more than this version understands: a part of its draw would be ignored.
///
/// - Parameters:
///   - json: the receipt as read.
///   - known: the same receipt written again, which holds all that was understood.
///   - file: the receipt's file, for the message.
/// - Throws: `receipt-keys` with the names of the keys.
func checkKeys(ofReceipt json: [UInt8], known: [UInt8], file: String) throws(InputRefusal) {
  guard let read = try? JSONSerialization.jsonObject(with: Data(json)),
    let written = try? JSONSerialization.jsonObject(with: Data(known))
  else { return }
  var unknown = Set<String>()
  collectUnknownKeys(of: read, knownAs: written, path: "", into: &unknown)
  if unknown.isEmpty { return }
  let names = unknown.sorted(by: precedesAsBytes).prefix(10).joined(separator: ", ")
  throw InputRefusal(
    Finding(
      "receipt-keys",
      file: file,
      value: names,
      message: LocalizedText(
        zh: "回执含有此版本不认识的内容。",
        en: "the receipt holds what this version does not know."
      ),
      fix: LocalizedText(
        zh: "请使用写出该回执的版本或更新的明察。",
        en: "Use the version of mingcha that wrote it, or a newer one."
      )
    )
  )
}

private func collectUnknownKeys(of read: Any, knownAs written: Any, path: String, into unknown: inout Set<String>) {
  if let read = read as? [String: Any], let written = written as? [String: Any] {
    for (key, value) in read {
      let place = path.isEmpty ? key : "\(path).\(key)"
      if let known = written[key] {
        collectUnknownKeys(of: value, knownAs: known, path: place, into: &unknown)
      } else if !saysNothing(value) {
        unknown.insert(place)
      }
    }
  }
  if let read = read as? [Any], let written = written as? [Any] {
    for (value, known) in zip(read, written) {
      collectUnknownKeys(of: value, knownAs: known, path: path, into: &unknown)
    }
  }
}

/// What a writer may leave out: null and what is empty.
private func saysNothing(_ value: Any) -> Bool {
  switch value {
  case is NSNull: true
  case let list as [Any]: list.isEmpty
  case let members as [String: Any]: members.isEmpty
  default: false
  }
}
