internal import SurveyData
internal import SurveyEstimation
internal import TabularFiles

/// The register's persons by area: remaining poor, exited, not registered, and the rural population.
///
/// One row an area, whose codes stand in columns named as the variables of domains; a domain has the sum of the rows that
/// agree with it. Every area of the population is in it, surveyed or not.
struct RegisterTotals: Sendable {
  /// The columns of counts, in the order of the formula.
  static let columns = ["remaining", "exited", "unregistered", "population"]

  private struct Area: Sendable {
    var codes: [String]
    var counts: CompositeIncidence.Register
  }

  let path: String
  /// The variables of domains that areas are named by.
  let variables: [String]
  private var areas: [Area] = []
  /// Areas of the sample that have no row.
  private var missing: [[String]] = []

  /// - Parameters:
  ///   - path: of the file.
  ///   - known: variables of domains.
  /// - Throws: a refusal with every row that cannot be used.
  init(path: String, variables known: [String]) throws {
    self.path = path
    let table = try readTable(path: path, options: ReadOptions(identifiers: Set(known))).table
    variables = known.filter { table[$0] != nil }
    var findings: [Finding] = []
    var columns: [[Double]] = []
    for name in Self.columns {
      do throws(InputRefusal) {
        columns.append(try Expression(column: name).numbers(over: table))
      } catch {
        findings += error.findings
      }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    let codes = variables.compactMap { table[$0] }
    var seen: [[String]: Int] = [:]
    for row in 0..<table.rowCount {
      let counts = columns.map { $0[row] }
      var isSound = true
      for (name, value) in zip(Self.columns, counts) where !(value.isFinite && value >= 0) {
        isSound = false
        findings.append(
          Self.finding(
            "register-count",
            table,
            row,
            name,
            zh: "人数缺失或为负。",
            en: "the count is missing or negative.",
            fix: LocalizedText(
              zh: "请补上建档人数，没有则写 0。",
              en: "Fill in the persons of the register, 0 where there are none."
            )
          )
        )
      }
      let register = CompositeIncidence.Register(counts)
      if isSound, !register.isConsistent {
        findings.append(
          Self.finding(
            "register-parts",
            table,
            row,
            "population",
            zh: "剩余、脱贫与未建档人口之和 \(shortest(counts[0] + counts[1] + counts[2])) 超过农村人口，或农村人口为零。",
            en:
              "remaining, exited and unregistered persons are \(shortest(counts[0] + counts[1] + counts[2])) together: "
              + "more than the population, or the population is 0.",
            fix: LocalizedText(zh: "请核对四个数，单位均为人。", en: "Check the four counts; all are persons.")
          )
        )
      }
      let own = codes.map { $0.text(at: row) ?? "" }
      for (column, code) in zip(codes, own) where code.isEmpty {
        findings.append(
          Self.finding(
            "register-code",
            table,
            row,
            column.name,
            zh: "缺少地区代码。",
            en: "the code of the area is missing.",
            fix: LocalizedText(zh: "请补上。", en: "Fill it in.")
          )
        )
      }
      if let before = seen.updateValue(row, forKey: own) {
        findings.append(
          Self.finding(
            "register-twice",
            table,
            row,
            variables.last ?? "",
            zh: "与第 \(table.fileRow(of: before)) 行是同一地区。",
            en: "the same area as in row \(table.fileRow(of: before)).",
            fix: LocalizedText(zh: "每个地区一行。", en: "Keep one row an area.")
          )
        )
      }
      areas.append(Area(codes: own, counts: register))
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
  }

  /// Looks for the areas of a sample; domains with one that has no row then have no counts.
  ///
  /// - Returns: a note naming them.
  /// - Throws: a refusal for a variable that the sample lacks.
  mutating func lookUp(_ sample: Table) throws(InputRefusal) -> [Finding] {
    guard !variables.isEmpty else { return [] }
    var known = Set<[String]>()
    for area in areas { known.insert(area.codes) }
    let columns = try variables.map { name throws(InputRefusal) in try sample.column(name).codedText }
    var seen = Set<[Int32]>()
    for row in 0..<sample.rowCount {
      let codes = columns.map { $0.codes[row] }
      guard codes.allSatisfy({ $0 >= 0 }), seen.insert(codes).inserted else { continue }
      let area = zip(columns, codes).map { $0.levels[Int($1)] }
      if !known.contains(area) { missing.append(area) }
    }
    missing.sort { $0.lexicographicallyPrecedes($1) { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    return missing.map { area in
      Finding(
        "register-area-missing",
        severity: .note,
        file: path,
        column: variables.joined(separator: ", "),
        value: area.joined(separator: ", "),
        message: LocalizedText(
          zh: "建档数中没有这个地区：它与包含它的各级地区没有综合贫困发生率。",
          en: "the register has no such area: it has no composite rate, nor have the larger areas that it lies in."
        ),
        fix: LocalizedText(zh: "请补上该地区一行。", en: "Add a row for the area.")
      )
    }
  }

  /// The counts of a domain; `nil` where they are not known.
  func counts(of domain: [DomainValue]) -> CompositeIncidence.Register? {
    var wanted: [(place: Int, code: String)] = []
    for value in domain {
      guard let place = variables.firstIndex(of: value.variable) else { return nil }
      wanted.append((place, value.value))
    }
    func agrees(_ codes: [String]) -> Bool { wanted.allSatisfy { codes[$0.place] == $0.code } }
    if missing.contains(where: agrees) { return nil }
    let own = areas.filter { agrees($0.codes) }
    guard let first = own.first else { return nil }
    return own.dropFirst().reduce(first.counts) { $0 + $1.counts }
  }

  private static func finding(
    _ code: String,
    _ table: Table,
    _ row: Int,
    _ column: String,
    zh: String,
    en: String,
    fix: LocalizedText
  ) -> Finding {
    Finding(
      code,
      file: table.file,
      sheet: table.sheet,
      row: table.fileRow(of: row),
      column: column,
      value: table[column]?.text(at: row),
      message: LocalizedText(zh: zh, en: en),
      fix: fix
    )
  }
}
