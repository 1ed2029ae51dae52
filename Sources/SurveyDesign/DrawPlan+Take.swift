/// How many units are taken in a stratum.
package enum Take: Sendable, Hashable {
  /// Exactly this many; a stratum that holds fewer is refused.
  case count(Int)
  /// This many, or all where there are fewer.
  case upTo(Int)
  /// Every unit that can be taken.
  case all
  /// Each unit with this probability (`bernoulli` only).
  case rate(Double)
  /// One rule for every stratum, by the values of the strata columns joined by ", "; ``otherStrata`` speaks for
  /// those that are not named.
  case byStratum([String: Take])
  /// A total shared out over the strata of every unit of the stage before.
  case allocate(Allocation)

  /// The name that stands for every stratum without one of its own.
  package static let otherStrata = "*"
}

extension Take: Codable {
  private enum Key: String, CodingKey {
    case count, upTo, rate, byStratum, allocate
  }

  /// Reads `"all"`, `{"count": 3}`, `{"upTo": 3}`, `{"rate": 0.1}`, `{"byStratum": {…}}` or
  /// `{"allocate": {…}}`.
  package init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      guard word == "all" else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "a take is \"all\", not \"\(word)\"")
        )
      }
      self = .all
      return
    }
    let keyed = try decoder.container(keyedBy: Key.self)
    if let count = try keyed.decodeIfPresent(Int.self, forKey: .count) {
      self = .count(count)
    } else if let limit = try keyed.decodeIfPresent(Int.self, forKey: .upTo) {
      self = .upTo(limit)
    } else if let rate = try keyed.decodeIfPresent(Double.self, forKey: .rate) {
      self = .rate(rate)
    } else if let allocation = try keyed.decodeIfPresent(Allocation.self, forKey: .allocate) {
      self = .allocate(allocation)
    } else {
      self = .byStratum(try keyed.decode([String: Take].self, forKey: .byStratum))
    }
  }

  /// Writes the form that ``init(from:)`` reads.
  package func encode(to encoder: any Encoder) throws {
    if case .all = self {
      var single = encoder.singleValueContainer()
      try single.encode("all")
      return
    }
    var keyed = encoder.container(keyedBy: Key.self)
    switch self {
    case .all: break
    case .count(let count): try keyed.encode(count, forKey: .count)
    case .upTo(let limit): try keyed.encode(limit, forKey: .upTo)
    case .rate(let rate): try keyed.encode(rate, forKey: .rate)
    case .byStratum(let takes): try keyed.encode(takes, forKey: .byStratum)
    case .allocate(let allocation): try keyed.encode(allocation, forKey: .allocate)
    }
  }
}
