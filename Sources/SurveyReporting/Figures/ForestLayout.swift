import Documents
import SurveyData
import SurveyEstimation

/// Where everything of a forest plot stands; lengths in the drawing's own units (760 wide).
struct ForestLayout {
  let axis: RateAxis
  private let words: Wording
  private let limit: Limit?
  private let labelWidth: Double
  private let figureWidth: Double
  private let countWidth: Double

  private static let width = 760.0
  private static let gap = 14.0
  private static let textSize = 13.0
  private static let smallSize = 11.5
  private static let lineHeight = 16.0
  private static let rowPadding = 5.0
  private static let top = 46.0
  private static let bottom = 62.0
  private static let pageHeight = 960.0
  private static let widestLabel = 216.0

  private static let ink = SVGCanvas.Color(0x1A1A1A)
  private static let soft = SVGCanvas.Color(0x5A6470)
  private static let grid = SVGCanvas.Color(0xDDE3EA)
  private static let band = SVGCanvas.Color(0xF5F7FA)
  private static let limitColor = SVGCanvas.Color(0x8A5A00)
  private static let paper = SVGCanvas.Color(0xFFFFFF)
  private static let good = SVGCanvas.Color(0x1F5FA8)
  private static let bad = SVGCanvas.Color(0xB3261E)

  init(plot: ForestPlot, words: Wording) {
    self.words = words
    limit = plot.limit
    let values = plot.rows.flatMap { [$0.estimate, $0.lower, $0.upper].compactMap { $0 } }
    axis = RateAxis(values: values, limit: plot.limit?.value)
    func widest(_ texts: [String]) -> Double {
      texts.map { TextMeasure.width(of: $0, size: Self.textSize) }.max() ?? 0
    }
    labelWidth = min(Self.widestLabel, widest(plot.rows.map(\.name)))
    let figureTexts = plot.rows.compactMap(Self.figureText)
    figureWidth = max(
      widest(figureTexts),
      TextMeasure.width(of: words.annex.plotEstimate, size: Self.smallSize)
    )
    countWidth = max(
      widest(plot.rows.map(Self.countText)),
      TextMeasure.width(of: words.annex.plotEvents, size: Self.smallSize)
    )
  }

  private var plotLeft: Double { labelWidth + Self.gap }
  private var plotRight: Double { Self.width - countWidth - figureWidth - 2 * Self.gap - 4 }

  /// The estimate with its interval, as text.
  static func figureText(_ row: ForestPlot.Row) -> String? {
    guard let estimate = row.estimate else { return nil }
    let value = NumberText.percent(estimate, digits: 2)
    guard let lower = row.lower, let upper = row.upper else { return "\(value) [—]" }
    return
      "\(value) [\(NumberText.fixed(lower * 100, digits: 2)), \(NumberText.fixed(upper * 100, digits: 2))]"
  }

  private static func countText(_ row: ForestPlot.Row) -> String {
    guard row.estimate != nil else { return "" }
    return row.events.map { "\($0)/\(row.count)" } ?? "\(row.count)"
  }

  /// Rows in runs that fit on a page, of nearly equal length.
  func pages(of rows: [ForestPlot.Row]) -> [[ForestPlot.Row]] {
    let room = Self.pageHeight - Self.top - Self.bottom
    let total = rows.reduce(0.0) { $0 + height(of: $1) }
    let count = max(
      1,
      Int((total / room).rounded(.up)),
      (rows.count + ForestPlot.rowsAtMost - 1) / ForestPlot.rowsAtMost
    )
    var pages: [[ForestPlot.Row]] = []
    var page: [ForestPlot.Row] = []
    var used = 0.0
    let share = (rows.count + count - 1) / count
    for row in rows {
      if !page.isEmpty, page.count >= share || used + height(of: row) > room {
        pages.append(page)
        page = []
        used = 0
      }
      page.append(row)
      used += height(of: row)
    }
    if !page.isEmpty { pages.append(page) }
    return pages
  }

  private func lines(of row: ForestPlot.Row) -> [String] {
    TextMeasure.wrap(row.name, size: Self.textSize, width: labelWidth)
  }

  private func height(of row: ForestPlot.Row) -> Double {
    Double(lines(of: row).count) * Self.lineHeight + Self.rowPadding
  }

  private func x(_ value: Double) -> Double {
    plotLeft + axis.position(value) * (plotRight - plotLeft)
  }

  func svg(of rows: [ForestPlot.Row]) -> String {
    let body = rows.reduce(0.0) { $0 + height(of: $1) }
    var canvas = SVGCanvas(width: Self.width, height: Self.top + body + Self.bottom)
    let floor = Self.top + body
    drawHeads(&canvas)
    var y = Self.top
    for (index, row) in rows.enumerated() where index % 2 == 1 {
      let above = rows[..<index].reduce(0.0) { $0 + height(of: $1) }
      canvas.rectangle(
        x: 0,
        y: Self.top + above,
        width: Self.width,
        height: height(of: row),
        fill: Self.band
      )
    }
    drawAxis(&canvas, floor: floor)
    for (index, row) in rows.enumerated() {
      draw(row, at: y, ground: index % 2 == 1 ? Self.band : Self.paper, on: &canvas)
      y += height(of: row)
    }
    drawLegend(&canvas, y: floor + 46, verdicts: Set(rows.compactMap(\.verdict)))
    return canvas.svg
  }

