package import SurveyData

/// What a survey file says of persons: classes of columns, and how small a published cell may be.
package struct PrivacySettings: Sendable, Hashable {
  /// Below this many rows a published figure is withheld, unless the survey file says otherwise [假设].
  package static let usualMinimumCell = 5

  /// `columns: {direct: […], quasi: […], value: […]}`.
  package var classes = ColumnClasses()
  /// `privacy: {allow-direct: true}`: estimates from files that still hold such columns.
  package var allowsDirect = false
  /// `publish: {minimum-cell: 5}`; `nil` where the file does not say.
  package var minimumCell: Int?
}

extension SurveyFile {
  static func privacy(_ root: YAMLMapping, problems: inout [Finding]) -> PrivacySettings {
    var settings = PrivacySettings()
    if let node = root.mapping("columns", problems: &problems) {
      node.check(keys: ColumnClass.allCases.map(\.rawValue), problems: &problems)
      for own in ColumnClass.allCases {
        settings.classes.names[own] = node.texts(own.rawValue, problems: &problems)
      }
      problems += twice(in: settings.classes, node)
    }
    if let node = root.mapping("privacy", problems: &problems) {
      node.check(keys: ["allow-direct"], problems: &problems)
      settings.allowsDirect = node.flag("allow-direct", problems: &problems) ?? false
    }
    if let node = root.mapping("publish", problems: &problems) {
      node.check(keys: ["minimum-cell"], problems: &problems)
      settings.minimumCell = node.integer("minimum-cell", problems: &problems)
      if let given = settings.minimumCell, !(1...1_000).contains(given) {
        problems.append(
          node.problem(
            "minimum-cell-range",
            key: "minimum-cell",
            value: "\(given)",
            message: LocalizedText(zh: "应为 1 到 1000。", en: "must be 1 to 1000."),
            fix: LocalizedText(zh: "1 表示不遮盖。", en: "1 withholds nothing.")
          )
        )
      }
    }
    return settings
  }

  /// Names under two classes.
  private static func twice(in classes: ColumnClasses, _ node: YAMLMapping) -> [Finding] {
    var seen = [String: ColumnClass]()
    var problems = [Finding]()
    for own in ColumnClass.allCases {
      for name in classes.names[own] ?? [] {
        if let other = seen.updateValue(own, forKey: name), other != own {
          problems.append(
            node.problem(
              "class-twice",
              key: own.rawValue,
              value: name,
              message: LocalizedText(zh: "也在 \(other.rawValue) 中。", en: "stands under \(other.rawValue) too."),
              fix: LocalizedText(zh: "请只留一处。", en: "Leave it in one place.")
            )
          )
        }
      }
    }
    return problems
  }
}
