/// The languages in which results and messages are written.
package enum Language: String, Sendable, Codable, CaseIterable {
  case chinese = "zh"
  case english = "en"
}

/// One sentence or label in every language the product speaks.
package struct LocalizedText: Sendable, Codable, Hashable {
  package var zh: String
  package var en: String

  package init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  /// A text that is the same in every language, such as a code or a file name.
  package init(_ text: String) {
    self.init(zh: text, en: text)
  }

  package func text(in language: Language) -> String {
    switch language {
    case .chinese: zh
    case .english: en
    }
  }
}
