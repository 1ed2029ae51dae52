internal import Documents
internal import SurveyData
internal import TabularFiles

/// What a column is for, beyond what its file says of it.
struct ColumnRole: Sendable {
  var label: LocalizedText
  var measure: MicrodataFile.Measure

  static let stratum = ColumnRole(label: LocalizedText(zh: "层", en: "stratum"), measure: .nominal)
  static let unit = ColumnRole(label: LocalizedText(zh: "抽样单位", en: "sampling unit"), measure: .nominal)
  static let population = ColumnRole(
    label: LocalizedText(zh: "层内总体数或抽样比", en: "population size or sampling fraction of the stratum"),
    measure: .scale
  )
  static let designWeight = ColumnRole(label: LocalizedText(zh: "设计权数", en: "design weight"), measure: .scale)
  static let finalWeight = ColumnRole(label: LocalizedText(zh: "最终权数", en: "final weight"), measure: .scale)
  static let replicateWeight = ColumnRole(label: LocalizedText(zh: "重复权数", en: "replicate weight"), measure: .scale)
}

extension MicrodataFile {
  /// A table with what its columns mean, for a statistics program.
  ///
  /// A column of text whose every cell is a plain number, a day or a moment becomes numbers; digits that a number would
  /// not give back (leading zeros, more than fifteen of them) keep it text, and so does a file that says it is text.
  /// - Parameters:
  ///   - table: the rows.
  ///   - dictionary: what the file they come from says of its columns.
  ///   - texts: columns that stay text.
  ///   - roles: by column, what the design makes of it.
  init(_ table: Table, dictionary: DataDictionary?, texts: Set<String> = [], roles: [String: ColumnRole] = [:]) {
    self.init(
      variables: table.columns.map { column in
        let known = dictionary?[column.name]
        let staysText = texts.contains(column.name) || known?.isText == true
        var variable = Variable(
          name: column.name,
          label: known?.label ?? "",
          values: staysText ? .texts(column.codedText) : .typed(column),
          measure: Measure(known?.measure ?? .unknown)
        )
        if let known { variable.take(known) }
        if let role = roles[column.name] {
          let words = role.label.zh + " " + role.label.en
          variable.label = variable.label.isEmpty ? words : variable.label + "（" + words + "）"
          variable.measure = role.measure
        }
        if variable.measure == .unknown, variable.values.isNominal { variable.measure = .nominal }
        return variable
      },
      label: dictionary?.fileLabel ?? "",
      weight: dictionary?.weight
    )
  }
}

extension MicrodataFile.Measure {
  fileprivate init(_ measure: DataDictionary.Measure) {
    switch measure {
    case .unknown: self = .unknown
    case .nominal: self = .nominal
    case .ordinal: self = .ordinal
    case .scale: self = .scale
    }
  }
}

extension MicrodataFile.Variable {
  /// The labels and declared missing values of a dictionary, as far as the values are of their kind.
  fileprivate mutating func take(_ known: DataDictionary.Variable) {
    // Where labels were put in place of the codes, or dates became texts, there is nothing to label.
    guard known.isText == values.isTexts else { return }
    valueLabels = known.valueLabels.map { entry in
      switch entry.value {
      case .number(let value): (.number(value), entry.label)
      case .text(let text): (.text(text), entry.label)
      case .tag(let tag): (.tag(tag), entry.label)
      }
    }
    missingNumbers = known.missing.compactMap { range in
      guard case .number(let low) = range.low, case .number(let high) = range.high, low <= high else { return nil }
      return low...high
    }
  }
}

extension MicrodataFile.Values {
  fileprivate var isTexts: Bool {
    if case .texts = self { true } else { false }
  }

  /// Texts name; a number may be anything.
  fileprivate var isNominal: Bool { isTexts }

  fileprivate static func texts(_ text: CodedText) -> Self { .texts(levels: text.levels, codes: text.codes) }

