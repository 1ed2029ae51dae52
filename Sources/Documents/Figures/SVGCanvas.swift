/// Builds one `<svg>` element; colours are `#rrggbb` only, because a PDF engine paints others black.
package struct SVGCanvas: Sendable {
  /// Where a text stands relative to its point.
  package enum Anchor: String, Sendable { case start, middle, end }

  package struct Color: Sendable, Hashable {
    package let text: String

    /// - Parameter rgb: 0xRRGGBB.
    package init(_ rgb: UInt32) {
      let hex = String(rgb & 0xFFFFFF, radix: 16)
      text = "#" + String(repeating: "0", count: 6 - hex.count) + hex
    }
  }

  package let width: Double
  package let height: Double
  private var body = ""

  package init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  package mutating func line(
    from start: (x: Double, y: Double),
    to end: (x: Double, y: Double),
    color: Color,
    width: Double = 1,
    dashed: Bool = false
  ) {
    let dash = dashed ? " stroke-dasharray=\"4 3\"" : ""
    body += "<line x1=\"\(n(start.x))\" y1=\"\(n(start.y))\" x2=\"\(n(end.x))\" y2=\"\(n(end.y))\""
    body += " stroke=\"\(color.text)\" stroke-width=\"\(n(width))\"\(dash)/>\n"
  }

  package mutating func rectangle(
    x: Double,
    y: Double,
    width: Double,
    height: Double,
    fill: Color
  ) {
    body += "<rect x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\""
    body += " fill=\"\(fill.text)\"/>\n"
  }

  package mutating func polygon(
    _ points: [(x: Double, y: Double)],
    fill: Color,
    stroke: Color,
    strokeWidth: Double = 1.3
  ) {
    let list = points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    body += "<polygon points=\"\(list)\" fill=\"\(fill.text)\" stroke=\"\(stroke.text)\""
    body += " stroke-width=\"\(n(strokeWidth))\"/>\n"
  }

  package mutating func circle(
    x: Double,
    y: Double,
    radius: Double,
    fill: Color,
    stroke: Color,
    strokeWidth: Double = 1.3
  ) {
    body += "<circle cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(radius))\" fill=\"\(fill.text)\""
    body += " stroke=\"\(stroke.text)\" stroke-width=\"\(n(strokeWidth))\"/>\n"
  }

  package mutating func text(
    _ text: String,
    x: Double,
    y: Double,
    size: Double,
    color: Color,
    anchor: Anchor = .start,
    bold: Bool = false
  ) {
    let weight = bold ? " font-weight=\"700\"" : ""
    body += "<text x=\"\(n(x))\" y=\"\(n(y))\" font-size=\"\(n(size))\" fill=\"\(color.text)\""
    body += " text-anchor=\"\(anchor.rawValue)\"\(weight)>\(Escaping.markup(text))</text>\n"
  }

  /// The finished element.
  package var svg: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(n(width)) \(n(height))" \
    width="\(n(width))" height="\(n(height))" font-family="'Noto Sans CJK SC','Microsoft YaHei',\
    'PingFang SC','SimHei',Arial,sans-serif">
    \(body)</svg>
    """
  }

  private func n(_ value: Double) -> String {
    let text = NumberText.fixed((value * 100).rounded() / 100, digits: 2)
    return text.hasSuffix(".00") ? String(text.dropLast(3)) : text
  }
}

/// How much room a text takes in a drawing, on the safe side for the usual fonts.
package enum TextMeasure {
  package static func width(of text: String, size: Double) -> Double {
    var ems = 0.0
    for scalar in text.unicodeScalars {
      switch DisplayWidth.of(scalar) {
      case 0: continue
      case 2: ems += 1
      default: ems += narrow(scalar)
      }
    }
    return ems * size
  }

  private static func narrow(_ scalar: Unicode.Scalar) -> Double {
    switch scalar {
    case "i", "j", "l", ".", ",", ":", ";", "'", "|", "!", "I": 0.32
    case " ", "f", "r", "t", "(", ")", "[", "]", "-", "/": 0.4
    case "m", "w", "M", "W", "%", "@": 0.95
    case "A"..."Z": 0.72
    default: 0.6
    }
  }

  /// Breaks a text into lines that fit; Chinese breaks anywhere, words at spaces where they can.
  package static func wrap(_ text: String, size: Double, width limit: Double) -> [String] {
    var lines: [String] = []
    var line = ""
    for piece in pieces(of: text) {
      if line.isEmpty || width(of: line + piece, size: size) <= limit {
        line += piece
      } else {
        lines.append(line)
        line = piece
      }
    }
    lines.append(line)
    return lines.map(trimmed)
  }

  private static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var word = ""
    for character in text {
      let isWide = character.unicodeScalars.contains { DisplayWidth.of($0) == 2 }
      word.append(character)
      if isWide || character == " " || character == "·" || character == "-" {
        pieces.append(word)
        word = ""
      }
    }
    if !word.isEmpty { pieces.append(word) }
    return pieces
  }

  private static func trimmed(_ line: String) -> String {
    var line = line
    while line.last == " " { line.removeLast() }
    while line.first == " " { line.removeFirst() }
    return line
  }
}
