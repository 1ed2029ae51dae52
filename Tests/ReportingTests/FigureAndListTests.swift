import Documents
import SurveyData
import SurveyEstimation
import SurveyReporting
import Testing

@Suite struct ForestPlotTests {
  private func row(_ index: Int, upper: Double = 0.03) -> ForestPlot.Row {
    ForestPlot.Row(
      name: "县\(index)",
      estimate: Double(index) / 10_000,
      lower: 0,
      upper: upper,
      verdict: .cannotTell,
      events: index,
      count: 400,
      reason: nil
    )
  }

  private func figures(_ rows: [ForestPlot.Row], _ limit: Limit = Limit(.atMost, 0.02)) -> [Figure] {
    ForestPlot(title: "t", rows: rows, limit: limit, language: .chinese).figures
  }

  @Test(
    "more than forty rows go on several figures, the worst first, none lost",
    arguments: [1, 40, 41, 103]
  )
  func pages(count: Int) {
    let figures = figures((0..<count).map { row($0) })
    #expect(figures.count == (count + 39) / 40)
    let names = figures.flatMap { texts(of: $0.svg).filter { $0.text.hasPrefix("县") }.map(\.text) }
    #expect(names == (0..<count).reversed().map { "县\($0)" })
  }

  @Test(
    "no two words of a figure overlap, at any limit and spread",
    arguments: [
      (Limit(.atMost, 0.02), 0.03), (Limit(.atMost, 0.02), 0.9), (Limit(.atMost, 0.001), 0.5),
      (Limit(.atLeast, 0.98), 0.02), (Limit(.atLeast, 0.9), 0.7), (Limit(.atMost, 0.5), 0.8),
    ]
  )
  func overlap(limit: Limit, spread: Double) {
    let isUpward = limit.side == .atLeast
    let rows = (0..<20).map { index -> ForestPlot.Row in
      let value = Double(index) / 400
      return ForestPlot.Row(
        name: index == 3 ? "莫力达瓦达斡尔族自治旗与鄂尔多斯市达拉特旗合并域" : "察哈尔右翼后旗 \(index)",
        estimate: isUpward ? 1 - value : value,
        lower: isUpward ? 1 - spread - value / 4 : 0,
        upper: isUpward ? 1 : min(1, spread + value / 4),
        verdict: [.shownBelow, .cannotTell, .shownAbove][index % 3],
        events: index,
        count: 512,
        reason: nil
      )
    }
    for figure in figures(rows, limit) {
      let boxes = texts(of: figure.svg)
      #expect(boxes.allSatisfy { $0.left >= 0 && $0.right <= 760 })
      for (index, box) in boxes.enumerated() {
        for other in boxes[(index + 1)...] {
          let isApart =
            box.right <= other.left || other.right <= box.left || abs(box.y - other.y) >= box.size * 0.95
          #expect(isApart, "\(box.text) over \(other.text)")
        }
      }
    }
  }

  @Test("figures hold only colours every PDF engine paints, and escape the names")
  func colours() {
    var hostile = row(1)
    hostile.name = "<a & \"b\">"
    let svg = figures([hostile])[0].svg
    for part in svg.split(separator: "\"") where part.hasPrefix("#") { #expect(part.utf8.count == 7) }
    #expect(!svg.contains("rgb(") && !svg.contains("hsl(") && !svg.contains("<a &"))
  }

  @Test("a row without a figure says why and stands last")
  func missing() {
    let gap = ForestPlot.Row(
      name: "县空",
      estimate: nil,
      lower: nil,
      upper: nil,
      verdict: nil,
      events: nil,
      count: 0,
      reason: "无样本"
    )
    let found = texts(of: figures([gap, row(2)])[0].svg).map(\.text)
    #expect(found.firstIndex(of: "县2") ?? 9 < found.firstIndex(of: "县空") ?? 0)
    #expect(found.contains("无样本"))
  }

  private struct Box {
    var text: String
    var left, right, y, size: Double
  }

  /// Where each `<text>` stands, by the measure the layout itself must respect.
  private func texts(of svg: String) -> [Box] {
    svg.split(separator: "\n").filter { $0.hasPrefix("<text") }.compactMap { line in
      func value(_ name: String) -> String? {
        guard let start = line.firstRange(of: " \(name)=\"") else { return nil }
        return String(line[start.upperBound...].prefix { $0 != "\"" })
      }
      guard let x = value("x").flatMap(Double.init), let y = value("y").flatMap(Double.init),
        let size = value("font-size").flatMap(Double.init), let open = line.firstIndex(of: ">")
      else { return nil }
      let text = String(line[line.index(after: open)...].dropLast("</text>".count))
      let width = TextMeasure.width(of: text, size: size)
      let left =
        switch value("text-anchor") {
        case "end": x - width
        case "middle": x - width / 2
        default: x
        }
      return Box(text: text, left: left, right: left + width, y: y, size: size)
    }
  }
}

@Suite struct VisitListTests {
  private let list = Table(columns: [
    Column("order", numbers: [1, 2, 1]), Column("role", texts: ["selected", "selected", "reserve"]),
    Column("code", texts: ["015012", "150122", "150123"]),
    Column("name_zh", texts: ["土默特左旗", "=托克托县", nil]),
    Column("county_population", numbers: [4, 4, 4]), Column("county_probability", numbers: [0.5, 0.5, .nan]),
    Column("inclusion_probability", numbers: [0.5, 0.5, .nan]), Column("weight", numbers: [2, 2, .nan]),
  ])

