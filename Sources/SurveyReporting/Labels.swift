package import Documents
package import SurveyData
package import SurveyEstimation

extension Language {
  /// The same language as documents name it.
  package var forDocuments: DocumentLanguage {
    switch self {
    case .chinese: .chinese
    case .english: .english
    }
  }
}

/// What a report calls an indicator, and the limit it is held against.
package struct IndicatorLabel: Sendable {
  package var key: String
  package var name: LocalizedText
  package var limit: Limit?

  package init(key: String, name: LocalizedText, limit: Limit? = nil) {
    self.key = key
    self.name = name
    self.limit = limit
  }

  package init(_ indicator: Indicator) {
    self.init(key: indicator.key, name: indicator.name, limit: indicator.limit)
  }
}

/// Indicators found by the key of an estimate; a share of a level carries the level.
package struct IndicatorLabels: Sendable {
  package var labels: [IndicatorLabel]

  package init(_ labels: [IndicatorLabel]) {
    self.labels = labels
  }

  /// The label of an estimate's key: its own, or its column's with the level after it.
  package func label(of key: String) -> IndicatorLabel {
    if let own = labels.first(where: { $0.key == key }) { return own }
    if let split = key.firstIndex(of: "="),
      let column = labels.first(where: { $0.key == key[..<split] })
    {
      let level = key[key.index(after: split)...]
      return IndicatorLabel(
        key: key,
        name: LocalizedText(zh: "\(column.name.zh)：\(level)", en: "\(column.name.en): \(level)"),
        limit: column.limit
      )
    }
    return IndicatorLabel(key: key, name: LocalizedText(key))
  }
}

/// What a report calls the domains: levels such as league or county, and the names of their codes.
package struct DomainLabels: Sendable {
  /// The name of the whole sample, such as that of the region.
  package var whole: LocalizedText
  /// By-variable → what its values are ("盟市", "County").
  package var levels: [String: LocalizedText]
  /// By-variable → code → name.
  package var names: [String: [String: LocalizedText]]

  package init(
    whole: LocalizedText = LocalizedText(zh: "全部样本", en: "Whole sample"),
    levels: [String: LocalizedText] = [:],
    names: [String: [String: LocalizedText]] = [:]
  ) {
    self.whole = whole
    self.levels = levels
    self.names = names
  }

  /// The level of a domain, such as "County" or "League × Class".
  package func level(of domain: [DomainValue], in language: Language) -> String {
    guard !domain.isEmpty else { return whole.text(in: language) }
    return domain.map { (levels[$0.variable] ?? LocalizedText($0.variable)).text(in: language) }
      .joined(separator: " × ")
  }

  /// The name of a domain; a code without a name stands for itself.
  package func name(of domain: [DomainValue], in language: Language) -> String {
    guard !domain.isEmpty else { return whole.text(in: language) }
    return domain.map { value in
      names[value.variable]?[value.value]?.text(in: language)
        ?? (levels[value.variable] == nil && domain.count > 1
          ? "\(value.variable)=\(value.value)" : value.value)
    }.joined(separator: " / ")
  }
}
