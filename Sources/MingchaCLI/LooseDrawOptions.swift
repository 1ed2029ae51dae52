internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData
internal import SurveyDesign

/// What a draw from a loose file is told on the command line; a survey folder says it in survey.yaml.
struct LooseDrawOptions: ParsableArguments {
  @Option(help: ArgumentHelp(words(zh: "编号列。", en: "Column with the unit's id."), valueName: "column"))
  var id: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "分层列，可用逗号分隔或重复。", en: "Strata columns, separated by commas or repeated."),
      valueName: "columns"
    )
  )
  var strata: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "每层样本量：数目、“up-to N”、all、“rate P”；或按层重复“层=样本量”，“*”为其余各层。",
        en: "Units in each stratum: N, \"up-to N\", all, \"rate P\"; or repeat STRATUM=one of these, with \"*\" for "
          + "the others."
      ),
      valueName: "n"
    )
  )
  var take: [String] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "同 --take \"up-to N\"：不足 N 则全取。", en: "As --take \"up-to N\": all where there are fewer."),
      valueName: "n"
    )
  )
  var upTo: Int?

  @Option(
    help: ArgumentHelp(
      words(zh: "同 --take \"rate P\"（bernoulli）。", en: "As --take \"rate P\" (bernoulli)."),
      valueName: "p"
    )
  )
  var rate: Double?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "把总样本量分配到各层，如 \"total=40 rule=neyman sd=s.csv min=2\"；规则：\(AllocationText.rules)；"
          + "sd、cv、cost 为列名或表格文件；另有 up-to、q、size、max、take-all-up-to；min 默认 1。",
        en: "Share a total out over the strata, such as \"total=40 rule=neyman sd=s.csv min=2\"; rules: "
          + "\(AllocationText.rules); sd, cv and cost are a column or a table file; also up-to, q, size, max, "
          + "take-all-up-to; min is 1 unless given."
      ),
      valueName: "words"
    )
  )
  var allocate: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "必选单元：满足条件者以概率 1 抽中，计入样本量。",
        en: "Units that fulfil this are taken with probability 1; the sample size counts them."
      ),
      valueName: "expression"
    )
  )
  var mustInclude: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "每层备选数；或按层重复“层=数目”，“*”为其余各层。",
        en: "Reserves in each stratum; or repeat STRATUM=n, with \"*\" for the others."
      ),
      valueName: "n"
    )
  )
  var reserves: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "抽样方法：\(methodNames)（默认 srs）。",
        en: "Selection method: \(methodNames) (default srs)."
      ),
      valueName: "method"
    )
  )
  var method: String?

  @Option(help: ArgumentHelp(words(zh: "规模列（PPS）。", en: "Size column (PPS methods)."), valueName: "column"))
  var size: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "系统抽样的列表顺序：列[:numeric][:descending]，可重复。",
        en: "List order of systematic methods: COLUMN[:numeric][:descending]; repeat for more."
      ),
      valueName: "key"
    )
  )
  var sort: [String] = []

  @Option(
    help: ArgumentHelp(
      words(
        zh: "轮换位移，0 至 1（srs）；各轮用同一种子、组名、阶段名，位移由 mingcha rotation 给出。",
        en: "Shift of a rotating sample, 0 to 1 (srs); the rounds share seed, group and stage; see mingcha rotation."
      ),
      valueName: "shift"
    )
  )
  var rotation: Double?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "轮换系列中此前各轮的回执，最早的在前，可重复。",
        en: "Receipt of an earlier round of a rotation, the oldest first; repeat for more."
      ),
      valueName: "receipt"
    )
  )
  var series: [String] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "平衡变量列（cube），重要的在前。", en: "Columns whose totals are to be met (cube); the most important first."),
      valueName: "columns"
    )
  )
  var balance: [String] = []

  @Option(
    help: ArgumentHelp(
      words(zh: "坐标列（local-pivotal），单位须相同。", en: "Coordinate columns, in one unit of length (local-pivotal)."),
      valueName: "columns"
    )
  )
  var coordinates: [String] = []

  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      words(zh: "只从满足条件的单元中抽。", en: "Draw only from units that fulfil this."),
      valueName: "expression"
    )
  )
  var filter: String?

  @Option(
    help: ArgumentHelp(
      words(zh: "组名，如 2018/visit-1：决定每个单元的号码。", en: "Group, such as 2018/visit-1: it fixes every unit's number."),
      valueName: "text"
    )
  )
  var group: String?

  @Option(help: ArgumentHelp(words(zh: "阶段名（默认 unit）。", en: "Name of the stage (default unit)."), valueName: "text"))
  var stage: String?

  @Option(help: ArgumentHelp(words(zh: "工作表名。", en: "Worksheet."), valueName: "name"))
  var sheet: String?

  @Option(help: ArgumentHelp(words(zh: "表头所在行。", en: "Row of the column names."), valueName: "row"))
  var headerRow: Int?

  @Flag(
    help: ArgumentHelp(
      words(zh: "采用工作簿中公式的存储结果；核验时也要给出。", en: "Take the stored results of formulas in a workbook; verify needs it too.")
    )
  )
  var allowFormulas = false

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(words(zh: "要新建的文件夹。", en: "Folder to make."), valueName: "folder")
  )
  var output: String?

  /// The options given, by name: a survey folder takes none of them.
  var given: [String] {
    let present: [(String, Bool)] = [
      ("--id", id != nil), ("--strata", !strata.isEmpty), ("--take", !take.isEmpty), ("--up-to", upTo != nil),
      ("--rate", rate != nil), ("--allocate", allocate != nil), ("--must-include", mustInclude != nil),
      ("--reserves", !reserves.isEmpty), ("--method", method != nil), ("--rotation", rotation != nil),
      ("--series", !series.isEmpty),
      ("--size", size != nil), ("--sort", !sort.isEmpty), ("--balance", !balance.isEmpty),
      ("--coordinates", !coordinates.isEmpty), ("--where", filter != nil), ("--group", group != nil),
      ("--stage", stage != nil), ("--sheet", sheet != nil), ("--header-row", headerRow != nil),
      ("--allow-formulas", allowFormulas),
      ("--output", output != nil),
    ]
    return present.filter(\.1).map(\.0)
  }

  /// The order that the options give for a file.
  func order(input: String, seed: SeedSource, dropsIdenticalRows: Bool) throws -> DrawOrder {
    guard id != nil, let group, let output else {
      let missing = [("--id", id), ("--group", group), ("--output", output)].filter { $0.1 == nil }.map(\.0)
      throw ValidationError(
        words(
          zh: "从文件抽样还需要：\(missing.joined(separator: "、"))。",
          en: "A draw from a file also needs \(missing.joined(separator: ", "))."
        )
      )
    }
    var order = DrawOrder(
      stages: [try stage(input: input, dropsIdenticalRows: dropsIdenticalRows)],
      group: group,
      title: LocalizedText(zh: "抽样名单 \(group)", en: "Sample \(group)"),
      seed: seed,
      folder: output
    )
    order.series = series
    return order
  }

  /// The one stage that the options give for a file.
  func stage(input: String, dropsIdenticalRows: Bool) throws -> DrawOrder.Stage {
    guard let id else {
      throw ValidationError(words(zh: "从文件抽样需要 --id。", en: "A draw from a file needs --id."))
    }
    let strata = strata.flatMap(commaSeparated)
    let reserves = try reservesAsked()
    let plan = StagePlan(
      name: stage ?? "unit",
      id: id,
      strata: strata,
      method: method ?? "srs",
      take: try asked(strata: strata),
      reserves: reserves.others,
      reservesByStratum: reserves.named,
      mustInclude: try mustInclude.map { try Expression(parsing: $0).source },
      size: size,
      sort: sort.map { SortText.key($0) },
      rotation: rotation ?? 0,
      balance: balance.flatMap(commaSeparated),
      coordinates: coordinates.flatMap(commaSeparated)
    )
    let source = FrameSource(
      paths: [input],
      label: lastComponent(input),
      id: id,
      keep: try filter.map { try Expression(parsing: $0) },
      sheet: sheet,
      headerRow: headerRow,
      allowsFormulas: allowFormulas,
      dropsIdenticalRows: dropsIdenticalRows
    )
    return DrawOrder.Stage(plan: plan, source: source)
  }

  private func asked(strata: [String]) throws -> Take {
    let ways = [!take.isEmpty, upTo != nil, rate != nil, allocate != nil].count { $0 }
    guard ways == 1 else {
      throw ValidationError(
        words(
          zh: "请在 --take、--up-to、--rate、--allocate 中给出一种。",
          en: "Give one of --take, --up-to, --rate and --allocate."
        )
      )
    }
    if let allocate { return .allocate(try AllocationText.allocation(allocate, strata: strata)) }
    if let upTo { return try checked("up-to \(upTo)") }
    if let rate { return try checked("rate \(rate)") }
    if take.count == 1, !take[0].contains("=") { return try checked(take[0]) }
    var takes = [String: Take]()
    for entry in take {
      guard let equal = entry.lastIndex(of: "=") else { throw wrongTake(entry) }
      takes[String(entry[..<equal])] = try checked(String(entry[entry.index(after: equal)...]))
    }
    return .byStratum(takes)
  }

  private func reservesAsked() throws -> (others: Int, named: [String: Int]) {
    var named = [String: Int]()
    for entry in reserves {
      let equal = entry.lastIndex(of: "=")
      let stratum = equal.map { String(entry[..<$0]) } ?? Take.otherStrata
      let text = equal.map { String(entry[entry.index(after: $0)...]) } ?? entry
      guard let count = Int(text), count >= 0, named[stratum] == nil else {
        throw ValidationError(
          words(
            zh: "“\(entry)”不是备选数；请写一个数目，或每层一次“层=数目”。",
            en: "\"\(entry)\" is no number of reserves; write one number, or STRATUM=n once a stratum."
          )
        )
      }
      named[stratum] = count
    }
    return (named.removeValue(forKey: Take.otherStrata) ?? 0, named)
  }

  private func checked(_ text: String) throws -> Take {
    guard let take = TakeText.take(text) else { throw wrongTake(text) }
    return take
  }

  private func wrongTake(_ text: String) -> ValidationError {
    ValidationError(
      words(
        zh: "“\(text)”不是样本量；可写：\(TakeText.forms)，或按层写“层=样本量”。",
        en: "\"\(text)\" is no sample size; write \(TakeText.forms), or STRATUM=one of these."
      )
    )
  }
}

/// The parts of `a,b`.
func commaSeparated(_ text: String) -> [String] {
  text.split(separator: ",").map { part in
    var part = part
    while part.first == " " { part.removeFirst() }
    while part.last == " " { part.removeLast() }
    return String(part)
  }
}
