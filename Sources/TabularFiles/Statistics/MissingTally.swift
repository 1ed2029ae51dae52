internal import SurveyData

/// How often the values of one column were missing, by why.
struct MissingTally {
  /// Without a value at all.
  private(set) var system = 0
  private var tags: [UInt8: Int] = [:]
  private var numbers: [Double: Int] = [:]
  private var texts: [[UInt8]: Int] = [:]

  mutating func addSystem() { system += 1 }

  mutating func add(tag: UInt8) { tags[tag, default: 0] += 1 }

  mutating func add(_ value: Double) { numbers[value, default: 0] += 1 }

  mutating func add(_ text: UnsafeBufferPointer<UInt8>) { texts[Array(text), default: 0] += 1 }

  /// How many values were missing because the file's author declared them so.
  var declared: Int { tags.values.reduce(0, +) + numbers.values.reduce(0, +) + texts.values.reduce(0, +) }

  /// The declared values with their labels and counts, the first few: `98 (不知道) × 12; .a × 3`.
  func shown(labels: [DataDictionary.ValueLabel], decoder: CellDecoder) -> String {
    var parts: [(value: DataDictionary.Value, count: Int)] = []
    parts += numbers.sorted { $0.key < $1.key }.map { (.number($0.key), $0.value) }
    parts += texts.map { (.text(decoder.text($0.key)), $0.value) }.sorted { $0.0.text < $1.0.text }
    parts += tags.sorted { $0.key < $1.key }.map { (.tag(Character(Unicode.Scalar($0.key))), $0.value) }
    let listed = parts.prefix(8).map { part in
      let label = labels.first { $0.value == part.value }.map { " (\($0.label))" } ?? ""
      return "\(part.value.text)\(label) × \(part.count)"
    }
    return listed.joined(separator: "; ") + (parts.count > listed.count ? "; …" : "")
  }
}
