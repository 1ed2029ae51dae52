internal import SurveyData

/// Area codes: their form, their edition, and the areas they lie in.
enum AreaRules {
  static let all = [
    CheckRule(
      "area-form",
      .areas,
      .stop,
      zh: "区划代码为 6、9 或 12 位数字",
      en: "Area codes have 6, 9 or 12 digits",
      fixZh: "前导零可能丢失；请将该列设为文本后重新导出。",
      fixEn: "Leading zeros may be lost: set the column to text and export again."
    ) { forms($0, &$1) },
    CheckRule(
      "area-unknown",
      .areas,
      .stop,
      zh: "区划代码在代码表中",
      en: "Area codes stand in the code list",
      fixZh: "请核对区划代码。",
      fixEn: "Check the area code."
    ) { unknown($0, &$1) },
    CheckRule(
      "area-edition",
      .areas,
      .warn,
      zh: "一列只用一个年份的区划代码",
      en: "A column holds the codes of one edition",
      fixZh: "请统一到 checks.areas 声明的年份。",
      fixEn: "Bring them to the edition declared under checks.areas."
    ) { editions($0, &$1) },
    CheckRule(
      "area-parent",
      .areas,
      .stop,
      zh: "村在乡镇、乡镇在旗县、旗县在盟市之中",
      en: "Villages lie in their township, county and league",
      fixZh: "请核对该行的各级代码。",
      fixEn: "Check the codes of the row."
    ) { parents($0, &$1) },
  ]

  private static let roles: [CheckedRole] = [.league, .county, .township, .village]

  /// The columns of area codes: those of a role, and a frame's ids that are codes by their form.
  private static func columns(of source: CheckedSource, _ survey: CheckedSurvey) -> [Column] {
    guard source.kind != .list, source.kind != .record else { return [] }
    var found = roles.compactMap { survey.column($0, in: source) }
    if let id = source.id, let column = source.table[id] { found.append(column) }
    var seen = Set<String>()
    return found.filter { column in
      guard seen.insert(column.name).inserted else { return false }
      // A column of names, or of households, is none of codes.
      let levels = column.codedText.levels
      let digits = levels.count { level in
        level.utf8.allSatisfy { (0x30...0x39).contains($0) } && level.utf8.count <= 12
      }
      let areCodes = levels.count { AreaCodes.isCode($0) }
      return !levels.isEmpty && digits * 10 >= levels.count * 9 && areCodes * 2 >= levels.count
    }
  }

  private static func forms(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources {
      for column in columns(of: source, survey) {
        let text = column.codedText
        let isFine = text.levels.map { AreaCodes.isCode($0) }
        run.count(source.rowCount)
        for row in 0..<source.rowCount where text.codes[row] >= 0 && !isFine[Int(text.codes[row])] {
          let value = text.levels[Int(text.codes[row])]
          let missing = AreaCodes.lengths.sorted().first { $0 > value.utf8.count && $0 - value.utf8.count <= 2 }
          let padded = missing.map { String(repeating: "0", count: $0 - value.utf8.count) + value }
          run.fail(
            source,
            row: row,
            column: column.name,
            value: value,
            zh: "不是 6、9 或 12 位数字。" + (padded.map { "是否为“\($0)”？" } ?? ""),
            en: "has not 6, 9 or 12 digits." + (padded.map { " Is it \"\($0)\"?" } ?? "")
          )
        }
      }
    }
  }

  /// The edition that a survey declares, else the one that knows most of a column's codes.
  private static func edition(for codes: [String], _ areas: AreaCodes, _ survey: CheckedSurvey) -> AreaEdition? {
    if let name = survey.settings.areaEdition { return areas.editions.first { $0.name == name } }
    return areas.editions.max { left, right in
      (codes.count { left.knows($0) }, right.name) < (codes.count { right.knows($0) }, left.name)
    }
  }

