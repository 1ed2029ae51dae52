internal import SurveyData

/// A column wanted from a file, and whether it is wanted as text or as numbers.
package struct ColumnRequest: Sendable, Hashable {
  package enum Kind: Sendable, Hashable { case text, number }

  package var name: String
  package var kind: Kind

  package init(_ name: String, _ kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

/// The encodings in which text files are read.
package enum TextEncoding: String, Sendable, CaseIterable {
  case utf8 = "utf-8"
  case utf16LittleEndian = "utf-16le"
  case utf16BigEndian = "utf-16be"
  case gb18030
}

/// What becomes of values that carry a label, in files that have labels.
package enum LabelChoice: String, Sendable, CaseIterable {
  /// The value itself, such as 1.
  case codes
  /// Its label, such as 城镇; a value without one stays.
  case labels
}

/// What is read from a file and what is taken for granted about it; `nil` means: find out.
package struct ReadOptions: Sendable {
  /// The worksheet; needed only where several hold data.
  package var sheet: String?
  /// The row that holds the column names, counted from 1; rows above it are skipped.
  package var headerRow: Int?
  /// The columns wanted; `nil` reads all of them as text.
  ///
  /// Others are skipped over.
  package var columns: [ColumnRequest]?
  package var delimiter: Character?
  package var encoding: TextEncoding?
  /// Texts that stand for a missing number besides the empty cell.
  package var missingNumbers: Set<String>
  /// Takes the value that a spreadsheet stored for a formula; otherwise formulas are refused.
  package var allowsFormulas: Bool
  /// Columns of codes or identity numbers: a worksheet cell that holds one as a number beyond fifteen
  /// digits is refused.
  package var identifiers: Set<String>
  /// Of files that have labels.
  package var labels: LabelChoice
  /// Takes values that the file declares missing as they stand; otherwise they are missing, and counted.
  package var keepsDeclaredMissing: Bool
  /// Text files are cut into blocks of about this many bytes; never changes what is read.
  package var blockSize: Int

  package init(
    sheet: String? = nil,
    headerRow: Int? = nil,
    columns: [ColumnRequest]? = nil,
    delimiter: Character? = nil,
    encoding: TextEncoding? = nil,
    missingNumbers: Set<String> = Column.missingNumberTexts,
    allowsFormulas: Bool = false,
    identifiers: Set<String> = [],
    labels: LabelChoice = .codes,
    keepsDeclaredMissing: Bool = false,
    blockSize: Int = 4 << 20
  ) {
    self.sheet = sheet
    self.headerRow = headerRow
    self.columns = columns
    self.delimiter = delimiter
    self.encoding = encoding
    self.missingNumbers = missingNumbers
    self.allowsFormulas = allowsFormulas
    self.identifiers = identifiers
    self.labels = labels
    self.keepsDeclaredMissing = keepsDeclaredMissing
    self.blockSize = max(1, blockSize)
  }

  /// The columns to deliver for a header: where each stands in the file, and its kind.
  func selection(from header: [String], file: String, sheet: String?) throws(InputRefusal) -> [SelectedColumn] {
    guard let columns else {
      return header.indices.map { SelectedColumn(name: header[$0], position: $0, kind: .text) }
    }
    var selected: [SelectedColumn] = []
    var absent: [Finding] = []
    for request in columns {
      guard let position = header.firstIndex(of: request.name) else {
        var finding = Finding.missingColumn(request.name, in: header, file: file)
        finding.sheet = sheet
        absent.append(finding)
        continue
      }
      if let earlier = selected.firstIndex(where: { $0.position == position }) {
        // Asked for as both: text keeps every digit, and numbers can be made of it.
        if request.kind == .text { selected[earlier].kind = .text }
      } else {
        selected.append(SelectedColumn(name: request.name, position: position, kind: request.kind))
      }
    }
    guard absent.isEmpty else { throw InputRefusal(absent) }
    return selected
  }
}

/// A column to deliver.
struct SelectedColumn {
  var name: String
  /// Its place in the file, from 0.
  var position: Int
  var kind: ColumnRequest.Kind
}
