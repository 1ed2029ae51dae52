/// What a table has besides its cells when it is a form that people carry and fill in: a sheet of a workbook,
/// a page of paper.
package struct FormLayout: Sendable {
  /// The worksheet's name; cut and made unique where the form of file asks for it.
  package var sheetName: String
  /// Lines between title and heads, one row each, so that the heads of all forms stand in the same row.
  package var lead: [String]
  /// Rows before which a heavy line is drawn.
  package var ruledRows: Set<Int>
  /// Printed small at the foot of every page, one line each.
  package var footer: [String]
  /// What a person writes besides the table, each on a line of its own (signature, date).
  package var signatures: [String]
  /// Whether a workbook offers to filter the rows by what stands in them.
  package var hasFilter: Bool

  package init(
    sheetName: String,
    lead: [String] = [],
    ruledRows: Set<Int> = [],
    footer: [String] = [],
    signatures: [String] = [],
    hasFilter: Bool = false
  ) {
    self.sheetName = sheetName
    self.lead = lead
    self.ruledRows = ruledRows
    self.footer = footer
    self.signatures = signatures
    self.hasFilter = hasFilter
  }
}

extension DocumentColumn {
  /// What is filled in by hand in the cells of a column.
  package enum Entry: Sendable, Hashable {
    case text
    /// One of these; a workbook offers them as a drop-down list.
    case choice([String])
  }
}

extension FormLayout {
  /// How many narrow characters the columns of a form may have together, one more for each column's lines and
  /// padding, so that an upright page of A4 shows them at a size that reads well (8.5 pt).
  package static let uprightCapacity = 118
  /// The same of a page that lies on its side.
  package static let wideCapacity = 165
}

extension DocumentTable {
  /// The widths of a form's columns in narrow characters.
  var formWidths: [Int] {
    columns.enumerated().map { index, column in
      column.width ?? rows.reduce(4) { max($0, DisplayWidth.of($1[index].shown(as: column.kind))) }
    }
  }

  /// Whether a form needs a page that lies on its side.
  var isWideForm: Bool { formWidths.reduce(0) { $0 + $1 + 1 } > FormLayout.uprightCapacity }

  /// The row of a worksheet, counted from 1, in which the heads of a form stand.
  package static func headRow(leadLines: Int) -> Int { leadLines + 2 }
}