  @Test("headings are in both languages and the role in the language of the list")
  func headings() throws {
    let table = try #require(
      VisitList.document(
        list,
        headings: ["county": LocalizedText(zh: "旗县", en: "County")],
        language: .chinese
      ).tables.first
    )
    #expect(
      table.columns.map(\.heading).prefix(5) == [
        "顺序 / Order", "角色 / Role", "代码 / Code", "名称 / Name (Chinese)",
        "旗县 层内总数 N / County population N",
      ]
    )
    #expect(table.rows.map { $0[1] } == [.text("抽中"), .text("抽中"), .text("备选")])
  }

  @Test("codes stay text and what a reserve lacks stays empty")
  func cells() throws {
    let table = try #require(VisitList.document(list, language: .english).tables.first)
    #expect(table.columns[2].kind == .code && table.rows[0][2] == .text("015012"))
    #expect(table.columns[0].kind == .integer && table.columns[7].kind == .decimal(4))
    #expect(table.rows[2][7].isEmpty && table.rows[2][3].isEmpty)
    let csv = String(decoding: CSVWriter().bytes(of: table), as: UTF8.self)
    #expect(csv.contains("1,selected,015012,土默特左旗,4,0.5,0.5,2\r\n"))
    #expect(csv.contains("\"'=托克托县\"") && csv.contains("1,reserve,150123,,4,,,\r\n"))
  }

  @Test("a list read back from CSV prints the same as the one that was drawn")
  func readBack() throws {
    let texts = Table(
      columns: list.columns.map { column in
        Column(column.name, texts: (0..<list.rowCount).map { column.text(at: $0) })
      }
    )
    let drawn = VisitList.tables(list, title: "t", language: .english)[0]
    let read = VisitList.tables(texts, title: "t", language: .english)[0]
    #expect(CSVWriter().bytes(of: drawn) == CSVWriter().bytes(of: read))
    #expect(drawn.rows == read.rows)
  }

  @Test("counts and years of the frame are numbers in a workbook; ids, codes, strata and leading zeros stay text")
  func measures() throws {
    let frame = Table(columns: [
      Column("code", texts: ["15", "16"]), Column("unit_id", texts: ["1", "2"]),
      Column("rural_villages", texts: ["321", nil]), Column("exit_year", texts: ["2018", "2019"]),
      Column("area", texts: ["12.5", "3"]), Column("league_code", texts: ["15", "16"]),
      Column("group", texts: ["01", "02"]), Column("county", texts: ["150102", "150103"]),
      Column("village_stratum", texts: ["1", "0"]), Column("household", texts: ["1", "2"]),
    ])
    let table = try #require(VisitList.document(frame, ids: ["household"], language: .english).tables.first)
    #expect(table.columns.filter { $0.kind == .plain }.map(\.key) == ["rural_villages", "exit_year", "area"])
    #expect(table.rows[0].prefix(5) == [.text("15"), .text("1"), .number(321), .number(2018), .number(12.5)])
    #expect(table.rows[1][2].isEmpty && table.rows[1][6] == .text("02") && table.rows[1][9] == .text("2"))
  }

  @Test("facts about the draw come as a second table")
  func facts() {
    let tables = VisitList.tables(
      list,
      title: "t",
      facts: [(LocalizedText(zh: "凭证", en: "Receipt"), "abc")],
      language: .chinese
    )
    #expect(tables.count == 2 && tables[1].rows == [[.text("凭证 / Receipt"), .text("abc")]])
  }
}
