package import SurveyData

/// The key of one stage of a draw: whoever holds it and the frame holds the list.
package struct DrawKey: Sendable {
  /// Lower-case hex, 64 characters.
  package let hex: String
  /// SHA-256 after the key's one block, so that a ticket costs one compression more.
  private let keyed: DigestStream

  /// Formula: SHA-256("mingcha draw 1" LF "seed " seed LF "group " group LF "stage " stage LF), protocol §2.
  /// - Throws: `draw-name` when seed, group or stage is not a text the protocol admits.
  package init(seed: String, group: String, stage: String) throws(InputRefusal) {
    var findings = [Finding]()
    let parts = [
      (seed, LocalizedText(zh: "种子", en: "seed")), (group, LocalizedText(zh: "组名", en: "group")),
      (stage, LocalizedText(zh: "阶段名", en: "stage name")),
    ]
    for (text, what) in parts {
      guard let fault = declaredTextFault(text) else { continue }
      findings.append(
        Finding(
          "draw-name",
          message: LocalizedText(
            zh: "\(what.zh)\(fault.words.zh)。",
            en: "the \(what.en) \(fault.words.en)."
          ),
          fix: LocalizedText(
            zh: "须为非空的 NFC 文本，无控制字符，首尾无空白。",
            en: "It must be a text in NFC, not empty, without control characters or white space at its ends."
          )
        )
      )
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    hex = Digest(of: "mingcha draw 1\nseed \(seed)\ngroup \(group)\nstage \(stage)\n").hex
    var stream = DigestStream()
    stream.update(hex)
    keyed = stream
  }

  /// The permanent random number of a unit: SHA-256(key + id), protocol §3.
  package func ticket(_ id: String) -> Digest {
    var stream = keyed
    stream.update(id)
    return stream.finished
  }

  /// The ticket of an id that is held as bytes.
  func ticket(_ id: UnsafeRawBufferPointer) -> Digest {
    var stream = keyed
    stream.update(id)
    return stream.finished
  }

  /// SHA-256's eight words after the key.
  var chainingState: (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32) { keyed.chainingState }

  /// The ticket from which systematic selection starts in a stratum.
  package func startTicket(stratum: String) -> Digest {
    ticket("\nstart\n" + stratum)
  }

  /// SHA-256 after the label of a stratum's stream, to be finished by a number's place.
  func stream(stratum: String) -> DigestStream {
    var stream = keyed
    stream.update("\nstream\n" + stratum + "\n")
    return stream
  }

  /// The number u_j of a stratum's stream, for methods that need numbers of their own.
  package func streamUniform(stratum: String, at index: Int) -> Double {
    ticket("\nstream\n" + stratum + "\n" + String(index)).uniform
  }
}

/// The numbers of one stratum's stream, by their place or one after the other.
struct UniformStream: Sendable {
  /// SHA-256 after key, label and stratum, so that a number costs its own digits only.
  private let labelled: DigestStream
  /// How many were taken one after the other.
  private(set) var taken = 0

  init(key: DrawKey, stratum: String) { labelled = key.stream(stratum: stratum) }

  /// The ticket of the number at a place, from 0.
  func ticket(_ index: Int) -> Digest {
    var stream = labelled
    stream.update(String(index))
    return stream.finished
  }

  /// The number u_j, never 0 or 1.
  func uniform(_ index: Int) -> Double { ticket(index).uniform }

  /// A place among `count` places by the number u_j, in exact integers.
  ///
  /// Formula: ⌊(2·m + 1) · count / 2^53⌋, m the first 13 hex digits. Domain: 0 < count < 2^75.
  func place(_ index: Int, among count: UInt128) -> UInt128 {
    (UInt128(2 * ticket(index).leadingBits + 1) * count) >> 53
  }

  /// Whether u_j < numerator / denominator, in exact integers below 2^63.
  func happens(_ index: Int, _ numerator: UInt64, of denominator: UInt64) -> Bool {
    UInt128(2 * ticket(index).leadingBits + 1) * UInt128(denominator) < UInt128(numerator) << 53
  }

  /// The next number, never 0 or 1.
  mutating func next() -> Double {
    defer { taken += 1 }
    return uniform(taken)
  }

  /// The next number as the 52 bits it comes from.
  mutating func nextBits() -> UInt64 {
    defer { taken += 1 }
    return ticket(taken).leadingBits
  }
}

extension Digest {
  /// The first 13 hex digits as a number.
  var leadingBits: UInt64 { head >> 12 }

  /// A ticket as a uniform number, never 0 or 1, exact in a double.
  ///
  /// Formula: (m + 0.5) / 2^52, m the first 13 hex digits. Source: draw protocol §4.
  package var uniform: Double {
    (Double(leadingBits) + 0.5) / 4_503_599_627_370_496
  }

  /// The ticket turned back by a shift, so that the order begins elsewhere (protocol §5, rotation).
  ///
  /// Formula: m becomes (m − ⌊shift · 2^52⌋) mod 2^52; the remaining bits break ties as the ticket does.
  /// Domain: 0 ≤ shift < 1.
  package func rotated(by shift: Double) -> Digest {
    if shift == 0 { return self }
    let turn = UInt64(shift * 4_503_599_627_370_496)
    let turned = (leadingBits &- turn) & 0xF_FFFF_FFFF_FFFF
    return replacingHead(turned << 12 | head & 0xFFF)
  }
}
