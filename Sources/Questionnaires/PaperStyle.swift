/// The look of a paper form, on screen and on A4.
enum PaperStyle {
  /// The rules of the page.
  ///
  /// - Parameter footer: the words at the foot of each printed page.
  /// - Returns: the style sheet.
  static func text(footer: String) -> String {
    let plain = footer.filter { $0 != "\"" && $0 != "\\" && $0 != "<" }
    return """
      :root { --ink: #1a1a1a; --soft: #4f5963; --line: #8b96a1; }
      * { box-sizing: border-box; }
      body { margin: 0; color: var(--ink); background: #ffffff; font-size: 13px; line-height: 1.4;
        font-family: "Noto Sans CJK SC","SimHei","Microsoft YaHei","PingFang SC",Arial,sans-serif; }
      main { max-width: 190mm; margin: 0 auto; padding: 16px; }
      h1 { font-size: 20px; text-align: center; margin: 0; line-height: 1.3; }
      .subtitle { text-align: center; color: var(--soft); margin: 0 0 10px; font-size: 13px; }
      h2 { font-size: 14px; background: #e8edf2; margin: 14px 0 0; padding: 3px 8px; border: 1px solid var(--line); }
      p { margin: 0; }
      section > .skip, section > .note { padding: 3px 8px; border: 1px solid var(--line); border-top: 0; }
      .second { color: var(--soft); font-size: 0.92em; font-weight: 400; }
      .q { display: grid; grid-template-columns: 11mm 1fr 82mm; border: 1px solid var(--line); border-top: 0; }
      .q > div { padding: 3px 6px; }
      .q > div + div { border-left: 1px solid #c9d1d9; }
      .n { font-weight: 700; text-align: center; }
      .ask { font-weight: 600; }
      .hint, .skip { font-size: 11.5px; color: var(--soft); }
      .skip { font-style: normal; color: var(--ink); }
      .skip::before { content: "▶ "; font-size: 0.8em; }
      .office { background: #f6f7f9; }
      .a { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 4px; }
      ul { list-style: none; margin: 0; padding: 0; flex: 1 1 0; min-width: 0; }
      ul.long { columns: 2; column-gap: 8px; }
      li { break-inside: avoid; padding-left: 2.6em; text-indent: -2.6em; }
      li b { display: inline-block; min-width: 2.2em; text-indent: 0; text-align: center; }
      .boxes { display: inline-flex; text-indent: 0; vertical-align: middle; }
      .boxes i { width: 6mm; height: 7mm; border: 1px solid var(--ink); margin-left: -1px; background: #ffffff; }
      li .boxes { margin-right: 5px; } li .boxes i { width: 4mm; height: 4mm; }
      li .boxes + b { min-width: 0; }
      .dot { padding: 0 2px; font-weight: 400; }
      .line { flex: 1 1 100%; border-bottom: 1px solid var(--ink); height: 8mm; }
      .line.short { flex: 0 0 34mm; }
      @page { size: A4 portrait; margin: 12mm 12mm 15mm 14mm;
        @bottom-left { content: "\(plain)"; font-size: 7.5pt; color: #4f5963; }
        @bottom-right { content: counter(page) " / " counter(pages); font-size: 7.5pt; color: #4f5963; } }
      @media print {
        body { font-size: 9pt; }
        main { max-width: none; padding: 0; }
        h1 { font-size: 15pt; } h2 { font-size: 10pt; break-after: avoid; }
        section > .skip { break-after: avoid; }
        .hint, .skip { font-size: 8pt; }
        .q { break-inside: avoid; }
        h2, .office { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
      }
      """
  }
}
