import SurveyData

/// The strata that one worker has met, numbered in the order of meeting; values are compared as bytes.
struct StratumLevels: Sendable {
  /// The values of each stratum.
  private(set) var values: [[String]] = []
  private var levels: [ByteLevels]
  private var texts: [[String]]
  /// For each column after the first: the number for a stratum so far and a level.
  private var pairs: [[UInt64: Int32]]
  private var lastPair: [UInt64]
  private var lastOfPair: [Int32]
  private var next: [Int32]

  init(columns: Int) {
    levels = (0..<columns).map { _ in ByteLevels() }
    texts = [[String]](repeating: [], count: columns)
    pairs = [[UInt64: Int32]](repeating: [:], count: columns)
    lastPair = [UInt64](repeating: .max, count: columns)
    lastOfPair = [Int32](repeating: 0, count: columns)
    next = [Int32](repeating: 0, count: columns)
    if columns == 0 { values = [[]] }
  }

  /// The number of a row's stratum; −1 where a value is missing or holds control characters.
  mutating func stratum(of cells: CellView, _ row: Int, _ columns: [Int]) -> Int32 {
    if columns.isEmpty { return 0 }
    var stratum = level(of: cells.cell(row, columns[0]), 0)
    if columns.count == 1 {
      if Int(stratum) == values.count { values.append([texts[0][Int(stratum)]]) }
      return stratum
    }
    for column in 1..<columns.count {
      let level = level(of: cells.cell(row, columns[column]), column)
      if level < 0 || stratum < 0 { return -1 }
      let pair = UInt64(UInt32(bitPattern: stratum)) << 32 | UInt64(UInt32(bitPattern: level))
      if pair != lastPair[column] {
        lastPair[column] = pair
        if let known = pairs[column][pair] {
          lastOfPair[column] = known
        } else {
          lastOfPair[column] = next[column]
          pairs[column][pair] = next[column]
          next[column] += 1
        }
      }
      stratum = lastOfPair[column]
    }
    if Int(stratum) == values.count {
      values.append(columns.indices.map { text(of: cells.cell(row, columns[$0])) })
    }
    return stratum
  }

  private func text(of cell: UnsafeBufferPointer<UInt8>) -> String { String(decoding: cell, as: UTF8.self) }

  private mutating func level(of cell: UnsafeBufferPointer<UInt8>, _ column: Int) -> Int32 {
    if cell.isEmpty { return -1 }
    let level = levels[column].code(of: cell)
    if Int(level) < texts[column].count { return level }
    let text = text(of: cell)
    if identifierFault(text) == .controlCharacter { return -1 }
    texts[column].append(text)
    return level
  }
}