  /// A column by what stands in it.
  static func typed(_ column: Column) -> Self {
    let text: CodedText
    switch column.storage {
    case .number(let values): return .numbers(values, .number)
    case .text(let coded): text = coded
    }
    let used = Set(text.codes)
    let places = text.levels.indices.filter { used.contains(Int32($0)) }
    let levels = places.map { text.levels[$0] }.filter { !Column.missingNumberTexts.contains($0) }
    guard !levels.isEmpty else { return .texts(text) }
    for (kind, read) in readings where levels.allSatisfy({ read($0) != nil }) {
      let byLevel = text.levels.map { read($0) ?? .nan }
      return .numbers(text.codes.map { $0 < 0 ? .nan : byLevel[Int($0)] }, kind)
    }
    return .texts(text)
  }

  private static var readings: [(MicrodataFile.NumberKind, (String) -> Double?)] {
    [(.number, faithfulNumber), (.day, isoDay), (.moment, isoMoment)]
  }
}

/// A number whose digits come back: no leading zero, no plus, no power of ten, at most fifteen digits.
func faithfulNumber(_ text: String) -> Double? {
  var bytes = Array(text.utf8)
  if bytes.first == UInt8(ascii: "-") { bytes.removeFirst() }
  let whole = bytes.prefix { $0 != UInt8(ascii: ".") }
  let digits = bytes.count { $0 >= 0x30 && $0 <= 0x39 }
  let points = bytes.count { $0 == UInt8(ascii: ".") }
  guard !whole.isEmpty, digits + points == bytes.count, points <= 1, digits <= 15, bytes.last != UInt8(ascii: "."),
    whole.count == 1 || whole.first != 0x30, text != "-0"
  else { return nil }
  return plainNumber(text)
}

/// Days since 1970-01-01 of yyyy-mm-dd.
func isoDay(_ text: String) -> Double? {
  CivilDate.days(text).map(Double.init)
}

/// Milliseconds since 1970-01-01 of yyyy-mm-ddThh:mm:ss, with or without milliseconds.
func isoMoment(_ text: String) -> Double? {
  guard text.utf8.count >= 19, let days = CivilDate.days(String(text.prefix(10))) else { return nil }
  let bytes = Array(text.utf8)
  guard bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":") else {
    return nil
  }
  func number(_ range: Range<Int>) -> Int? {
    var value = 0
    for byte in bytes[range] {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int(byte - 0x30)
    }
    return value
  }
  guard let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19), hour < 24, minute < 60,
    second < 60
  else { return nil }
  var milliseconds = 0
  if bytes.count > 19 {
    guard bytes.count == 23, bytes[19] == UInt8(ascii: "."), let own = number(20..<23) else { return nil }
    milliseconds = own
  }
  return Double(days * 86_400_000 + ((hour * 60 + minute) * 60 + second) * 1_000 + milliseconds)
}

extension Finding {
  /// What a form could not hold as it was, told to the user.
  static func microdata(_ change: MicrodataChange, file: String) -> Finding {
    func note(_ code: String, column: String, value: String? = nil, zh: String, en: String) -> Finding {
      Finding(
        code,
        severity: .note,
        file: file,
        column: column,
        value: value,
        message: LocalizedText(zh: zh, en: en),
        fix: LocalizedText("")
      )
    }
    switch change {
    case .renamed(let old, let new):
      return note(
        "column-renamed",
        column: old,
        value: new,
        zh: "是此列在文件中的名称，原名不合该程序的规则。",
        en: "is the column's name in the file: the program does not take its own."
      )
    case .labelsCut(let name):
      return note(
        "labels-cut",
        column: name,
        zh: "标签超过该程序的长度上限，已截短。",
        en: "has labels longer than the program takes; they were cut."
      )
    case .labelsDropped(let name, let count):
      return note(
        "labels-dropped",
        column: name,
        value: "\(count)",
        zh: "个值标签未写入：该程序不能给这样的值加标签。",
        en: "labels were left out: the program has none for such values."
      )
    }
  }
}
