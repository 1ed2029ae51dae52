internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation

/// Replicate weights that the files bring, or a jackknife to be made of the design, in the words of the command line.
package struct ReplicateQuestion: Sendable {
  /// Names of columns, or patterns with `*` and `?`, in the order of the replicates.
  package var columns: [String] = []
  package var kind: String?
  package var fay: Double?
  package var scale: Double?
  package var replicateScales: [Double] = []
  package var isMeanSquaredError = false
  /// The columns are factors of the weight instead of whole weights.
  package var areFactors = false
  /// `jk1`, `jkn`, or `auto`: by whether the design has strata.
  package var jackknife: String?
  /// A name in `ReplicationMethods.all`: replicates are made of the design.
  package var method: String?
  package var count: Int?
  package var seed: UInt64?
  /// How the replicates of a description were made.
  private var describedMethod: String?

  package init() {}

  /// What the JSON file says that stands in place of columns, if one does.
  ///
  /// - Throws: a refusal for a file that is none.
  func description() throws(InputRefusal) -> WeightDescription? {
    guard columns.count == 1, columns[0].hasSuffix(".json") else { return nil }
    return try WeightDescription(path: columns[0])
  }

  /// Takes columns, scales and the kind of deviations from a description.
  mutating func take(_ description: WeightDescription) {
    guard let replicates = description.replicates else { return }
    columns = description.columns
    if kind == nil { kind = ReplicateKind.other.rawValue }
    if scale == nil { scale = replicates.scale }
    if replicateScales.isEmpty { replicateScales = replicates.rscales }
    isMeanSquaredError = isMeanSquaredError || replicates.mse
    describedMethod = replicates.method
  }

  func order(_ reader: inout QuestionReader) -> ReplicateOrder? {
    guard !columns.isEmpty else {
      let orphans: [(String, Bool)] = [
        ("--replicate-type", kind != nil), ("--fay-rho", fay != nil && method == nil), ("--scale", scale != nil),
        ("--rscales", !replicateScales.isEmpty), ("--replicates-are-factors", areFactors),
      ]
      for (option, isGiven) in orphans where isGiven { reader.needs("--replicates", for: option) }
      if isMeanSquaredError, !isMade { reader.needs("--replicates", for: "--mse") }
      return nil
    }
    if jackknife != nil { reader.excludes("--jackknife", "--replicates") }
    if method != nil { reader.excludes("--replicates-of", "--replicates") }
    guard let kind = reader.choice("--replicate-type", kind, of: ReplicateKind.allCases) else {
      if self.kind == nil {
        reader.refuse(
          "--replicate-type",
          value: nil,
          LocalizedText(zh: "没有说明重复权数的类型。", en: "the kind of replicate weights is not said."),
          LocalizedText(
            zh: "可用：\(ReplicateKind.allCases.map(\.rawValue).joined(separator: "、"))。",
            en: "Known: \(ReplicateKind.allCases.map(\.rawValue).joined(separator: ", "))."
          )
        )
      }
      return nil
    }
    checkFay(&reader)
    if kind == .fay, fay == nil { reader.needs("--fay-rho", for: "--replicate-type fay") }
    if kind == .stratifiedJackknife, replicateScales.isEmpty { reader.needs("--rscales", for: "--replicate-type jkn") }
    if kind == .other, scale == nil { reader.needs("--scale", for: "--replicate-type other") }
    if let scale, !(scale > 0 && scale.isFinite) {
      reader.refuse(
        "--scale",
        value: shortest(scale),
        LocalizedText(zh: "应为正数。", en: "must be a number above 0."),
        LocalizedText(zh: "例如 4/80 写作 0.05。", en: "Write 0.05 for 4/80.")
      )
    }
    return ReplicateOrder(
      patterns: columns,
      kind: kind,
      fay: fay ?? kind.presetFay,
      scale: scale,
      replicateScales: replicateScales,
      isMeanSquaredError: isMeanSquaredError || kind.isMeanSquaredError,
      areFactors: areFactors,
      method: describedMethod
    )
  }

  /// Whether replicates are to be made of the design.
  var isMade: Bool { jackknife != nil || method != nil }

  /// The option that says so.
  var madeBy: String { method == nil ? "--jackknife" : "--replicates-of" }

  private func checkFay(_ reader: inout QuestionReader) {
    guard let fay, !(fay >= 0 && fay < 1) else { return }
    reader.refuse(
      "--fay-rho",
      value: shortest(fay),
      LocalizedText(zh: "应不小于 0 且小于 1。", en: "lies from 0 up to, but not at, 1."),
      LocalizedText(zh: "例如 0.5。", en: "For example 0.5.")
    )
  }

  /// The step that makes replicates of the design.
  func adjustment(_ reader: inout QuestionReader, hasStrata: Bool) -> WeightAdjustment? {
    if method != nil { return made(&reader) }
    if count != nil { reader.needs("--replicates-of", for: "--replicate-count") }
    if seed != nil { reader.needs("--replicates-of", for: "--seed") }
    switch reader.choice("--jackknife", jackknife, of: JackknifeChoice.allCases) {
    case .auto:
      return .replication(hasStrata ? .stratifiedJackknife : .jackknife, isMeanSquaredError: isMeanSquaredError)
    case .jk1: return .replication(.jackknife, isMeanSquaredError: isMeanSquaredError)
    case .jkn: return .replication(.stratifiedJackknife, isMeanSquaredError: isMeanSquaredError)
    case nil: return nil
    }
  }
}