  private func drawHeads(_ canvas: inout SVGCanvas) {
    let y = Self.top - 9
    canvas.text(
      words.annex.plotEstimate,
      x: plotRight + Self.gap + figureWidth,
      y: y,
      size: Self.smallSize,
      color: Self.soft,
      anchor: .end
    )
    canvas.text(
      words.annex.plotEvents,
      x: Self.width - 4,
      y: y,
      size: Self.smallSize,
      color: Self.soft,
      anchor: .end
    )
    guard let limit else { return }
    // The limit's label has a line of its own above every other word, kept inside the drawing.
    let text = "\(words.annex.limitLine) \(words.limit(limit))"
    let half = TextMeasure.width(of: text, size: Self.textSize) / 2
    let center = min(max(x(limit.value), half + 2), Self.width - half - 2)
    canvas.text(
      text,
      x: center,
      y: 16,
      size: Self.textSize,
      color: Self.limitColor,
      anchor: .middle,
      bold: true
    )
  }

  private func drawAxis(_ canvas: inout SVGCanvas, floor: Double) {
    let ticks = axis.ticks.sorted()
    let ordered = axis.isMirrored ? Array(ticks.reversed()) : ticks
    var taken: [(from: Double, to: Double)] = []
    for tick in ordered {
      let text = trimmedPercent((tick * 1e8).rounded() / 1e8)
      let half = TextMeasure.width(of: text, size: Self.smallSize) / 2 + 5
      let at = x(tick)
      guard taken.allSatisfy({ at + half < $0.from || at - half > $0.to }) else { continue }
      taken.append((at - half, at + half))
      canvas.line(from: (at, Self.top), to: (at, floor), color: Self.grid)
      canvas.line(from: (at, floor), to: (at, floor + 4), color: Self.soft)
      canvas.text(text, x: at, y: floor + 17, size: Self.smallSize, color: Self.soft, anchor: .middle)
    }
    canvas.line(from: (plotLeft, floor), to: (plotRight, floor), color: Self.soft)
    if let limit {
      let at = x(limit.value)
      canvas.line(from: (at, 21), to: (at, floor), color: Self.limitColor, width: 1.4, dashed: true)
    }
  }

  private func draw(
    _ row: ForestPlot.Row,
    at y: Double,
    ground: SVGCanvas.Color,
    on canvas: inout SVGCanvas
  ) {
    let lines = lines(of: row)
    let middle = y + height(of: row) / 2
    for (index, line) in lines.enumerated() {
      let offset = (Double(index) - Double(lines.count - 1) / 2) * Self.lineHeight
      canvas.text(line, x: 2, y: middle + offset + 4.5, size: Self.textSize, color: Self.ink)
    }
    guard let estimate = row.estimate else {
      let reason = row.reason ?? "—"
      canvas.rectangle(
        x: plotLeft + 3,
        y: y,
        width: TextMeasure.width(of: reason, size: Self.smallSize) + 6,
        height: height(of: row),
        fill: ground
      )
      canvas.text(reason, x: plotLeft + 6, y: middle + 4.5, size: Self.smallSize, color: Self.soft)
      return
    }
    let color = color(of: row.verdict)
    if let lower = row.lower, let upper = row.upper {
      canvas.line(from: (x(lower), middle), to: (x(upper), middle), color: color, width: 1.8)
      for end in [lower, upper] {
        canvas.line(from: (x(end), middle - 4), to: (x(end), middle + 4), color: color, width: 1.3)
      }
    }
    mark(row.verdict, at: (x(estimate), middle), on: &canvas)
    if let text = Self.figureText(row) {
      canvas.text(
        text,
        x: plotRight + Self.gap + figureWidth,
        y: middle + 4.5,
        size: Self.textSize,
        color: Self.ink,
        anchor: .end
      )
    }
    canvas.text(
      Self.countText(row),
      x: Self.width - 4,
      y: middle + 4.5,
      size: Self.textSize,
      color: Self.ink,
      anchor: .end
    )
  }

  private func color(of verdict: Verdict?) -> SVGCanvas.Color {
    switch verdict {
    case .shownBelow: limit?.side == .atLeast ? Self.bad : Self.good
    case .shownAbove: limit?.side == .atLeast ? Self.good : Self.bad
    case .cannotTell, nil: Self.soft
    }
  }

  /// Shapes differ as well as colours, for print in grey and for colour-blind readers.
  private func mark(
    _ verdict: Verdict?,
    at point: (x: Double, y: Double),
    on canvas: inout SVGCanvas
  ) {
    let color = color(of: verdict)
    let (x, y) = point
    switch verdict {
    case .cannotTell, nil: canvas.circle(x: x, y: y, radius: 4.2, fill: Self.paper, stroke: color)
    case .shownBelow:
      canvas.circle(x: x, y: y, radius: 4.2, fill: color, stroke: color)
    case .shownAbove:
      canvas.polygon([(x, y - 5.5), (x + 5.5, y), (x, y + 5.5), (x - 5.5, y)], fill: color, stroke: color)
    }
  }

  private func drawLegend(_ canvas: inout SVGCanvas, y: Double, verdicts: Set<Verdict>) {
    let items: [(Verdict, String)] = [
      (.shownAbove, words.annex.plotLegendAbove), (.cannotTell, words.annex.plotLegendUnknown),
      (.shownBelow, words.annex.plotLegendBelow),
    ]
    var x = 8.0
    for (verdict, text) in items where verdicts.contains(verdict) {
      mark(verdict, at: (x, y - 4), on: &canvas)
      canvas.text(text, x: x + 12, y: y, size: Self.smallSize, color: Self.ink)
      x += 12 + TextMeasure.width(of: text, size: Self.smallSize) + 26
    }
  }
}
