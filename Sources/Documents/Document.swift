/// The language a document is set in; it picks line breaking, fonts and the writers' own few words.
package enum DocumentLanguage: String, Sendable, CaseIterable {
  case chinese = "zh"
  case english = "en"

  /// The language tag of a web page.
  package var tag: String {
    switch self {
    case .chinese: "zh-CN"
    case .english: "en"
    }
  }
}

/// A report as data, independent of the form it is written in.
package struct Document: Sendable {
  package enum Block: Sendable {
    /// Level 1 is a chapter; the title stands above all.
    case heading(level: Int, String)
    case paragraph(String)
    case table(DocumentTable)
    case figure(Figure)
    case definitions([Definition])
    /// A remark set apart from the text.
    case note(String)
    case pageBreak
  }

  /// How a document lies on paper.
  package enum Layout: Sendable {
    /// One text with a title, tables in their places.
    case report
    /// Pages that are handed out one by one: each page break begins one, and the title stands on none.
    case handouts
  }

  package struct Definition: Sendable {
    package var term: String
    package var text: String

    package init(_ term: String, _ text: String) {
      self.term = term
      self.text = text
    }
  }

  package var title: String
  package var subtitle: String?
  package var language: DocumentLanguage
  package var blocks: [Block]
  package var layout: Layout

  package init(
    title: String,
    subtitle: String? = nil,
    language: DocumentLanguage,
    blocks: [Block],
    layout: Layout = .report
  ) {
    self.title = title
    self.subtitle = subtitle
    self.language = language
    self.blocks = blocks
    self.layout = layout
  }

  /// The tables in reading order.
  package var tables: [DocumentTable] {
    blocks.compactMap { block in
      if case .table(let table) = block { table } else { nil }
    }
  }
}

extension Document.Block {
  var isPageBreak: Bool {
    if case .pageBreak = self { true } else { false }
  }
}

extension Document {
  /// The tables with a key each that no other has: `rates`, `rates-2`, ….
  var keyedTables: [(key: String, table: DocumentTable)] {
    var used = Set<String>()
    return tables.map { table in
      var key = table.key
      var number = 2
      while !used.insert(key).inserted {
        key = "\(table.key)-\(number)"
        number += 1
      }
      return (key, table)
    }
  }
}

/// A drawing with its caption and the words for who cannot see it.
package struct Figure: Sendable {
  /// One `<svg>` element; colours are `#rrggbb` only.
  package var svg: String
  package var caption: String
  package var alternative: String

  package init(svg: String, caption: String, alternative: String) {
    self.svg = svg
    self.caption = caption
    self.alternative = alternative
  }
}
