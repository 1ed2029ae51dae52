/// What the texts of a file speak for, where the file does not say its encoding or says one that programs put there
/// without asking.
struct EncodingEvidence {
  /// Texts beyond ASCII that are UTF-8, and those with a character of three bytes or more.
  private var utf8 = 0
  private var longUTF8 = 0
  private var otherTexts = 0
  /// Whether every text can be GB18030.
  private var isChinese = true
  /// Double bytes in all, and those among the 6,763 characters and the symbols of GB 2312.
  private var pairs = 0
  private var commonPairs = 0
  /// The first text that is not UTF-8.
  private(set) var odd: (row: Int, variable: Int, bytes: [UInt8])?

  enum Verdict { case utf8, gb18030, mixed, other }

  mutating func add(_ bytes: UnsafeBufferPointer<UInt8>, row: Int = 0, variable: Int = -1) {
    guard bytes.contains(where: { $0 >= 0x80 }) else { return }
    let (valid, isCut) = CellDecoder.validPrefix(bytes)
    if valid == bytes.count || (isCut && valid > 0) {
      utf8 += 1
      if bytes[..<valid].contains(where: { $0 >= 0xE0 }) { longUTF8 += 1 }
    } else {
      otherTexts += 1
      // A cell can be named; a label cannot.
      if odd.map({ $0.row == 0 && row > 0 }) ?? true { odd = (row, variable, Array(bytes)) }
    }
    addPairs(bytes)
  }

  /// GB18030's two and four bytes (GB 18030-2005); a text may end within a character.
  private mutating func addPairs(_ bytes: UnsafeBufferPointer<UInt8>) {
    var place = 0
    while place < bytes.count {
      let lead = bytes[place]
      if lead < 0x80 {
        place += 1
        continue
      }
      guard lead > 0x80, lead < 0xFF else {
        isChinese = false
        return
      }
      guard place + 1 < bytes.count else { return }
      let trail = bytes[place + 1]
      if (0x30...0x39).contains(trail) {
        place += 4
        pairs += 1
        continue
      }
      guard trail >= 0x40, trail != 0x7F, trail != 0xFF else {
        isChinese = false
        return
      }
      pairs += 1
      if trail >= 0xA1, (0xB0...0xF7).contains(lead) || (0xA1...0xA9).contains(lead) { commonPairs += 1 }
      place += 2
    }
  }

  /// UTF-8 where nothing contradicts; Chinese where every text fits and three quarters of it are the common characters:
  /// letters with accents stand beside ASCII letters and give other pairs.
  var verdict: Verdict {
    if otherTexts == 0 { return .utf8 }
    if longUTF8 > 0 { return .mixed }
    return isChinese && commonPairs * 4 >= pairs * 3 ? .gb18030 : .other
  }
}
