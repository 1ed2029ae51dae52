internal import Documents
internal import SampleDrawing
package import SurveyData
internal import SurveyDesign
internal import SurveyReporting
internal import TabularFiles

/// What a set of printed selection tables is made for.
package struct SelectionTableOrder: Sendable {
  /// What draws must share to give a unit the same number (protocol §2).
  package var group: String
  /// The stage that draws the units of a village.
  package var stage: String
  /// The ids of the villages, one table each.
  package var units: [String]
  /// The name of the county of each village, where it is known: each county's tables are a file of their own.
  package var counties: [String: String] = [:]
  /// The longest list that a table serves.
  package var limit: Int
  /// What is taken, as the plan says it; nil where only the team knows.
  package var take: String?
  package var rotation: Double
  package var seed: SeedSource
  package var weakSeedReason: String?
  /// The folder to make.
  package var folder: String

  package init(
    group: String,
    stage: String,
    units: [String],
    limit: Int,
    take: String? = nil,
    rotation: Double = 0,
    seed: SeedSource,
    weakSeedReason: String? = nil,
    folder: String
  ) {
    self.group = group
    self.stage = stage
    self.units = units
    self.limit = limit
    self.take = take
    self.rotation = rotation
    self.seed = seed
    self.weakSeedReason = weakSeedReason
    self.folder = folder
  }
}

extension SurveyFolder {
  /// Tables for the last stage of a draw of the survey file.
  ///
  /// - Parameters:
  ///   - name: of the draw.
  ///   - units: the villages; empty for those that `draw --until` gave.
  ///   - limit: the longest list that a table serves.
  ///   - seed: where the seed comes from.
  /// - Returns: the order.
  /// - Throws: an `InputRefusal` where the stage is not drawn by `srs`, or no villages are known.
  package func selectionTableOrder(
    _ name: String,
    units: [String],
    limit: Int,
    seed: SeedSource
  ) throws -> SelectionTableOrder {
    let definition = try draw(name)
    guard let stage = definition.stages.last?.plan else { throw InputRefusal([]) }
    guard stage.method == "srs" else {
      throw InputRefusal(
        Finding(
          "table-method",
          file: path + "/survey.yaml",
          value: stage.method,
          message: LocalizedText(
            zh: "阶段“\(stage.name)”不是简单随机抽样，不能用现场抽户表。",
            en: "stage \"\(stage.name)\" is not drawn by srs, which is what a printed table can do."
          ),
          fix: LocalizedText(zh: "请把该阶段的方法改为 srs。", en: "Draw this stage by srs.")
        )
      )
    }
    let drawn = units.isEmpty ? try drawnUnits(name, before: definition) : nil
    var order = SelectionTableOrder(
      group: group(of: name),
      stage: stage.name,
      units: drawn?.units ?? units,
      limit: limit,
      take: TakeText.text(stage.take),
      rotation: stage.rotation,
      seed: seed,
      folder: drawPath(name) + "-tables"
    )
    order.counties = drawn?.counties ?? [:]
    return order
  }

  /// The villages of the list that `draw --until` wrote for the stage before the last one, and the names of their
  /// counties (units of the first stage) where there is a stage above them.
  private func drawnUnits(
    _ name: String,
    before definition: DrawDefinition
  ) throws -> (units: [String], counties: [String: String]) {
    let names = definition.stages.dropLast().map(\.plan.name)
    guard let last = names.last else { return ([], [:]) }
    let list = drawPath(name, until: last) + "/" + DrawFiles.list
    guard exists(list) else {
      throw InputRefusal(
        Finding(
          "table-units",
          file: list,
          message: LocalizedText(
            zh: "没有抽到“\(last)”的名单，不知道为哪些单元印表。",
            en: "is not there: it is not known for which units tables are to be made."
          ),
          fix: LocalizedText(
            zh: "请先运行 mingcha draw … --until \(last)，或用 --unit 指明。",
            en: "Run mingcha draw … --until \(last) first, or name them with --unit."
          )
        )
      )
    }
    let (table, _) = try readTable(path: list)
    let units = try DrawnList.units(of: table, stage: names.count - 1, stageNames: names).selected
    let ids = listedIDColumns(of: table, stageNames: names)
    guard ids.count > 1, let above = table[ids[0]], let own = table[ids[ids.count - 1]] else { return (units, [:]) }
    let title: Column? = table["name_zh"] ?? table["name"]
    var counties = [String: String]()
    for row in 0..<table.rowCount {
      guard let unit = own.text(at: row), let county = above.text(at: row) else { continue }
      counties[unit] = [county, title?.text(at: row)].compactMap { $0 }.joined(separator: "-")
    }
    return (units, counties)
  }
}

