/// One draw as the burden of its units sees it.
package struct BurdenRound: Sendable, Equatable {
  package var name: String
  /// As the receipt tells it.
  package var date: String?
  /// The units that were visited.
  package var units: [String]

  package init(name: String, date: String? = nil, units: [String]) {
    self.name = name
    self.date = date
    self.units = units
  }

  /// The day of the date, counted from 1970-01-01; nil where the date is no ISO date.
  var day: Int? { date.flatMap { isoDay($0) } }
}

/// How often each unit was visited over several draws, and with what gaps.
package struct Burden: Sendable {
  package struct Unit: Sendable, Equatable {
    package var id: String
    /// The places of its draws among ``Burden/rounds``, rising.
    package var rounds: [Int]
    /// The smallest difference of two of its draws' places: 1 for two in a row; nil below two visits.
    package var leastGap: Int?
    /// The fewest days between two of its draws with dates one after the other.
    package var leastDays: Int?

    /// How often it was visited.
    package var times: Int { rounds.count }
  }

  /// The oldest first: by date where every draw has one, else as they were given.
  package let rounds: [BurdenRound]
  /// Whether the draws were put in the order of their dates.
  package let isByDate: Bool
  /// The units of the frame in its order, then those of the draws that the frame does not have.
  package let units: [Unit]
  /// How many of the units are in the frame.
  package let frameCount: Int

  /// - Parameters:
  ///   - given: the draws, the oldest first.
  ///   - frame: the ids of all units that could be drawn; empty where no frame is at hand.
  package init(rounds given: [BurdenRound], frame: [String]) {
    let days = given.map(\.day)
    let isDated = given.count > 1 && !days.contains(nil)
    isByDate = isDated
    let order = given.indices.sorted { left, right in
      isDated ? (days[left] ?? 0, left) < (days[right] ?? 0, right) : left < right
    }
    let ordered = order.map { given[$0] }
    rounds = ordered
    var roundsOfID = [[UInt8]: [Int]]()
    var strangers = [String]()
    let known = Set(frame.map { Array($0.utf8) })
    for (place, round) in ordered.enumerated() {
      for id in round.units {
        let bytes = Array(id.utf8)
        if !known.contains(bytes), roundsOfID[bytes] == nil { strangers.append(id) }
        if roundsOfID[bytes]?.last != place { roundsOfID[bytes, default: []].append(place) }
      }
    }
    frameCount = frame.count
    units = (frame + strangers.sorted(by: precedesAsBytes)).map { id in
      let own = roundsOfID[Array(id.utf8)] ?? []
      let pairs = zip(own, own.dropFirst())
      let gaps = pairs.compactMap { before, after in
        ordered[before].day.flatMap { start in ordered[after].day.map { abs($0 - start) } }
      }
      return Unit(id: id, rounds: own, leastGap: pairs.map { $1 - $0 }.min(), leastDays: gaps.min())
    }
  }
}

/// The number of a day from 1970-01-01 in the Gregorian calendar; nil for a text that is no date `YYYY-MM-DD`.
///
/// What follows the date (a time) does not count.
package func isoDay(_ text: String) -> Int? {
  let head = Array(text.utf8.prefix(11))
  guard head.count == 10 || head.count == 11 && (head[10] == UInt8(ascii: "T") || head[10] == UInt8(ascii: " ")) else {
    return nil
  }
  func number(_ range: Range<Int>) -> Int? {
    var value = 0
    for byte in head[range] {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
      value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value
  }
  guard head[4] == UInt8(ascii: "-"), head[7] == UInt8(ascii: "-"), let year = number(0..<4),
    let month = number(5..<7), let day = number(8..<10), (1...12).contains(month)
  else { return nil }
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
  guard day >= 1, day <= lengths[month - 1] else { return nil }
  // Days before a year: 365 a year and one for every leap year since year 0, shifted to 1970.
  let years = year - 1
  let before = 365 * years + years / 4 - years / 100 + years / 400 - 719_162
  return before + lengths[..<(month - 1)].reduce(0, +) + day - 1
}