extension ReplicateQuestion {
  private func made(_ reader: inout QuestionReader) -> WeightAdjustment? {
    guard let method else { return nil }
    if jackknife != nil { reader.excludes("--jackknife", "--replicates-of") }
    let names = ReplicationMethods.all.map(\.name)
    guard let known = ReplicationMethods.named(method) else {
      reader.unknown("--replicates-of", method, among: names)
      return nil
    }
    checkFay(&reader)
    let only: [(String, Bool, Bool, (any ReplicationMethod) -> Bool)] = [
      ("--fay-rho", fay != nil, known.takesFay, { $0.takesFay }),
      ("--replicate-count", count != nil, known.takesCount, { $0.takesCount }),
      ("--seed", seed != nil, known.isRandom, { $0.isRandom }),
    ]
    for (option, isGiven, isTaken, takes) in only where isGiven && !isTaken {
      let takers = ReplicationMethods.all.filter(takes).map(\.name)
      reader.refuse(
        option,
        value: nil,
        LocalizedText(zh: "不用于 \(method)。", en: "has no meaning for \(method)."),
        LocalizedText(
          zh: "用于：\(takers.joined(separator: "、"))。",
          en: "It is for \(takers.joined(separator: ", "))."
        )
      )
    }
    if known.takesFay, fay == nil { reader.needs("--fay-rho", for: "--replicates-of \(method)") }
    if let count, known.isRandom, !(2...1_000_000).contains(count) {
      reader.refuse(
        "--replicate-count",
        value: "\(count)",
        LocalizedText(zh: "应为 2 至 1000000。", en: "lies from 2 to 1000000."),
        LocalizedText(zh: "例如 500。", en: "Write 500, say.")
      )
    }
    return .replication(
      Replication(method: method, count: count, seed: seed ?? 1, fay: fay ?? 0),
      isMeanSquaredError: isMeanSquaredError || known.isAroundWhole
    )
  }
}

private enum JackknifeChoice: String, CaseIterable { case auto, jk1, jkn }

/// How replicate weights were made, which says the scale of their variance.
package enum ReplicateKind: String, Sendable, CaseIterable {
  case balanced = "brr"
  case fay
  case jackknife = "jk1"
  case pairedJackknife = "jk2"
  case stratifiedJackknife = "jkn"
  case bootstrap
  case successiveDifference = "sdr"
  /// American Community Survey: successive differences around the whole sample's estimate.
  case acs
  /// PISA: Fay's method with 0.5 around the whole sample's estimate.
  case pisa
  case other

  var presetFay: Double { self == .pisa ? 0.5 : 0 }
  var isMeanSquaredError: Bool { self == .acs || self == .pisa }

  /// The factor of Σ (θ_r − θ)² for so many replicates, as R survey's `svrepdesign` takes it.
  func scale(_ count: Int, fay: Double) -> Double {
    let count = Double(count)
    switch self {
    case .balanced: return 1 / count
    case .fay, .pisa: return 1 / (count * (1 - fay) * (1 - fay))
    case .jackknife: return (count - 1) / count
    case .pairedJackknife, .stratifiedJackknife, .other: return 1
    case .bootstrap: return 1 / (count - 1)
    case .successiveDifference, .acs: return 4 / count
    }
  }
}

