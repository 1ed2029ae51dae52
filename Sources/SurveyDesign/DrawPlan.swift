/// What one stage of a draw takes, from which columns, by which method.
package struct StagePlan: Sendable, Hashable {
  /// The stage's declared name: it enters the draw key and the column names of the list.
  package var name: String
  /// The column with the unit's id, unique over the whole stage.
  package var id: String
  /// The column with the id of the unit of the stage before; needed from the second stage on.
  package var parent: String?
  /// The columns whose combination is the stratum, within the parent.
  package var strata: [String]
  /// The selection method's name, one of the list in the drawing room.
  package var method: String
  package var take: Take
  /// How many reserves stand ready in every stratum; fewer where the stratum has no more units.
  package var reserves: Int
  /// Other numbers of reserves for some strata, by the values of the strata columns joined by ", ".
  package var reservesByStratum: [String: Int]
  /// An expression over the frame's columns: units for which it is true are taken with certainty, before the
  /// method draws among the others.
  package var mustInclude: String?
  /// The column with the size (a whole number) for methods with unequal probabilities.
  package var size: String?
  /// The list order of systematic selection, before the id; empty: by id alone.
  package var sort: [SortKey]
  /// The shift of a rotating sample (`srs` only), 0 ≤ shift < 1.
  package var rotation: Double
  /// The columns whose totals a balanced sample is to meet, the most important first.
  package var balance: [String]
  /// The columns that say where a unit lies, for spatially spread samples.
  package var coordinates: [String]

  package init(
    name: String,
    id: String,
    parent: String? = nil,
    strata: [String] = [],
    method: String = "srs",
    take: Take,
    reserves: Int = 0,
    reservesByStratum: [String: Int] = [:],
    mustInclude: String? = nil,
    size: String? = nil,
    sort: [SortKey] = [],
    rotation: Double = 0,
    balance: [String] = [],
    coordinates: [String] = []
  ) {
    self.name = name
    self.id = id
    self.parent = parent
    self.strata = strata
    self.method = method
    self.take = take
    self.reserves = reserves
    self.reservesByStratum = reservesByStratum
    self.mustInclude = mustInclude
    self.size = size
    self.sort = sort
    self.rotation = rotation
    self.balance = balance
    self.coordinates = coordinates
  }

  /// The columns of numbers beside the size.
  package var measures: [String] { balance + coordinates }
}

extension StagePlan {
  /// The reserves asked for in a stratum, by the values of the strata columns joined by ", ".
  package func reserves(inStratum stratum: String) -> Int { reservesByStratum[stratum] ?? reserves }
}

/// One column by which units stand in list order.
package struct SortKey: Sendable, Codable, Hashable {
  package var column: String
  /// Compared as numbers; otherwise as UTF-8 bytes.
  package var numeric: Bool
  package var descending: Bool

  package init(_ column: String, numeric: Bool = false, descending: Bool = false) {
    self.column = column
    self.numeric = numeric
    self.descending = descending
  }
}

extension StagePlan: Codable {
  private enum Key: String, CodingKey {
    case name, id, parent, strata, method, take, reserves, reservesByStratum, mustInclude, size, sort, rotation,
      balance,
      coordinates
  }

  /// Reads a plan; what only some designs have is left out where it is empty.
  package init(from decoder: any Decoder) throws {
    let keyed = try decoder.container(keyedBy: Key.self)
    self.init(
      name: try keyed.decode(String.self, forKey: .name),
      id: try keyed.decode(String.self, forKey: .id),
      parent: try keyed.decodeIfPresent(String.self, forKey: .parent),
      strata: try keyed.decode([String].self, forKey: .strata),
      method: try keyed.decode(String.self, forKey: .method),
      take: try keyed.decode(Take.self, forKey: .take),
      reserves: try keyed.decode(Int.self, forKey: .reserves),
      reservesByStratum: try keyed.decodeIfPresent([String: Int].self, forKey: .reservesByStratum) ?? [:],
      mustInclude: try keyed.decodeIfPresent(String.self, forKey: .mustInclude),
      size: try keyed.decodeIfPresent(String.self, forKey: .size),
      sort: try keyed.decode([SortKey].self, forKey: .sort),
      rotation: try keyed.decode(Double.self, forKey: .rotation),
      balance: try keyed.decodeIfPresent([String].self, forKey: .balance) ?? [],
      coordinates: try keyed.decodeIfPresent([String].self, forKey: .coordinates) ?? []
    )
  }

  /// Writes what ``init(from:)`` reads.
  package func encode(to encoder: any Encoder) throws {
    var keyed = encoder.container(keyedBy: Key.self)
    try keyed.encode(name, forKey: .name)
    try keyed.encode(id, forKey: .id)
    try keyed.encodeIfPresent(parent, forKey: .parent)
    try keyed.encode(strata, forKey: .strata)
    try keyed.encode(method, forKey: .method)
    try keyed.encode(take, forKey: .take)
    try keyed.encode(reserves, forKey: .reserves)
    if !reservesByStratum.isEmpty { try keyed.encode(reservesByStratum, forKey: .reservesByStratum) }
    try keyed.encodeIfPresent(mustInclude, forKey: .mustInclude)
    try keyed.encodeIfPresent(size, forKey: .size)
    try keyed.encode(sort, forKey: .sort)
    try keyed.encode(rotation, forKey: .rotation)
    if !balance.isEmpty { try keyed.encode(balance, forKey: .balance) }
    if !coordinates.isEmpty { try keyed.encode(coordinates, forKey: .coordinates) }
  }
}
