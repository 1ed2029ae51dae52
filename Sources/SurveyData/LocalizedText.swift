/// The languages in which results and messages are written.
public enum Language: String, Sendable, Codable, CaseIterable {
  case chinese = "zh"
  case english = "en"
}

/// One sentence or label in every language the product speaks.
public struct LocalizedText: Sendable, Codable, Hashable {
  /// In Chinese.
  public var zh: String
  /// In English.
  public var en: String

  package init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  /// A text that is the same in every language, such as a code or a file name.
  package init(_ text: String) {
    self.init(zh: text, en: text)
  }

  /// The text in one language.
  public func text(in language: Language) -> String {
    switch language {
    case .chinese: zh
    case .english: en
    }
  }
}
