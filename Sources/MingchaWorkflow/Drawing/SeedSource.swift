package import SampleDrawing
package import SurveyData

/// Where a draw's seed comes from: one declared text, or the contributions of a ceremony in their order.
package enum SeedSource: Sendable {
  case declared(file: String)
  case contributions(files: [String])

  /// Reads the files and makes the seed.
  ///
  /// - Parameter weakReason: why a seed of less than 128 bits is accepted; the receipt records it.
  /// - Returns: the seed.
  /// - Throws: an `InputRefusal` for a missing file, a text the protocol does not admit, a weak seed.
  package func seed(weakReason: String?) throws(InputRefusal) -> Seed {
    switch self {
    case .declared(let file):
      return try naming(file) { () throws(InputRefusal) in
        try Seed(declared: try seedText(file), weakReason: weakReason)
      }
    case .contributions(let files):
      var texts = [String]()
      for file in files { texts.append(try seedText(file)) }
      return try Seed(contributions: texts, weakReason: weakReason)
    }
  }
}

/// Names the file in findings that name none.
private func naming<Value>(_ file: String, _ body: () throws(InputRefusal) -> Value) throws(InputRefusal) -> Value {
  do throws(InputRefusal) {
    return try body()
  } catch {
    throw InputRefusal(
      error.findings.map { finding in
        var named = finding
        if named.file == nil { named.file = file }
        return named
      }
    )
  }
}

/// The commitment to the text of a seed file, in hex (protocol §1).
package func commitment(toSeedFile file: String) throws -> String {
  Seed.commitment(to: try seedText(file)).hex
}

private func seedText(_ file: String) throws(InputRefusal) -> String {
  try Seed.text(ofFile: try readBytes(file), named: file)
}
