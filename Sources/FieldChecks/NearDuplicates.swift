internal import SurveyData

/// For every interview the most similar other one of its block, by the share of equal answers.
///
/// Percent match of Kuriakose & Robbins (2016, Statistical Journal of the IAOS 32, 283–291): equal answers among those
/// that both gave. Pairs are compared within a team (a county), within a village where a team has more than
/// ``NearDuplicates/blockRows`` interviews: never every pair of a survey.
struct NearDuplicates {
  struct Pair {
    var row: Int
    var other: Int
    var share: Double
    /// Answers that both gave.
    var columns: Int
  }

  static let blockRows = 5_000

  private(set) var found: [Pair] = []
  private(set) var compared = 0

  init(_ survey: CheckedSurvey, _ source: CheckedSource, columns: [Column], share: Double, columnsNeeded: Int) {
    let answers = PackedAnswers(columns, rowCount: source.rowCount)
    let interviews = survey.interviews(in: source)
    let villages = survey.column(.village, in: source)
    var teams = [String: [Int]]()
    var order = [String]()
    for row in 0..<source.rowCount where interviews[row] && answers.filled(row) >= columnsNeeded {
      let team = source.team(of: row) ?? ""
      if teams[team] == nil { order.append(team) }
      teams[team, default: []].append(row)
    }
    for team in order {
      let rows = teams[team] ?? []
      if rows.count <= Self.blockRows {
        compare(rows, answers, source, share: share, columnsNeeded: columnsNeeded)
      } else {
        var byVillage = [String: [Int]]()
        for row in rows { byVillage[villages?.text(at: row) ?? "", default: []].append(row) }
        for village in byVillage.keys.sorted() {
          let own = byVillage[village] ?? []
          for start in stride(from: 0, to: own.count, by: Self.blockRows) {
            let end = min(start + Self.blockRows, own.count)
            compare(Array(own[start..<end]), answers, source, share: share, columnsNeeded: columnsNeeded)
          }
        }
      }
    }
  }

  private mutating func compare(
    _ rows: [Int],
    _ answers: PackedAnswers,
    _ source: CheckedSource,
    share: Double,
    columnsNeeded: Int
  ) {
    compared += rows.count
    var best = [(other: Int, share: Double, columns: Int)](repeating: (-1, 0, 0), count: rows.count)
    answers.forEachPair(of: rows, differingAtMost: 1 - share) { first, second, equal, both in
      guard both >= columnsNeeded, Double(equal) >= share * Double(both) else { return }
      let match = Double(equal) / Double(both)
      if match > best[first].share { best[first] = (second, match, both) }
      if match > best[second].share { best[second] = (first, match, both) }
    }
    for place in rows.indices where best[place].other >= 0 {
      let other = rows[best[place].other]
      // One pair is told once, and a unit that was sent twice is no pair.
      if best[best[place].other].other == place, best[place].other < place { continue }
      if let unit = source.unit(of: rows[place]), unit == source.unit(of: other) { continue }
      found.append(Pair(row: rows[place], other: other, share: best[place].share, columns: best[place].columns))
    }
  }
}

/// The answers of all rows, a byte each, eight in a word: two rows are compared word by word.
private struct PackedAnswers {
  private let wordCount: Int
  private let columnCount: Int
  /// Row by row; a byte is 0 where nothing was answered.
  private var words: [UInt64]
  /// The highest bit of each byte that is not 0.
  private var marks: [UInt64]

  private static let high: UInt64 = 0x8080_8080_8080_8080
  private static let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F

  init(_ columns: [Column], rowCount: Int) {
    columnCount = columns.count
    wordCount = max(1, (columns.count + 7) / 8)
    words = [UInt64](repeating: 0, count: rowCount * wordCount)
    for (place, column) in columns.enumerated() {
      let codes = column.codedText.codes
      let shift = UInt64(place % 8 * 8)
      for row in 0..<rowCount where codes[row] >= 0 {
        // 255 values are told apart; a column of answers has few.
        words[row * wordCount + place / 8] |= UInt64(codes[row] % 255 + 1) << shift
      }
    }
    marks = words.map { Self.filledBytes($0) }
  }

  func filled(_ row: Int) -> Int {
    (0..<wordCount).reduce(0) { $0 + marks[row * wordCount + $1].nonzeroBitCount }
  }

  /// Calls `body` for each pair of rows that differ in at most a share of the columns that both answered.
  ///
  /// - Parameters:
  ///   - rows: at their places in this list `body` is told of them.
  ///   - share: 0 to 1.
  ///   - body: takes two places, the equal answers, and the answers that both gave.
  func forEachPair(of rows: [Int], differingAtMost share: Double, _ body: (Int, Int, Int, Int) -> Void) {
    // Both answered no more than all columns: a pair that differs in more than this cannot count.
    let most = Int((share * Double(columnCount) + 1e-9).rounded(.down))
    let own = rows.flatMap { words[$0 * wordCount..<($0 + 1) * wordCount] }
    let ownMarks = rows.flatMap { marks[$0 * wordCount..<($0 + 1) * wordCount] }
    own.withUnsafeBufferPointer { own in
      ownMarks.withUnsafeBufferPointer { marks in
        var first = 0
        while first < rows.count {
          var second = first + 1
          while second < rows.count {
            var different = 0
            var both = 0
            var word = 0
            while word < wordCount, different <= most {
              let left = first * wordCount + word
              let right = second * wordCount + word
              let shared = marks[left] & marks[right]
              different += (Self.filledBytes(own[left] ^ own[right]) & shared).nonzeroBitCount
              both += shared.nonzeroBitCount
              word += 1
            }
            if different <= most { body(first, second, both - different, both) }
            second += 1
          }
          first += 1
        }
      }
    }
  }

  private static func filledBytes(_ word: UInt64) -> UInt64 { (((word & low) &+ low) | word) & high }
}