/// Replicate weights to be read from the files.
package struct ReplicateOrder: Sendable {
  package var patterns: [String]
  package var kind: ReplicateKind
  package var fay: Double
  package var scale: Double?
  package var replicateScales: [Double]
  package var isMeanSquaredError: Bool
  package var areFactors: Bool
  /// How they were made, where a description says so.
  package var method: String?

  /// The columns that the patterns mean, in the order of the header.
  ///
  /// - Throws: a refusal for a pattern that no column fits.
  func columns(in header: [String]) throws(InputRefusal) -> [String] {
    var names: [String] = []
    var findings: [Finding] = []
    for pattern in patterns {
      guard pattern.contains("*") || pattern.contains("?") else {
        names.append(pattern)
        continue
      }
      let fitting = header.filter { fits(Array($0)[...], Array(pattern)[...]) }
      names += fitting
      if fitting.isEmpty {
        findings.append(
          Finding(
            "replicate-columns",
            column: "--replicates",
            value: pattern,
            message: LocalizedText(zh: "没有列与此模式相符。", en: "no column has such a name."),
            fix: LocalizedText(zh: "* 代表任意个字符，? 代表一个。", en: "* stands for any characters, ? for one.")
          )
        )
      }
    }
    var seen = Set<String>()
    for name in names where !seen.insert(name).inserted {
      findings.append(
        Finding(
          "replicate-columns",
          column: "--replicates",
          value: name,
          message: LocalizedText(zh: "同一列出现两次。", en: "the column is named twice."),
          fix: LocalizedText(zh: "每个重复一列。", en: "Name one column for each replicate.")
        )
      )
    }
    if findings.isEmpty, names.count < (isMeanSquaredError ? 1 : 2) {
      findings.append(
        Finding(
          "replicate-columns",
          column: "--replicates",
          value: "\(names.count)",
          message: LocalizedText(zh: "一个重复给不出方差。", en: "one replicate shows no variance."),
          fix: LocalizedText(zh: "请给出全部重复权数列。", en: "Name all columns of replicate weights.")
        )
      )
    }
    if findings.isEmpty, !replicateScales.isEmpty, replicateScales.count != names.count {
      findings.append(
        Finding(
          "replicate-scales",
          column: "--rscales",
          value: "\(replicateScales.count)",
          message: LocalizedText(
            zh: "有 \(names.count) 个重复权数列，而 --rscales 有 \(replicateScales.count) 个。",
            en: "there are \(names.count) columns of replicate weights, and as many scales are needed."
          ),
          fix: LocalizedText(zh: "每个重复一个。", en: "Give one for each replicate.")
        )
      )
    }
    if !findings.isEmpty { throw InputRefusal(findings) }
    return names
  }

  /// The replicate weights in the rows of a table.
  ///
  /// - Throws: a refusal with every cell that is no weight.
  func weights(_ names: [String], in table: Table) throws(InputRefusal) -> ReplicateColumns {
    var columns = try ReplicateColumns(
      names,
      of: table,
      areWhole: !areFactors,
      scale: scale ?? kind.scale(names.count, fay: fay),
      replicateScales: replicateScales.isEmpty ? nil : replicateScales,
      isMeanSquaredError: isMeanSquaredError
    )
    columns.countsDeviations = countsDeviations
    return columns
  }

  /// Made by a method whose replicates deviate from the whole sample, with the degrees of freedom that they had then.
  package var countsDeviations: Bool { method.flatMap(ReplicationMethods.named)?.isAroundWhole ?? false }
}

/// Whether a name fits a pattern in which `*` stands for any characters and `?` for one.
private func fits(_ name: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
  guard let first = pattern.first else { return name.isEmpty }
  if first == "*" {
    return fits(name, pattern.dropFirst()) || !name.isEmpty && fits(name.dropFirst(), pattern)
  }
  guard let character = name.first, first == "?" || first == character else { return false }
  return fits(name.dropFirst(), pattern.dropFirst())
}
