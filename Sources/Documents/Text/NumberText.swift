import Glibc

/// Decimal text of numbers, the same under every locale.
package enum NumberText {
  /// The number rounded to so many decimals, with a plain hyphen as minus.
  ///
  /// Domain: a finite value, digits 0…17. A value that would round to zero without being zero keeps
  /// two significant digits, so that a small rate is never printed as none; where that would take more than
  /// three further decimals, it is said to be below the last of them: `<0.00001`.
  package static func fixed(_ value: Double, digits: Int, grouped: Bool = false) -> String {
    var places = min(max(digits, 0), 17)
    if value != 0 {
      let half = 0.5 / pow10(places)
      if abs(value) < half, abs(value) > 1e-15 {
        let needed = Int((-log10(abs(value))).rounded(.down)) + 2
        if needed > places + 3, places > 0 {
          let bound = plain(1 / pow10(places + 3), places: places + 3)
          return value < 0 ? ">-" + bound : "<" + bound
        }
        places = min(17, needed)
      }
    }
    var text = plain(value, places: places)
    if text.hasPrefix("-"), !text.contains(where: { $0 >= "1" && $0 <= "9" }) { text.removeFirst() }
    return grouped ? group(text) : text
  }

  /// A proportion in per cent, with the sign.
  package static func percent(_ value: Double, digits: Int) -> String {
    fixed(value * 100, digits: digits) + "%"
  }

  /// The shortest decimal text that reads back as the same number.
  package static func shortest(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    return "\(value)"
  }

  /// The number as its column shows it to a reader.
  package static func shown(_ value: Double, as kind: DocumentColumn.Kind, grouped: Bool) -> String {
    switch kind {
    case .text, .code, .plain: shortest(value)
    case .integer: fixed(value, digits: 0, grouped: grouped)
    case .decimal(let digits): fixed(value, digits: digits, grouped: grouped)
    case .percent(let digits): percent(value, digits: digits)
    }
  }

  private static func pow10(_ places: Int) -> Double {
    var power = 1.0
    for _ in 0..<places { power *= 10 }
    return power
  }

  private static func plain(_ value: Double, places: Int) -> String {
    var buffer = [CChar](repeating: 0, count: 352)
    let written = withVaList([Int32(places), value]) { vsnprintf(&buffer, buffer.count, "%.*f", $0) }
    return String(decoding: buffer.prefix(max(0, Int(written))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func group(_ text: String) -> String {
    let sign = text.hasPrefix("-") ? "-" : ""
    let body = text.dropFirst(sign.count)
    let whole = body.prefix { $0 != "." }
    guard whole.count > 3 else { return text }
    var grouped = ""
    for (index, digit) in whole.enumerated() {
      if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
      grouped.append(digit)
    }
    return sign + grouped + body.dropFirst(whole.count)
  }
}

extension Cell {
  /// The cell as a reader sees it.
  package func shown(as kind: DocumentColumn.Kind, grouped: Bool = false) -> String {
    switch self {
    case .text(let text): text
    case .number(let value): NumberText.shown(value, as: kind, grouped: grouped)
    case .styled(let value, let own): NumberText.shown(value, as: own, grouped: grouped)
    case .integer(let value):
      grouped && kind != .code && kind != .text
        ? NumberText.fixed(Double(value), digits: 0, grouped: true) : String(value)
    case .empty(let reason): reason ?? "—"
    }
  }

  /// The cell as a machine reads it: every digit, proportions as proportions; `nil` where it is empty.
  package var plainText: String? {
    switch self {
    case .text(let text): text
    case .number(let value), .styled(let value, _): value.isFinite ? NumberText.shortest(value) : nil
    case .integer(let value): String(value)
    case .empty: nil
    }
  }
}
