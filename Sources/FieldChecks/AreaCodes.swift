package import SurveyData

/// The administrative codes of one edition, from leagues to villages.
///
/// A code of 6, 9 or 12 digits lies in that of its first 4, 6 or 9. Source: GB/T 2260 (counties) and the statistical
/// division codes that extend it to townships (GB/T 10114) and villages.
package struct AreaEdition: Sendable {
  package var name: String
  private var names: [String: String]
  private var children: [String: [String]]

  /// - Parameters:
  ///   - name: of the edition, such as 2018.
  ///   - table: columns `code` and `name_zh`; every code as text.
  /// - Throws: a refusal where a column is missing.
  package init(name: String, table: Table) throws(InputRefusal) {
    self.name = name
    let codes = try table.column("code")
    let titles = try table.column("name_zh")
    names = [:]
    children = [:]
    for row in 0..<table.rowCount {
      guard let code = codes.text(at: row) else { continue }
      names[code] = titles.text(at: row) ?? ""
      if let parent = AreaCodes.parent(of: code) { children[parent, default: []].append(code) }
    }
  }

  package func title(of code: String) -> String? { names[code] }

  /// Whether the edition has the code, or says nothing of villages in its township.
  package func knows(_ code: String) -> Bool {
    if names[code] != nil { return true }
    guard code.utf8.count == 12, let township = AreaCodes.parent(of: code) else { return false }
    return names[township] != nil && children[township] == nil
  }

  /// The valid code most likely meant: of the same name in the nearest valid area above, else the nearest digits.
  ///
  /// - Parameters:
  ///   - code: that the edition does not have.
  ///   - title: what the unit is called, if known.
  /// - Returns: the code; `nil` where nothing is near.
  package func nearest(to code: String, title: String?) -> String? {
    var above = AreaCodes.parent(of: code)
    while let area = above, children[area] == nil { above = AreaCodes.parent(of: area) }
    guard let above else { return nil }
    var candidates = [above]
    let wanted = code.utf8.count
    while let first = candidates.first, first.utf8.count < wanted {
      let next = candidates.flatMap { children[$0] ?? [] }
      if next.isEmpty { break }
      candidates = next
    }
    candidates.removeAll { $0.utf8.count != wanted }
    if let title, !title.isEmpty {
      let plain = AreaCodes.plainName(title)
      let same = candidates.filter { AreaCodes.plainName(names[$0] ?? "") == plain }
      if same.count == 1 { return same[0] }
    }
    let digits = Array(code.utf8)
    var best: (code: String, distance: Int)?
    for candidate in candidates {
      let distance = AreaCodes.distance(digits, Array(candidate.utf8))
      if distance < best?.distance ?? 4 { best = (candidate, distance) }
    }
    return best?.code
  }
}

/// The editions of area codes that a survey knows.
package struct AreaCodes: Sendable {
  package var editions: [AreaEdition]

  package init(editions: [AreaEdition]) {
    self.editions = editions
  }

  package static let lengths: Set<Int> = [6, 9, 12]

  /// The code of the area above: of a village its township, of a township its county, of a county its league.
  package static func parent(of code: String) -> String? {
    switch code.utf8.count {
    case 12: String(code.prefix(9))
    case 9: String(code.prefix(6))
    case 6: code.hasSuffix("00") ? nil : String(code.prefix(4)) + "00"
    default: nil
    }
  }

  /// Whether a text is a code by its form: 6, 9 or 12 digits.
  package static func isCode(_ text: String) -> Bool {
    lengths.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }

  /// A name without what editions write differently at its end.
  package static func plainName(_ name: String) -> String {
    for suffix in [
      "嘎查村民委员会", "村民委员会", "居民委员会", "嘎查委员会", "街道办事处", "嘎查村委会", "村委会", "居委会", "嘎查", "社区", "街道", "村", "镇", "乡",
      "苏木",
    ] where name.hasSuffix(suffix) && name.count > suffix.count {
      return String(name.dropLast(suffix.count))
    }
    return name
  }

  /// Edit distance between two short byte strings.
  static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var previous = Array(0...right.count)
    for (place, byte) in left.enumerated() {
      var diagonal = previous[0]
      previous[0] = place + 1
      for other in right.indices {
        let above = previous[other + 1]
        previous[other + 1] = min(above + 1, previous[other] + 1, diagonal + (byte == right[other] ? 0 : 1))
        diagonal = above
      }
    }
    return previous[right.count]
  }
}
