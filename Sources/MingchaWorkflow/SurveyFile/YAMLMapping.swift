internal import SurveyData
internal import Yams

/// A mapping of a YAML file that remembers which of its keys were read.
///
/// Every value is read through it, so that `finish` can name a key that nothing asked for, together
/// with the key that was probably meant. Problems are collected in `problems`, never thrown one by one.
struct YAMLMapping {
  let file: String
  /// Where the mapping stands, such as `indicators.wrong_exit_rate`.
  let path: String
  private let pairs: [(key: String, line: Int, node: Node)]
  /// The line on which it begins.
  let line: Int

  /// The root mapping of a file's text.
  init(parsing text: String, file: String) throws {
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      throw InputRefusal(
        Finding(
          "yaml-syntax",
          file: file,
          message: LocalizedText(zh: "不是有效的 YAML：\(error)", en: "not valid YAML: \(error)"),
          fix: LocalizedText(zh: "请修正该行的缩进或引号。", en: "mend the indentation or quotes there.")
        )
      )
    }
    guard let node, case .mapping = node else {
      throw InputRefusal(
        Finding(
          "yaml-empty",
          file: file,
          message: LocalizedText(zh: "文件应是键值映射。", en: "the file must be a mapping of keys."),
          fix: LocalizedText(zh: "请参照模板。", en: "compare it with a template survey.")
        )
      )
    }
    self.init(node: node, file: file, path: "")
  }

  private init(node: Node, file: String, path: String) {
    self.file = file
    self.path = path
    line = node.mark?.line ?? 1
    pairs =
      node.mapping?.map { key, value in
        (key.string ?? "", key.mark?.line ?? 1, value)
      } ?? []
  }

  var keys: [String] { pairs.map(\.key) }

  /// Refuses keys that are not among `known`, and keys given twice.
  func check(keys known: [String], problems: inout [Finding]) {
    var seen = Set<String>()
    for pair in pairs {
      if !seen.insert(pair.key).inserted {
        problems.append(
          finding(
            "key-duplicate",
            at: pair.line,
            key: pair.key,
            zh: "键出现两次。",
            en: "the key is given twice.",
            fixZh: "删去其中一个。",
            fixEn: "remove one."
          )
        )
      } else if !known.contains(pair.key) {
        let near = nearest(to: pair.key, among: known)
        problems.append(
          finding(
            "key-unknown",
            at: pair.line,
            key: pair.key,
            zh: "未知的键。",
            en: "unknown key.",
            fixZh: near.map { "是否指“\($0)”？" } ?? "可用的键：\(known.joined(separator: "、"))。",
            fixEn: near.map { "Did you mean \"\($0)\"?" } ?? "Known: \(known.joined(separator: ", "))."
          )
        )
      }
    }
  }

  func has(_ key: String) -> Bool { pairs.contains { $0.key == key } }

  /// The text of a scalar; `nil` where the key is absent.
  func text(_ key: String, problems: inout [Finding]) -> String? {
    guard let pair = pairs.first(where: { $0.key == key }) else { return nil }
    guard let text = pair.node.scalar?.string else {
      problems.append(wrongKind(pair.line, key, zh: "文字", en: "a text"))
      return nil
    }
    return text
  }

  func requiredText(_ key: String, problems: inout [Finding]) -> String {
    if let text = text(key, problems: &problems) { return text }
    if !has(key) { problems.append(missing(key)) }
    return ""
  }

  func number(_ key: String, problems: inout [Finding]) -> Double? {
    guard let text = text(key, problems: &problems) else { return nil }
    guard let value = plainNumber(text) else {
      problems.append(wrongKind(lineOf(key), key, zh: "数字", en: "a number"))
      return nil
    }
    return value
  }

  func integer(_ key: String, problems: inout [Finding]) -> Int? {
    guard let value = number(key, problems: &problems) else { return nil }
    guard let whole = Int(exactly: value) else {
      problems.append(wrongKind(lineOf(key), key, zh: "整数", en: "a whole number"))
      return nil
    }
    return whole
  }

  /// A list of texts; a single text counts as a list of one.
  func texts(_ key: String, problems: inout [Finding]) -> [String]? {
    guard let pair = pairs.first(where: { $0.key == key }) else { return nil }
    if let single = pair.node.scalar?.string { return [single] }
    guard let sequence = pair.node.sequence else {
      problems.append(wrongKind(pair.line, key, zh: "列表", en: "a list"))
      return nil
    }
    var values = [String]()
    for node in sequence {
      guard let text = node.scalar?.string else {
        problems.append(wrongKind(pair.line, key, zh: "文字的列表", en: "a list of texts"))
        return nil
      }
      values.append(text)
    }
    return values
  }

  func mapping(_ key: String, problems: inout [Finding]) -> YAMLMapping? {
    guard let pair = pairs.first(where: { $0.key == key }) else { return nil }
    guard pair.node.mapping != nil else {
      problems.append(wrongKind(pair.line, key, zh: "键值映射", en: "a mapping"))
      return nil
    }
    return YAMLMapping(node: pair.node, file: file, path: child(key))
  }

  func isMapping(_ key: String) -> Bool {
    pairs.first { $0.key == key }?.node.mapping != nil
  }

  func isList(_ key: String) -> Bool {
    pairs.first { $0.key == key }?.node.sequence != nil
  }

  /// A list of mappings.
  func mappings(_ key: String, problems: inout [Finding]) -> [YAMLMapping]? {
    guard let pair = pairs.first(where: { $0.key == key }) else { return nil }
    guard let sequence = pair.node.sequence, sequence.allSatisfy({ $0.mapping != nil }) else {
      problems.append(wrongKind(pair.line, key, zh: "映射的列表", en: "a list of mappings"))
      return nil
    }
    return sequence.enumerated().map { index, node in
      YAMLMapping(node: node, file: file, path: child("\(key)[\(index + 1)]"))
    }
  }

  /// A text in both languages: `{zh: …, en: …}`, or one text for both.
  func localized(_ key: String, problems: inout [Finding]) -> LocalizedText? {
    if isMapping(key), let both = mapping(key, problems: &problems) {
      both.check(keys: ["zh", "en"], problems: &problems)
      let zh = both.text("zh", problems: &problems)
      let en = both.text("en", problems: &problems)
      return LocalizedText(zh: zh ?? en ?? key, en: en ?? zh ?? key)
    }
    return text(key, problems: &problems).map { LocalizedText($0) }
  }

  /// A refusal about one key of this mapping.
  func problem(_ code: String, key: String, value: String? = nil, message: LocalizedText, fix: LocalizedText)
    -> Finding
  {
    Finding(code, file: file, row: lineOf(key), column: child(key), value: value, message: message, fix: fix)
  }

  func missing(_ key: String) -> Finding {
    finding(
      "key-missing",
      at: line,
      key: key,
      zh: "缺少此键。",
      en: "the key is missing.",
      fixZh: "请补上。",
      fixEn: "add it."
    )
  }

  /// The line of a key; the mapping's own where it has no such key.
  func lineOf(_ key: String) -> Int {
    pairs.first { $0.key == key }?.line ?? line
  }

  private func child(_ key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }

  private func wrongKind(_ line: Int, _ key: String, zh: String, en: String) -> Finding {
    finding(
      "key-kind",
      at: line,
      key: key,
      zh: "应为\(zh)。",
      en: "expected \(en).",
      fixZh: "请修改。",
      fixEn: "change it."
    )
  }

  private func finding(
    _ code: String,
    at line: Int,
    key: String,
    zh: String,
    en: String,
    fixZh: String,
    fixEn: String
  ) -> Finding {
    Finding(
      code,
      file: file,
      row: line,
      column: child(key),
      message: LocalizedText(zh: zh, en: en),
      fix: LocalizedText(zh: fixZh, en: fixEn)
    )
  }
}
