package import SurveyData

/// The text from which every choice of a draw follows.
package struct Seed: Sendable, Equatable {
  /// The seed as it enters the draw key.
  package let text: String
  /// The parties' texts in the agreed order; empty for a declared seed.
  package let contributions: [String]
  /// Why a seed of less than 128 bits was accepted.
  package let weakReason: String?

  /// The seed of a ceremony: SHA-256 over the contributions (protocol §1), even when there is only one.
  /// - Throws: `seed-text` for a contribution the protocol does not admit, `seed-weak` when all together
  ///   hold less than 128 bits and no reason is given.
  package init(contributions: [String], weakReason: String? = nil) throws(InputRefusal) {
    var findings = [Finding]()
    if contributions.isEmpty { findings.append(seedFinding(TextFault.empty.words)) }
    for contribution in contributions {
      if let fault = declaredTextFault(contribution) { findings.append(seedFinding(fault.words)) }
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    let bits = contributions.reduce(0) { $0 + countedBits(of: $1) }
    self.weakReason = try reasonIfWeak(bits: bits, reason: weakReason)
    self.contributions = contributions
    text = Digest(of: "mingcha seed 1\n" + contributions.map { $0 + "\n" }.joined()).hex
  }

  /// A declared seed text, used as it is where there is no ceremony.
  /// - Throws: `seed-text` and `seed-weak` as for a ceremony.
  package init(declared text: String, weakReason: String? = nil) throws(InputRefusal) {
    if let fault = declaredTextFault(text) { throw InputRefusal(seedFinding(fault.words)) }
    self.weakReason = try reasonIfWeak(bits: countedBits(of: text), reason: weakReason)
    self.text = text
    contributions = []
  }

  /// What may be published before the draw: a commitment to the seed text.
  package var commitment: Digest { Seed.commitment(to: text) }

  /// The published promise of one party's text (protocol §1).
  ///
  /// Formula: SHA-256("mingcha commitment 1" LF contribution LF). It hides only what cannot be guessed.
  package static func commitment(to contribution: String) -> Digest {
    Digest(of: "mingcha commitment 1\n" + contribution + "\n")
  }

  /// The text of a seed file: strict UTF-8, one final line feed dropped, nothing else forgiven.
  package static func text(ofFile bytes: [UInt8], named file: String) throws(InputRefusal) -> String {
    var bytes = bytes
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    if let windows = windowsFault(bytes) { throw InputRefusal(seedFinding(windows, file: file)) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputRefusal(
        Finding(
          "seed-text",
          file: file,
          message: LocalizedText(zh: "种子文件不是 UTF-8 文本。", en: "the seed file is not UTF-8 text."),
          fix: LocalizedText(zh: "请以 UTF-8 另存。", en: "Save it as UTF-8.")
        )
      )
    }
    if let fault = declaredTextFault(text) { throw InputRefusal(seedFinding(fault.words, file: file)) }
    return text
  }
}

private func reasonIfWeak(bits: Double, reason: String?) throws(InputRefusal) -> String? {
  if bits >= requiredSeedBits { return nil }
  if let reason, declaredTextFault(reason) == nil { return reason }
  throw InputRefusal(
    Finding(
      "seed-weak",
      message: LocalizedText(
        zh: "种子可计的随机性只有 \(Int(bits)) 位，少于 128 位。",
        en: "the seed holds \(Int(bits)) countable bits of chance, fewer than 128."
      ),
      fix: LocalizedText(
        zh: "请用至少 32 位十六进制、39 位十进制数字，或掷骰 50 次（写作“dice 1 3 …”）；确要使用须用 --weak-seed-reason 说明理由，理由写入回执。",
        en: "Use at least 32 hex digits, 39 decimal digits or 50 dice (\"dice 1 3 …\"), or give a reason by "
          + "--weak-seed-reason, which the receipt records."
      )
    )
  )
}

/// What an editor of Windows leaves in a text file and nobody sees.
private func windowsFault(_ bytes: [UInt8]) -> LocalizedText? {
  if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
    return LocalizedText(zh: "以 BOM（字节序标记）开头", en: "begins with a byte order mark (BOM)")
  }
  return bytes.contains(0x0D)
    ? LocalizedText(zh: "含 Windows 换行（CRLF）", en: "has a Windows line end (CR LF)") : nil
}

private func seedFinding(_ fault: LocalizedText, file: String? = nil) -> Finding {
  Finding(
    "seed-text",
    file: file,
    message: LocalizedText(zh: "种子文本\(fault.zh)。", en: "the seed text \(fault.en)."),
    fix: LocalizedText(
      zh: "须为 NFC 形式的 UTF-8，无控制字符，首尾无空白；文件末尾只可有一个换行；可用 printf '%s\\n' 种子 >seed.txt 写出。",
      en: "It must be UTF-8 in NFC without control characters or white space at its ends; a file may end "
        + "with one line feed. Write it with printf '%s\\n' SEED >seed.txt."
    )
  )
}
