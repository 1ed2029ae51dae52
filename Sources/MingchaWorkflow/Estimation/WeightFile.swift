internal import Documents
internal import Glibc
package import SurveyData
internal import SurveyDesign
package import SurveyEstimation
internal import SurveyReporting

/// The weights of a sample as they are written: columns of the input, final and replicate weights.
package struct WeightFile: Sendable {
  package var sample: SurveySample
  /// Columns of the input that go before the weights.
  var carried: [Column]
  /// The files that the weights come from.
  var inputs: [AnnexDigest] = []
  /// What these files say of their columns.
  var dictionary: DataDictionary?

  static let designWeight = "design_weight"
  static let finalWeight = "final_weight"
  static let replicatePrefix = "replicate_"

  /// - Parameters:
  ///   - names: of the columns to carry; `nil` carries all of the table.
  /// - Throws: a refusal for a column that is not there, or that has a name which the weights need.
  init(_ sample: SurveySample, of table: Table, carrying names: [String]?) throws(InputRefusal) {
    self.sample = sample
    var carried: [Column] = []
    var findings: [Finding] = []
    for name in names ?? table.columns.map(\.name) {
      do throws(InputRefusal) {
        carried.append(try table.column(name))
      } catch {
        findings += error.findings
      }
      if name == Self.designWeight || name == Self.finalWeight || name.hasPrefix(Self.replicatePrefix) {
        findings.append(
          Finding(
            "weight-column-taken",
            file: table.file,
            column: name,
            message: LocalizedText(zh: "输出的权数列要用这个列名。", en: "the weights that are written need this name."),
            fix: LocalizedText(
              zh: "请改名，或用 --id 只列出要保留的列。",
              en: "Rename it, or name the columns to carry by --id."
            )
          )
        )
      }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    self.carried = carried
  }

  /// Writes the rows and, beside them, the JSON file that says how their replicates become a variance.
  ///
  /// - Parameters:
  ///   - path: `.sav`, `.zsav` and `.dta` are for statistics programs, everything else is CSV; the other file ends in
  ///     `.json`.
  ///   - overwrite: replaces files that are there.
  /// - Returns: the paths written, and what the form could not hold as it was.
  /// - Throws: a `WritingError`.
  package func write(to path: String, overwrite: Bool) throws -> (paths: [String], notes: [Finding]) {
    let description = Self.descriptionPath(path)
    var changes: [MicrodataChange] = []
    try AtomicFile.withAtomicPath(path, overwrite: overwrite) { (temporary) throws(WritingError) in
      if let form = ConvertForm(file: path)?.microdata {
        changes = try MicrodataWriter(form).fill(temporary, with: microdata, for: path)
      } else {
        try fill(temporary, path: path)
      }
      try AtomicFile.write(json.bytes, to: description, overwrite: overwrite)
    }
    return ([path, description], changes.map { Finding.microdata($0, file: path) })
  }

  /// The rows for a statistics program: the design's columns and the weights labelled, the final weight set.
  private var microdata: MicrodataFile {
    var roles = [Self.designWeight: ColumnRole.designWeight, Self.finalWeight: .finalWeight]
    for stage in sample.design.stages {
      for name in stage.strata { roles[name] = .stratum }
      if case .column(let name) = stage.unit { roles[name] = .unit }
      if let name = stage.populationSize { roles[name] = .population }
    }
    var columns = carried
    columns.append(Column(Self.designWeight, numbers: sample.designWeights))
    columns.append(Column(Self.finalWeight, numbers: sample.weights))
    let replicates = sample.replicateCount ?? 0
    for replicate in 0..<replicates {
      let name = Self.replicateName(replicate, of: replicates)
      roles[name] = .replicateWeight
      let values = (0..<sample.rowCount).map { sample.replicateWeight(replicate, row: $0) }
      columns.append(Column(name, numbers: values))
    }
    let table = Table(columns: columns, rowCount: sample.rowCount)
    var data = MicrodataFile(table, dictionary: dictionary, roles: roles)
    data.weight = Self.finalWeight
    data.notes = [designNote]
    return data
  }

  /// The design in Stata's words, which a reader of SPSS understands too.
  private var designNote: String {
    let stages = sample.design.stages.map { stage -> String in
      var unit = "_n"
      if case .column(let name) = stage.unit { unit = name }
      var options: [String] = []
      if !stage.strata.isEmpty { options.append("strata(\(stage.strata.joined(separator: " ")))") }
      if let size = stage.populationSize { options.append("fpc(\(size))") }
      return unit + (options.isEmpty ? "" : ", " + options.joined(separator: " "))
    }
    guard let first = stages.first else { return "pweight=\(Self.finalWeight)" }
    let comma = first.firstIndex(of: ",") ?? first.endIndex
    let begin = "svyset \(first[..<comma]) [pweight=\(Self.finalWeight)]\(first[comma...])"
    return ([begin] + stages.dropFirst()).joined(separator: " || ")
  }

  /// The JSON file's name for that of the rows.
  package static func descriptionPath(_ path: String) -> String {
    guard let dot = path.lastIndex(of: "."), ConvertForm(file: path).map({ $0 == .csv || $0.microdata != nil }) == true
    else { return path + ".json" }
    return path[..<dot] + ".json"
  }

  private func fill(_ temporary: String, path: String) throws(WritingError) {
    let file = open(temporary, O_WRONLY | O_CLOEXEC | O_TRUNC)
    guard file >= 0 else { throw .cannotCreate(path: path, reason: String(cString: strerror(errno))) }
    defer { close(file) }
    let replicates = sample.replicateCount ?? 0
    var heads = carried.map(\.name) + [Self.designWeight, Self.finalWeight]
    heads += (0..<replicates).map { Self.replicateName($0, of: replicates) }
    var out = [0xEF, 0xBB, 0xBF] + Array(heads.map { CSVWriter.field($0, isText: true) }.joined(separator: ",").utf8)
    out += [0x0D, 0x0A]
    for row in 0..<sample.rowCount {
      for column in carried {
        out += Array(Self.cell(column, row).utf8)
        out.append(UInt8(ascii: ","))
      }
      out += Array(NumberText.shortest(sample.designWeights[row]).utf8)
      out.append(UInt8(ascii: ","))
      out += Array(NumberText.shortest(sample.weights[row]).utf8)
      for replicate in 0..<replicates {
        out.append(UInt8(ascii: ","))
        out += Array(NumberText.shortest(sample.replicateWeight(replicate, row: row)).utf8)
      }
      out += [0x0D, 0x0A]
      if out.count > 1 << 20 {
        try Self.put(out, to: file, path: path)
        out.removeAll(keepingCapacity: true)
      }
    }
    try Self.put(out, to: file, path: path)
  }

  private static func cell(_ column: Column, _ row: Int) -> String {
    switch column.storage {
    case .text: return CSVWriter.field(column.text(at: row) ?? "", isText: true)
    case .number(let values): return values[row].isFinite ? NumberText.shortest(values[row]) : ""
    }
  }

  private static func put(_ bytes: [UInt8], to file: Int32, path: String) throws(WritingError) {
    var start = 0
    while start < bytes.count {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress?.advanced(by: start), bytes.count - start) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .failed(path: path, step: "write", reason: String(cString: strerror(errno))) }
      start += count
    }
  }

  /// Replicates are numbered from 1, all with as many digits.
  static func replicateName(_ replicate: Int, of count: Int) -> String {
    let number = String(replicate + 1)
    return replicatePrefix + String(repeating: "0", count: String(count).count - number.count) + number
  }

  private var json: JSONValue {
    var replicates = JSONValue.null
    if let frame = sample.replicateFrame {
      var members: [(String, JSONValue)] = [
        ("prefix", .text(Self.replicatePrefix)), ("count", .integer(frame.count)), ("scale", .number(frame.scale)),
        ("rscales", .array(frame.scales.map { .number($0) })), ("mse", .flag(frame.isMeanSquaredError)),
        ("degrees_of_freedom", .integer(frame.degreesOfFreedom)),
      ]
      if let plan = plan, let method = ReplicationMethods.named(plan.method) {
        members += [
          ("method", .text(plan.method)), ("title", Self.json(method.title)), ("source", .text(method.source)),
        ]
        if method.isRandom { members.append(("seed", .text(String(plan.seed)))) }
        if method.takesFay { members.append(("fay", .number(plan.fay))) }
      }
      replicates = .object(members)
    }
    return .object([
      ("format", .text(WeightDescription.format)), ("tool", .text(ToolVersion.text)),
      ("inputs", .array(inputs.map(\.json))),
      ("rows", .integer(sample.rowCount)), ("design_weight", .text(Self.designWeight)),
      ("weight", .text(Self.finalWeight)), ("replicates", replicates), ("weighting", sample.weightSummary.json),
    ])
  }

  private var plan: Replication? {
    for case .replication(let plan, _) in sample.design.adjustments { return plan }
    return nil
  }

  private static func json(_ text: LocalizedText) -> JSONValue {
    .object([("zh", .text(text.zh)), ("en", .text(text.en))])
  }
}
