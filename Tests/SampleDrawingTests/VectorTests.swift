import SampleDrawing
import SurveyData
import SurveyDesign
import Testing

// `reference-check draw` goes through every case of the file; these keep the rules that all others rest on.

@Test("contributions, commitments and key are those of the protocol's vectors")
func vectorKey() throws {
  let vectors = try vectorFile()
  let contributions = try #require(vectors["contributions"] as? [String])
  let seed = try Seed(contributions: contributions)
  #expect(seed.text == vectors["seed"] as? String)
  #expect(contributions.map { Seed.commitment(to: $0).hex } == vectors["commitments"] as? [String])
  let key = try DrawKey(
    seed: seed.text,
    group: try #require(vectors["group"] as? String),
    stage: try #require(vectors["stage"] as? String)
  )
  #expect(key.hex == vectors["key"] as? String)
  let tickets = try #require(vectors["tickets"] as? [String: String])
  let uniforms = try #require(vectors["uniforms"] as? [String: String])
  for (id, ticket) in tickets {
    #expect(key.ticket(id).hex == ticket)
    #expect(key.ticket(id).uniform == uniforms[id].flatMap { Double($0) })
  }
}

@Test("srs, systematic and pps-systematic take the vectors' units with their reserves")
func vectorSelections() throws {
  let vectors = try vectorFile()
  let key = try DrawKey(
    seed: try #require(vectors["seed"] as? String),
    group: try #require(vectors["group"] as? String),
    stage: try #require(vectors["stage"] as? String)
  )
  let ids = try #require(vectors["ids"] as? [String])
  let sizes = try #require(vectors["sizes"] as? [Int])
  let frame = Table(columns: [
    Column("id", texts: ids), Column("stratum", texts: ids.map { _ in "1502" }),
    Column("size", numbers: sizes.map { Double($0) }),
  ])
  for (name, method) in [
    ("srs_reserves", "srs"), ("systematic", "systematic"), ("pps_systematic", "pps-systematic"),
    ("pps_systematic_reserves", "pps-systematic"),
  ] {
    let vector = try #require(vectors[name] as? [String: Any])
    let plan = StagePlan(
      name: "unit",
      id: "id",
      strata: ["stratum"],
      method: method,
      take: .count(try #require(vector["n"] as? Int)),
      reserves: vector["reserves"] as? Int ?? 0,
      size: "size"
    )
    let cell = try #require(try drawStage(plan, frame: frame, key: key).cells.first)
    if let selected = vector["selected"] as? [String] { #expect(cell.selected.map(\.id) == selected) }
    if let reserve = vector["reserve"] as? [String] { #expect(cell.reserves.map(\.id) == reserve) }
  }
}

@Test("SHA-256 gives the digests of FIPS 180-4, in one piece and in several")
func knownDigests() {
  #expect(
    Digest(of: "abc").hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
  )
  #expect(Digest(of: "").hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  var stream = DigestStream()
  for piece in ["a", "b", "c"] { stream.update(piece) }
  #expect(stream.finished == Digest(of: "abc"))
}

@Test("the order of digests is the order of their hex text")
func digestOrder() {
  let digests = (0..<200).map { Digest(of: String($0)) }
  #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
}

@Test("canonical frame and tree hash are those of the vectors")
func vectorFrame() throws {
  let vector = try #require(try vectorFile()["frame"] as? [String: Any])
  let header = try #require(vector["header"] as? [String])
  let rows = try #require(vector["rows"] as? [[String]])
  let table = Table(
    columns: header.indices.map { place in Column(header[place], texts: rows.map { $0[place] }) }
  )
  for frame in [table, reversed(table)] {
    let canonical = try CanonicalFrame(frame, id: header[0])
    #expect(canonical.text == vector["canonical"] as? String)
    #expect(canonical.digest.hex == vector["digest"] as? String)
    #expect(canonical.merkleRoot.hex == vector["merkle_root"] as? String)
  }
}

@Test(
  "tickets of ids in a row are those of single ids, up to and beyond one block",
  arguments: [1, 7, 8, 54, 55, 56, 70]
)
func ticketsInARow(length: Int) throws {
  let key = try key()
  let ids = (0..<40).map { number in
    let digits = String(number)
    return String(repeating: "x", count: max(0, length - digits.count)) + digits.suffix(length)
  }
  #expect(key.ticketHeads(ids.flatMap { Array($0.utf8) }, length: length) == ids.map { key.ticket($0).head })
}