/// Makes the tables and writes them into a new folder: one page a village, one file a county, and one CSV of all.
///
/// - Returns: the paths written.
/// - Throws: an `InputRefusal` for seed, names and limits that the protocol does not admit; a `WritingError`.
package func writeSelectionTables(_ order: SelectionTableOrder, language: Language) throws -> [String] {
  try NewFolder.check(order.folder)
  let seed = try order.seed.seed(weakReason: order.weakSeedReason)
  let key = try DrawKey(seed: seed.text, group: order.group, stage: order.stage)
  if order.units.isEmpty {
    throw InputRefusal(
      Finding(
        "table-units",
        message: LocalizedText(zh: "没有要印表的单元。", en: "there is no unit to make a table for."),
        fix: LocalizedText(zh: "请用 --unit 指明村。", en: "Name the villages with --unit.")
      )
    )
  }
  var tables = [SelectionTable]()
  var findings = [Finding]()
  for unit in order.units {
    do throws(InputRefusal) {
      tables.append(try SelectionTable(unit: unit, limit: order.limit, key: key, rotation: order.rotation))
    } catch {
      findings += error.findings
    }
  }
  if !findings.isEmpty { throw InputRefusal(listing: findings) }
  var counties = [String]()
  var tablesOf = [String: [SelectionTable]]()
  for table in tables {
    let county = order.counties[table.unit].map(TeamLists.fileStem) ?? ""
    if tablesOf[county] == nil { counties.append(county) }
    tablesOf[county, default: []].append(table)
  }
  let pages = counties.map { "selection-tables" + ($0.isEmpty ? "" : "-" + $0) + ".html" }
  let csv = "selection-tables.csv"
  try NewFolder.write(order.folder) { folder in
    for (county, page) in zip(counties, pages) {
      let document = order.document(tablesOf[county] ?? [], commitment: seed.commitment.hex, language: language)
      try HTMLWriter().write(document, to: folder + "/" + page, overwrite: false)
    }
    try AtomicFile.write(csvBytes(of: plain(tables)), to: folder + "/" + csv, overwrite: false)
  }
  return (pages + [csv]).map { order.folder + "/" + $0 }
}

/// One line a number: unit, place in the order, number, id.
private func plain(_ tables: [SelectionTable]) -> Table {
  var columns: [[String?]] = [[], [], [], []]
  for table in tables {
    for (place, number) in table.numbers.enumerated() {
      columns[0].append(table.unit)
      columns[1].append(String(place + 1))
      columns[2].append(String(number))
      columns[3].append(SelectionTable.id(number, in: table.unit))
    }
  }
  return Table(
    columns: zip(["unit", "place", "number", "id"], columns).map { Column($0, texts: $1) },
    rowCount: columns[0].count
  )
}

extension SelectionTableOrder {
  /// So many numbers a row keep a page upright.
  private var perRow: Int { limit < 1000 ? 20 : 10 }

  fileprivate func document(_ tables: [SelectionTable], commitment: String, language: Language) -> Document {
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    // The cover stays in the office; each village's page goes into an envelope of its own.
    var blocks: [Document.Block] = [
      .definitions([
        Document.Definition(word("组名", "Group"), group), Document.Definition(word("阶段", "Stage"), stage),
        Document.Definition(word("种子的承诺值", "Commitment to the seed"), commitment),
        Document.Definition(word("单元数", "Units"), String(tables.count)),
        Document.Definition(word("最大编号", "Greatest number"), String(limit)),
      ]),
      .note(
        word(
          "每村一页，装入信封封存，编号结束后当场拆开。事先看过的人可以安排哪一户得到会抽中的号码。",
          "One page a village, each in a sealed envelope that is opened when the numbering is over. Whoever reads it "
            + "before can choose which household gets a number that is drawn."
        )
      ),
    ]
    for table in tables {
      blocks.append(.pageBreak)
      blocks.append(.heading(level: 1, word("\(table.unit) 现场抽户表", "\(table.unit): selection table")))
      blocks += instructions(table, word).map { .paragraph($0) }
      blocks.append(.table(grid(table, title: word("按行从左到右读", "Read row by row, from left to right"))))
      blocks.append(
        .paragraph(
          word(
            "总户数\u{A0}N\u{A0}______ 日期\u{A0}________ 调查员\u{A0}_________ 见证人\u{A0}_________",
            "N\u{A0}______ Date\u{A0}________ Interviewer\u{A0}_________ Witness\u{A0}_________"
          )
        )
      )
    }
    return Document(
      title: word("现场抽户表", "Selection tables"),
      language: language.forDocuments,
      blocks: blocks
    )
  }

  private func instructions(_ table: SelectionTable, _ word: (String, String) -> String) -> [String] {
    var lines = [
      word(
        "一、编号结束前不得拆看本页。先将全村各户按走到的先后编为 1、2、3……，不留空号，记下总户数 N。",
        "1. Keep this page sealed until the numbering is over. Number the households 1, 2, 3, … as they are met, "
          + "without a gap, and write down N, the last number."
      ),
      word(
        "二、按行读表，划去大于 N 的号码；余下最前面的 n 个为样本，其后依次为备选。各类户样本量不同时，每类各读一遍，只数该类的号码。",
        "2. Read the table row by row and strike out every number greater than N. The first n that are left are the "
          + "sample, those after them the reserves, in this order. Where classes have their own sizes, read it once a "
          + "class and count the numbers of that class only."
      ),
      word(
        "三、录入名单时，第 k 号户的编号写作 \(table.unit)/k。N 大于 \(limit) 时本表不够用，请先联系总部。",
        "3. In the list that is typed in, household number k has the id \(table.unit)/k. Where N is greater than "
          + "\(limit) the table is too short: call the office before going on."
      ),
    ]
    if let take { lines.append(word("样本量 n：\(take)", "Sample size n: \(take)")) }
    return lines
  }

  private func grid(_ table: SelectionTable, title: String) -> DocumentTable {
    let columns = (0...perRow).map { column in
      DocumentColumn("c\(column)", column == 0 ? "" : "\(column)", .code, alignment: .trailing)
    }
    let rows = stride(from: 0, to: table.numbers.count, by: perRow).map { begin -> [Cell] in
      [.text("\(begin / perRow + 1):")]
        + (begin..<begin + perRow).map { place in
          .text(place < table.numbers.count ? String(table.numbers[place]) : "")
        }
    }
    return DocumentTable(key: "numbers", title: title, columns: columns, rows: rows)
  }
}
