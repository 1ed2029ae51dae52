/// How a text falls into lines of a width, counted in narrow characters.
package enum LineBreaking {
  /// The widest piece that stays on one line: a word, or one Chinese character.
  package static func widestPiece(of text: String) -> Int {
    pieces(of: text).reduce(0) { max($0, $1.width) }
  }

  /// How many lines a text takes; a word that is wider than a line is broken.
  package static func lines(of text: String, width: Int) -> Int {
    let width = max(1, width)
    var lines = 1
    var used = 0
    for piece in pieces(of: text) {
      let gap = used > 0 && piece.followsSpace ? 1 : 0
      if used > 0, used + gap + piece.width > width {
        lines += 1
        used = 0
      } else {
        used += gap
      }
      lines += max(0, piece.width - 1) / width
      used = piece.width > width ? (piece.width - 1) % width + 1 : used + piece.width
    }
    return lines
  }

  private struct Piece {
    var width: Int
    var followsSpace: Bool
  }

  private static func pieces(of text: String) -> [Piece] {
    var pieces = [Piece]()
    var isWord = false
    var followsSpace = false
    for scalar in text.unicodeScalars {
      let width = DisplayWidth.of(scalar)
      if scalar == " " || scalar == "\n" {
        isWord = false
        followsSpace = true
      } else if isWord, width < 2 {
        pieces[pieces.count - 1].width += width
      } else {
        pieces.append(Piece(width: width, followsSpace: followsSpace))
        isWord = width < 2
        followsSpace = false
      }
    }
    return pieces
  }
}
