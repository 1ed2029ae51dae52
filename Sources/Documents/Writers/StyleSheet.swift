/// The look of the web page on screen and on A4 paper.
enum StyleSheet {
  static func text(for language: DocumentLanguage, layout: Document.Layout) -> String {
    switch layout {
    case .report: report(language)
    case .handouts: report(language) + "\n" + handouts
    }
  }

  private static func report(_ language: DocumentLanguage) -> String {
    let families =
      switch language {
      case .chinese:
        (
          body: "\"FangSong\",\"STFangsong\",\"FangSong_GB2312\",\"Noto Serif CJK SC\",\"SimSun\",serif",
          head: "\"SimHei\",\"Noto Sans CJK SC\",\"Microsoft YaHei\",\"PingFang SC\",sans-serif"
        )
      case .english:
        (
          body: "Georgia,\"Times New Roman\",\"Noto Serif CJK SC\",serif",
          head: "\"Helvetica Neue\",Arial,\"Noto Sans CJK SC\",sans-serif"
        )
      }
    return """
      :root { --ink: #1a1a1a; --soft: #5a6470; --line: #9aa5b1; --fill: #eef2f6; }
      * { box-sizing: border-box; }
      html { -webkit-text-size-adjust: 100%; }
      body { margin: 0; color: var(--ink); background: #ffffff; font-family: \(families.body);
        font-size: 16px; line-height: 1.7; }
      main { max-width: 1240px; margin: 0 auto; padding: 32px 24px 64px; }
      p, dl, figcaption, .notes { max-width: 52em; }
      h1, h2, h3, h4, h5, caption, th, td, figcaption, .notes, dt { font-family: \(families.head); }
      h1 { font-size: 28px; line-height: 1.35; text-align: center; margin: 0 0 8px; text-wrap: balance; }
      .subtitle { text-align: center; color: var(--soft); margin: 0 auto 32px; }
      h2 { font-size: 21px; margin: 40px 0 12px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
      h3 { font-size: 17px; margin: 28px 0 8px; }
      h4, h5 { font-size: 16px; margin: 20px 0 6px; }
      p { margin: 0 0 12px; }
      .note { border-left: 3px solid var(--line); padding: 2px 0 2px 12px; color: var(--soft); }
      .scroll { overflow-x: auto; margin: 12px 0 24px; }
      table { border-collapse: collapse; font-size: 13px; line-height: 1.4; width: 100%;
        font-variant-numeric: tabular-nums; border-top: 2px solid var(--ink);
        border-bottom: 2px solid var(--ink); }
      caption { text-align: left; font-weight: 700; font-size: 14px; padding: 0 0 6px; }
      th, td { padding: 4px 6px; vertical-align: top; text-align: left; overflow-wrap: break-word; }
      thead th { background: var(--fill); border-bottom: 1px solid var(--ink); font-weight: 700;
        vertical-align: bottom; }
      tbody tr + tr > * { border-top: 1px solid #dde3ea; }
      tbody th { font-weight: 400; }
      .r { text-align: right; } .c { text-align: center; }
      tbody .r, tbody .n { white-space: nowrap; }
      .code { font-family: "DejaVu Sans Mono", Consolas, "Noto Sans Mono CJK SC", monospace;
        font-size: 12px; }
      td.code { overflow-wrap: anywhere; }
      thead .code { font-family: \(families.head); font-size: inherit; }
      .reason { color: var(--soft); text-align: center; }
      .notes { font-size: 12.5px; color: var(--soft); margin: 6px 0 0; padding-left: 18px; line-height: 1.5; }
      dl { margin: 0 0 16px; }
      dl > div { display: flex; gap: 16px; padding: 3px 0; border-bottom: 1px solid #e4e9ef; }
      dt { flex: 0 0 12em; font-weight: 700; font-size: 14px; }
      dd { flex: 1 1 0; margin: 0; min-width: 0; overflow-wrap: anywhere; }
      figure { margin: 16px 0 24px; }
      figure svg { display: block; width: 100%; max-width: 900px; height: auto; }
      figcaption { font-size: 13.5px; margin-top: 6px; }
      @page { size: A4 portrait; margin: 37mm 26mm 35mm 28mm; }
      @page wide { size: A4 landscape; margin: 20mm 18mm 18mm 18mm; }
      @media print {
        body { font-size: 12pt; line-height: 1.6; }
        main { max-width: none; margin: 0; padding: 0; }
        p, dl, figcaption, .notes { max-width: none; }
        h1 { font-size: 20pt; } h2 { font-size: 15pt; margin-top: 18pt; } h3 { font-size: 12.5pt; }
        h2, h3, h4, caption { break-after: avoid; }
        .notes { break-before: avoid; }
        .wide { page: wide; }
        .scroll { overflow: visible; margin: 6pt 0 14pt; }
        table { font-size: 8.5pt; }
        .wide table { font-size: 7.8pt; }
        caption { font-size: 10pt; }
        th, td { padding: 2.5pt 3pt; }
        tbody .code { font-size: 7pt; }
        thead { display: table-header-group; break-inside: avoid; break-after: avoid; }
        tbody, tbody tr:first-child { break-before: avoid; }
        tr, figure, dl > div, .short { break-inside: avoid; }
        thead tr, tbody tr:nth-child(-n+2), tbody tr:nth-last-child(2) { break-after: avoid; }
        .wide > h2:first-child { margin-top: 0; }
        .notes { font-size: 8pt; }
        figure svg { max-width: none; max-height: 205mm; }
        figcaption { font-size: 10pt; }
        thead th, svg { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        .break { break-before: page; }
      }
      """
  }

