import CXlsxWriter

/// The cell formats of one workbook, made once each.
struct WorkbookFormats {
  let title: UnsafeMutablePointer<lxw_format>?
  let note: UnsafeMutablePointer<lxw_format>?
  let reason: UnsafeMutablePointer<lxw_format>?
  /// Text above a form, over as many lines as it needs.
  let lead: UnsafeMutablePointer<lxw_format>?
  private let heads: [UnsafeMutablePointer<lxw_format>?]
  private let texts: [UnsafeMutablePointer<lxw_format>?]
  private let integer: UnsafeMutablePointer<lxw_format>?
  private let plain: UnsafeMutablePointer<lxw_format>?
  private let decimals: [UnsafeMutablePointer<lxw_format>?]
  private let percents: [UnsafeMutablePointer<lxw_format>?]
  private let formHeads: [UnsafeMutablePointer<lxw_format>?]
  private let formCells: [UnsafeMutablePointer<lxw_format>?]
  private let formEntries: [UnsafeMutablePointer<lxw_format>?]

  init(_ workbook: UnsafeMutablePointer<lxw_workbook>) {
    func format(
      _ alignment: DocumentColumn.Alignment? = nil,
      number: String? = nil,
      bold: Bool = false,
      head: Bool = false,
      color: UInt32? = nil,
      boxed: Bool = false,
      ruled: Bool = false,
      wraps: Bool = false
    ) -> UnsafeMutablePointer<lxw_format>? {
      guard let format = workbook_add_format(workbook) else { return nil }
      format_set_align(format, UInt8(LXW_ALIGN_VERTICAL_CENTER.rawValue))
      switch alignment {
      case .leading:
        format_set_align(format, UInt8(LXW_ALIGN_LEFT.rawValue))
        format_set_indent(format, 1)
      case .center: format_set_align(format, UInt8(LXW_ALIGN_CENTER.rawValue))
      case .trailing: format_set_align(format, UInt8(LXW_ALIGN_RIGHT.rawValue))
      case nil: break
      }
      if let number { format_set_num_format(format, number) }
      if bold { format_set_bold(format) }
      if let color { format_set_font_color(format, color) }
      if head {
        format_set_text_wrap(format)
        format_set_bg_color(format, 0xE8EEF4)
        format_set_bottom(format, UInt8(LXW_BORDER_THIN.rawValue))
      }
      if boxed { format_set_border(format, UInt8(LXW_BORDER_THIN.rawValue)) }
      if boxed || wraps { format_set_text_wrap(format) }
      if ruled { format_set_top(format, UInt8(LXW_BORDER_THICK.rawValue)) }
      return format
    }
    let places = 0...6
    title = format(bold: true)
    note = format(color: 0x555555)
    lead = format(wraps: true)
    reason = format(.trailing, color: 0x777777)
    heads = [.leading, .center, .trailing].map { format($0, bold: true, head: true) }
    // "@" keeps a code text when somebody edits the cell.
    texts = [.leading, .center, .trailing].map { format($0, number: "@") }
    integer = format(.trailing, number: "#,##0")
    plain = format(.trailing)
    decimals = places.map { format(.trailing, number: Self.pattern($0)) }
    percents = places.map { format(.trailing, number: Self.pattern($0) + "%") }
    let isRuled = [false, true]
    formHeads = [.leading, .center, .trailing].map { format($0, bold: true, head: true, boxed: true) }
    formCells = [.leading, .center, .trailing].flatMap { alignment in
      isRuled.map { format(alignment, number: "@", boxed: true, ruled: $0) }
    }
    // What people type stays as they typed it: a date, a code with leading zeros.
    formEntries = isRuled.map { format(.leading, number: "@", boxed: true, ruled: $0) }
  }

  func head(_ alignment: DocumentColumn.Alignment) -> UnsafeMutablePointer<lxw_format>? {
    heads[Self.index(alignment)]
  }

  func text(_ alignment: DocumentColumn.Alignment) -> UnsafeMutablePointer<lxw_format>? {
    texts[Self.index(alignment)]
  }

  func number(_ kind: DocumentColumn.Kind) -> UnsafeMutablePointer<lxw_format>? {
    switch kind {
    case .integer: integer
    case .plain: plain
    case .decimal(let digits): decimals[min(max(digits, 0), 6)]
    case .percent(let digits): percents[min(max(digits, 0), 6)]
    case .text, .code: texts[0]
    }
  }

  func formHead(_ alignment: DocumentColumn.Alignment) -> UnsafeMutablePointer<lxw_format>? {
    formHeads[Self.index(alignment)]
  }

  func formCell(_ column: DocumentColumn, isRuled: Bool) -> UnsafeMutablePointer<lxw_format>? {
    if column.entry != nil { return formEntries[isRuled ? 1 : 0] }
    return formCells[Self.index(column.alignment) * 2 + (isRuled ? 1 : 0)]
  }

  private static func index(_ alignment: DocumentColumn.Alignment) -> Int {
    switch alignment {
    case .leading: 0
    case .center: 1
    case .trailing: 2
    }
  }

  private static func pattern(_ digits: Int) -> String {
    digits == 0 ? "#,##0" : "#,##0." + String(repeating: "0", count: digits)
  }
}
