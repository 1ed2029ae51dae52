import SampleDrawing

/// A seeded generator of whole numbers (SplitMix64), for frames that differ from test to test but not from run to run.
struct Generator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func shuffled<Item>(_ items: [Item]) -> [Item] {
    var items = items
    for place in stride(from: items.count - 1, to: 0, by: -1) {
      items.swapAt(place, Int(next() % UInt64(place + 1)))
    }
    return items
  }
}

/// A frame of random form: quotes or none, LF or CR LF, a byte order mark, commas and quotes within names, ids in
/// Chinese, ids with blanks around them, the id in any column, missing values, an unfinished last line.
struct RandomFrame {
  let bytes: [UInt8]
  /// SHA-256 of the canonical text, made here line by line from what the cells mean.
  let canonicalDigest: String

  init(_ random: inout Generator, rows: Int) {
    let lineEnd = random.next() % 2 == 0 ? "\n" : "\r\n"
    let quotesAll = random.next() % 3 == 0
    let delimiter = random.next() % 4 == 0 ? ";" : ","
    let idKind = random.next() % 5
    let idColumn = Int(random.next() % 3)
    let isShuffled = random.next() % 2 == 0
    let hasCommas = random.next() % 2 == 0
    var names = ["stratum", "size", "name", "empty"]
    names.insert("id", at: idColumn)

    var ids = (0..<rows).map { number -> String in
      switch idKind {
      case 0: "\(number)"
      case 1: "1501210000\(10_000 + number)"
      case 2: "户\(number)"
      case 3: "a\(number % 10)/\(number)e\(number)"
      default: "x\(String(number, radix: 36))-\(number % 3)"
      }
    }
    if isShuffled { ids = random.shuffled(ids) }
    var text = random.next() % 4 == 0 ? "\u{FEFF}" : ""
    func written(_ cell: String) -> String {
      let needs = cell.contains(delimiter) || cell.contains("\n")
      return quotesAll || needs ? "\"" + cell + "\"" : cell
    }
    func canonical(_ cell: String) -> String {
      cell.contains(",") || cell.contains("\n") ? "\"" + cell + "\"" : cell
    }
    text += names.map(written).joined(separator: delimiter) + lineEnd
    var lines = [(id: String, line: String)]()
    for (row, id) in ids.enumerated() {
      var cells = [
        ["a", "b", "盟", "c d"][Int(random.next() % 4)], "\(random.next() % 6)",
        hasCommas && random.next() % 9 == 0 ? "Name, \(row)" : "n\(row)", random.next() % 2 == 0 ? "" : "NA",
      ]
      lines.append((id, ([id] + cells).map(canonical).joined(separator: ",") + "\n"))
      // Blanks around an id are taken off and noted.
      cells.insert(row % 97 == 5 ? " \(id)" : id, at: idColumn)
      text += cells.map(written).joined(separator: delimiter)
      if row < rows - 1 || rows % 2 == 0 { text += lineEnd }
    }
    bytes = Array(text.utf8)
    let header = (["id"] + names.filter { $0 != "id" }).joined(separator: ",") + "\n"
    let sorted = lines.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
    canonicalDigest = Digest(of: header + sorted.map(\.line).joined()).hex
  }
}
