package import SurveyData
package import SurveyDesign

/// How the pages of a list are given to teams.
package enum TeamRule: Sendable, Hashable {
  /// One team a unit of the first stage; one team in all where pages are of the first stage themselves.
  case firstStage
  /// One team a value of a column of the list.
  case column(String)
  /// So many teams with neighbouring pages and about the same number of units.
  case count(Int)
}

/// What one team visits: pages, each of one village (or whatever the units lie in).
package struct TeamList: Sendable {
  /// A file name's stem: short, without anything that a file system could mind, unlike any other team's.
  package var name: String
  package var pages: [VisitPage]
  package var unitCount: Int { pages.reduce(0) { $0 + $1.rows.count } }
}

/// The units of one village: the selected in visiting order, then the reserves in theirs.
package struct VisitPage: Sendable {
  /// The id of what the units lie in; empty where nothing is above them.
  package var id: String
  package var name: String
  /// Where it lies: league, county, township, village with their codes, as far as the list says.
  package var place: [(heading: LocalizedText, text: String)]
  /// Rows of the list.
  package var rows: [Int]
  /// How many of the rows are selected units; the others are reserves.
  package var selectedCount: Int
}

/// A list divided into teams and pages.
package struct TeamLists: Sendable {
  package var teams: [TeamList]
  /// Rows that hold no unit of the last stage: reserves of an earlier one, which stay in the office.
  package var earlierReserves: [Int]

  /// - Parameters:
  ///   - list: with the columns of `list.csv`.
  ///   - stages: the draw's stages.
  ///   - rule: how teams are made.
  ///   - pageColumn: the column with one page a value; `nil`: the unit of the stage before the last; where there is
  ///     none, the column that makes the teams, or one page for all.
  ///   - headings: of stages and columns, by name.
  ///   - title: the name of a page that holds the whole list.
  ///   - language: of names where the list has more than one.
  /// - Throws: a refusal naming absent columns, pages that would be torn between teams, more teams than pages.
  package init(
    _ list: Table,
    stages: [ListedStage],
    rule: TeamRule,
    pageColumn: String?,
    headings: [String: LocalizedText],
    title: String,
    language: Language
  ) throws(InputRefusal) {
    let sections = ListSections(list, stages: stages, headings: headings, language: language)
    var pageColumn = pageColumn
    if stages.count == 1, pageColumn == nil, case .column(let name) = rule { pageColumn = name }
    let units = try list.column(stages[stages.count - 1].id)
    // Where nothing lies above the units, strata go to teams whole, because reserves stand in within them.
    var isWhole = false
    let pageIDs: Column?
    if let pageColumn {
      pageIDs = try list.column(pageColumn)
    } else if stages.count > 1 {
      pageIDs = try list.column(stages[stages.count - 2].id)
    } else if case .count = rule {
      pageIDs = try list.column("\(stages[0].name)_stratum")
      isWhole = true
    } else {
      pageIDs = nil
    }
    let roles = try list.column("role")
    var pages = [VisitPage]()
    var placeByID = [String: Int]()
    var reserves = [[Int]]()
    earlierReserves = []
    for row in 0..<list.rowCount {
      guard units.text(at: row) != nil else {
        earlierReserves.append(row)
        continue
      }
      let id = pageIDs?.text(at: row) ?? ""
      let place = placeByID[id] ?? pages.count
      if place == pages.count {
        placeByID[id] = place
        let name =
          if let pageColumn {
            sections.unitName(of: pageColumn, row: row).map { "\(id) \($0)" } ?? id
          } else {
            pageIDs == nil ? title : sections.pageName(row: row, id: id)
          }
        pages.append(VisitPage(id: id, name: name, place: sections.place(row: row), rows: [], selectedCount: 0))
        reserves.append([])
      }
      if roles.text(at: row) == "reserve" {
        reserves[place].append(row)
      } else {
        pages[place].rows.append(row)
      }
    }
    for place in pages.indices {
      pages[place].selectedCount = pages[place].rows.count
      pages[place].rows += reserves[place]
    }
    teams = []
    switch rule {
    case .firstStage:
      let isWithin = stages.count > (pageColumn == nil ? 2 : 1)
      teams = isWithin ? try Self.byColumn(stages[0].id, pages, list, sections) : [Self.one(pages, title)]
    case .column(let name): teams = try Self.byColumn(name, pages, list, sections)
    case .count(let count): teams = try Self.balanced(pages, count, file: list.file)
    }
    if isWhole {
      for place in teams.indices { teams[place].pages = [Self.joined(teams[place].pages, name: title)] }
    }
    Self.makeNamesUnlike(&teams)
  }

  private static func one(_ pages: [VisitPage], _ title: String) -> TeamList {
    TeamList(name: fileStem(title), pages: pages)
  }

  private static func joined(_ pages: [VisitPage], name: String) -> VisitPage {
    let selected = pages.flatMap { $0.rows.prefix($0.selectedCount) }
    let reserves = pages.flatMap { $0.rows.dropFirst($0.selectedCount) }
    return VisitPage(id: "", name: name, place: [], rows: selected + reserves, selectedCount: selected.count)
  }

  private static func byColumn(
    _ name: String,
    _ pages: [VisitPage],
    _ list: Table,
    _ sections: ListSections
  ) throws(InputRefusal) -> [TeamList] {
    let column = try list.column(name)
    var teams = [TeamList]()
    var placeByValue = [String: Int]()
    var torn = [Finding]()
    for page in pages {
      guard let first = page.rows.first else { continue }
      let value = column.text(at: first) ?? ""
      if let other = page.rows.first(where: { (column.text(at: $0) ?? "") != value }) {
        torn.append(
          Finding(
            "team-tears-page",
            file: list.file,
            row: list.fileRow(of: other),
            column: name,
            value: column.text(at: other),
            message: LocalizedText(
              zh: "“\(page.name)”的单位分属不同的组（\(value) 等）。",
              en: "units of \"\(page.name)\" have different teams (\(value) and others)."
            ),
            fix: LocalizedText(
              zh: "一页（一个村）只归一组：请换 --team-by 的列，或加 --sheet-by \(name)，按该列分页。",
              en: "A page goes to one team: name another column with --team-by, or add --sheet-by \(name)."
            )
          )
        )
        continue
      }
      let place = placeByValue[value] ?? teams.count
      if place == teams.count {
        placeByValue[value] = place
        let label = sections.unitName(of: name, row: first).map { "\(value)-\($0)" } ?? value
        teams.append(TeamList(name: fileStem(label), pages: []))
      }
      teams[place].pages.append(page)
    }
    guard torn.isEmpty else { throw InputRefusal(listing: torn) }
    return teams
  }

  /// Neighbouring pages to a fixed number of teams: team t ends at the page where the units so far come nearest
  /// to t / teams of all, so that no team is further from the mean than the largest page has units.
  private static func balanced(_ pages: [VisitPage], _ count: Int, file: String) throws(InputRefusal) -> [TeamList] {
    guard count >= 1, count <= pages.count else {
      throw InputRefusal(
        Finding(
          "teams-count",
          file: file,
          value: String(count),
          message: LocalizedText(
            zh: "个组；名单只有 \(pages.count) 份（村或层），每组至少一份。",
            en: "teams: the list has \(pages.count) parts (villages or strata), and each team needs one."
          ),
          fix: LocalizedText(zh: "请减少 --teams。", en: "Give fewer --teams.")
        )
      )
    }
    let total = pages.reduce(0) { $0 + $1.rows.count }
    let digits = String(count).count
    var teams = [TeamList]()
    var next = 0
    var sum = 0
    for team in 1...count {
      var own = [VisitPage]()
      while next < pages.count - (count - team) {
        let size = pages[next].rows.count
        // Nearer to the border without the page than with it; the first page is the team's in any case.
        let before = abs(sum * count - team * total)
        let after = abs((sum + size) * count - team * total)
        if team < count, !own.isEmpty, before <= after { break }
        own.append(pages[next])
        sum += size
        next += 1
      }
      let number = String(team)
      teams.append(
        TeamList(name: "team-" + String(repeating: "0", count: digits - number.count) + number, pages: own)
      )
    }
    return teams
  }

  private static func makeNamesUnlike(_ teams: inout [TeamList]) {
    var used: Set<String> = [earlierReservesName]
    for place in teams.indices {
      let base = teams[place].name
      var number = 2
      while !used.insert(teams[place].name.lowercased()).inserted {
        teams[place].name = "\(base)-\(number)"
        number += 1
      }
    }
  }

  /// The stem of the file with the reserves that stay in the office.
  package static let earlierReservesName = "office-reserves"

  /// A name as the stem of a file's name: what a file system could mind becomes a hyphen, at most 40 characters.
  package static func fileStem(_ name: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in name.unicodeScalars {
      let isPlain =
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_" || scalar == "."
      if isPlain {
        out.append(scalar)
      } else if out.last != "-" {
        out.append("-")
      }
      if out.count == 40 { break }
    }
    while out.first == "-" || out.first == "." { out.removeFirst() }
    while out.last == "-" || out.last == "." { out.removeLast() }
    return out.isEmpty ? "team" : String(out)
  }
}
