package import SurveyEstimation

/// That one classification is finer than another: each county lies in one league.
package struct Nesting: Sendable {
  /// The finer by-variable.
  package var variable: String
  /// The coarser one.
  package var parent: String
  /// The coarser value of each finer one.
  package var parents: [String: String]

  package init(variable: String, parent: String, parents: [String: String]) {
    self.variable = variable
    self.parent = parent
    self.parents = parents
  }
}

extension Nesting {
  /// The nestings that domains show by themselves: domains of both variables, or area codes that begin with others.
  ///
  /// A code's trailing pairs of zeros stand for the levels below it (GB/T 2260): 150121 lies in 150100.
  package static func found(in domains: [[DomainValue]]) -> [Nesting] {
    var values: [String: Set<String>] = [:]
    for value in domains.joined() { values[value.variable, default: []].insert(value.value) }
    let names = values.keys.sorted()
    return names.flatMap { fine in
      names.compactMap { coarse -> Nesting? in
        guard fine != coarse else { return nil }
        let own = values[fine] ?? []
        // Two names of one classification lie in each other: where one figure is withheld, so must be the other.
        return (crossed(fine, coarse, domains) ?? byCode(own, values[coarse] ?? [])).map {
          Nesting(variable: fine, parent: coarse, parents: $0)
        }
      }
    }
  }

  private static func crossed(_ fine: String, _ coarse: String, _ domains: [[DomainValue]]) -> [String: String]? {
    var parents: [String: String] = [:]
    for domain in domains {
      guard let own = domain.first(where: { $0.variable == fine })?.value,
        let above = domain.first(where: { $0.variable == coarse })?.value
      else { continue }
      if let other = parents.updateValue(above, forKey: own), other != above { return nil }
    }
    return parents.isEmpty ? nil : parents
  }

  private static func byCode(_ fine: Set<String>, _ coarse: Set<String>) -> [String: String]? {
    func stem(_ code: String) -> String? {
      guard code.utf8.count >= 4, code.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
      var code = Substring(code)
      while code.hasSuffix("00"), code.utf8.count > 2 { code = code.dropLast(2) }
      return String(code)
    }
    let above = coarse.compactMap { code in stem(code).map { (code, $0) } }
    guard above.count == coarse.count else { return nil }
    var parents: [String: String] = [:]
    for code in fine {
      let found = above.filter {
        code.hasPrefix($0.1) && code != $0.0 && (stem(code)?.utf8.count ?? 0) > $0.1.utf8.count
      }
      guard found.count == 1 else { return nil }
      parents[code] = found[0].0
    }
    return parents
  }
}