  /// A page for each form, with room to write; a printed page shows as much as it can hold.
  private static let handouts = """
    .handout { max-width: 210mm; margin: 0 auto 48px; }
    .handout.wide { max-width: 297mm; }
    .handout h2 { margin: 0 0 4px; border: 0; }
    .handout .lead { margin: 0 0 3px; font-size: 14px; line-height: 1.45; max-width: none; }
    .handout table { border: 0; margin-top: 8px; }
    .handout th, .handout td { border: 1px solid var(--line); vertical-align: middle; padding: 3px 4px;
      height: 30px; }
    .handout tbody .code { font-size: 11px; overflow-wrap: normal; }
    .handout tbody .code, .handout tbody .c, .handout tbody .n { white-space: nowrap; }
    .handout thead th { text-align: center; vertical-align: middle; font-size: 0.9em; padding: 2px 1px;
      word-break: keep-all; overflow-wrap: normal; }
    .handout .ruled > * { border-top: 3px solid var(--ink); }
    .handout .again td { border: 0; height: auto; padding: 0 0 2px; text-align: right; font-size: 11px;
      color: var(--soft); }
    .handout tfoot td { border: 0; height: auto; padding: 4px 0 0; text-align: left; color: var(--soft);
      font-size: 10px; line-height: 1.35; overflow-wrap: anywhere; }
    .handout .notes { max-width: none; padding-left: 0; list-style: none; }
    .signatures { display: flex; flex-wrap: wrap; gap: 14px 28px; margin: 22px 0 0; }
    .signatures div { display: flex; flex: 0 0 calc(50% - 14px); align-items: flex-end; font-size: 14px; }
    .signatures span { flex: 1 1 0; border-bottom: 1px solid var(--ink); margin-left: 6px; height: 1.9em; }
    @page { size: A4 portrait; margin: 12mm 12mm 12mm 14mm; }
    @page wide { size: A4 landscape; margin: 14mm 12mm 12mm 12mm; }
    @media print {
      .handout, .handout.wide { max-width: none; margin: 0; }
      .handout + .handout { break-before: page; }
      .handout h2 { font-size: 14pt; }
      .handout .lead { font-size: 9.5pt; }
      .handout table, .handout.wide table { font-size: 8.5pt; }
      .handout th, .handout td { height: 7mm; padding: 1pt 2pt; }
      .handout tbody .code { font-size: 7.5pt; }
      .handout tfoot { display: table-footer-group; }
      .handout .again td { font-size: 7.5pt; height: auto; }
      .handout tfoot td { font-size: 6.5pt; height: auto; padding-top: 3pt; }
      .signatures { break-inside: avoid; }
      .signatures div { font-size: 10.5pt; }
    }
    """
}