  private static func unknown(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    guard let areas = survey.areas, !areas.editions.isEmpty else {
      return run.note(
        zh: "没有代码表：请在 checks.areas 中给出。",
        en: "there is no code list: name one under checks.areas."
      )
    }
    var suggestionsLeft = 1_000
    for source in survey.sources {
      for column in columns(of: source, survey) {
        let text = column.codedText
        let codes = text.levels.filter { AreaCodes.isCode($0) }
        guard let edition = edition(for: codes, areas, survey) else { continue }
        let names = source.table["name_zh"] ?? source.table["name"]
        let isFine = text.levels.map { !AreaCodes.isCode($0) || edition.knows($0) }
        run.count(source.rowCount)
        for row in 0..<source.rowCount where text.codes[row] >= 0 && !isFine[Int(text.codes[row])] {
          let code = text.levels[Int(text.codes[row])]
          let others = areas.editions.filter { $0.name != edition.name && $0.knows(code) }
          let own = column.name == source.id ? names?.text(at: row) : nil
          let title = own ?? others.lazy.compactMap { $0.title(of: code) }.first
          suggestionsLeft -= 1
          let near = suggestionsLeft >= 0 ? edition.nearest(to: code, title: title) : nil
          let isKnown = others.map(\.name).joined(separator: ", ")
          let suggestion = near.map { "\($0) \(edition.title(of: $0) ?? "")" }
          run.fail(
            source,
            row: row,
            column: column.name,
            value: code,
            zh: (others.isEmpty ? "\(edition.name) 年代码表中没有。" : "是 \(isKnown) 年的代码，\(edition.name) 年已没有。")
              + (suggestion.map { "最近的是 \($0)。" } ?? ""),
            en: (others.isEmpty
              ? "is not in the code list of \(edition.name)."
              : "is of the edition \(isKnown) and not in that of \(edition.name).")
              + (suggestion.map { " The nearest is \($0)." } ?? "")
          )
        }
      }
    }
  }

  private static func editions(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    guard let areas = survey.areas, areas.editions.count > 1 else {
      return run.note(zh: "代码表只有一个年份或没有。", en: "there are not two editions of the code list.")
    }
    for source in survey.sources {
      for column in columns(of: source, survey) {
        let levels = column.codedText.levels.filter { AreaCodes.isCode($0) }
        let known = areas.editions.map { edition in levels.map { edition.knows($0) } }
        run.count(1)
        // Codes that one edition alone has.
        let own = areas.editions.indices.map { place in
          levels.indices.filter { index in
            known[place][index] && !known.indices.contains { $0 != place && known[$0][index] }
          }.map { levels[$0] }
        }
        let used = areas.editions.indices.filter { !own[$0].isEmpty }
        guard used.count > 1 else { continue }
        let parts = used.map { (areas.editions[$0].name, own[$0].count, own[$0].prefix(3).joined(separator: ", ")) }
        run.fail(
          source,
          row: nil,
          column: column.name,
          zh: "混用不同年份的代码：" + parts.map { "仅见于 \($0.0) 年的 \($0.1) 个（如 \($0.2)）" }.joined(separator: "，") + "。",
          en: "mixes editions: "
            + parts.map { "\($0.1) codes of \($0.0) only (such as \($0.2))" }.joined(separator: ", ") + "."
        )
      }
    }
  }

  private static func parents(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources where source.kind != .record {
      let areas = columns(of: source, survey)
      guard areas.count > 1 else { continue }
      // By the length of the codes, the finest first: each lies in every coarser one of its row.
      let texts = areas.map { ($0.name, $0.codedText) }
      for (name, text) in texts {
        let own = text.levels.map { AreaCodes.isCode($0) ? Array($0.utf8) : [] }
        for (aboveName, above) in texts where aboveName != name {
          let others = above.levels.map { AreaCodes.isCode($0) ? Array($0.utf8) : [] }
          var pairs = [UInt64: Bool]()
          for row in 0..<source.rowCount where source.isKept(row) {
            let code = text.codes[row]
            let other = above.codes[row]
            guard code >= 0, other >= 0 else { continue }
            let key = UInt64(UInt32(bitPattern: code)) << 32 | UInt64(UInt32(bitPattern: other))
            let fits = pairs[key] ?? lies(own[Int(code)], in: others[Int(other)])
            pairs[key] = fits
            run.count(1)
            if fits { continue }
            run.fail(
              source,
              row: row,
              column: name,
              value: text.levels[Int(code)],
              zh: "不在同一行的 \(aboveName) \(above.levels[Int(other)]) 之中。",
              en: "does not lie in \(aboveName) \(above.levels[Int(other)]) of the same row."
            )
          }
        }
      }
    }
  }

  /// Whether a finer code lies in a coarser one; `true` where nothing can be said.
  private static func lies(_ code: [UInt8], in above: [UInt8]) -> Bool {
    guard !code.isEmpty, !above.isEmpty else { return true }
    let isLeague = above.count == 6 && above[4] == 0x30 && above[5] == 0x30
    let isOwnLeague = code.count == 6 && code[4] == 0x30 && code[5] == 0x30
    let depth = isLeague ? 4 : above.count
    let ownDepth = isOwnLeague ? 4 : code.count
    guard ownDepth > depth else { return true }
    return code.prefix(depth).elementsEqual(above.prefix(depth))
  }
}
