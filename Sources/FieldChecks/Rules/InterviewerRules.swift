internal import StatisticalFunctions
internal import SurveyData

/// Interviewers against the others: rounded numbers, and means that lie apart.
enum InterviewerRules {
  static let all = [
    CheckRule(
      "interviewer-heaping",
      .interviews,
      .warn,
      zh: "访员记录的数字不过于整齐",
      en: "No interviewer rounds far more than the others",
      fixZh: "请了解该访员如何询问收入与年龄。",
      fixEn: "Ask how this interviewer asks for incomes and ages."
    ) { heaping($0, &$1) },
    CheckRule(
      "interviewer-mean",
      .interviews,
      .warn,
      zh: "访员之间答案均值相近",
      en: "No interviewer's mean lies far from the others",
      fixZh: "请了解该访员如何提问，必要时回访。",
      fixEn: "Find out how this interviewer asks; go back where needed."
    ) { means($0, &$1) },
  ]

  /// Sums of one column over some interviews.
  private struct Sums {
    var count = 0.0
    var sum = 0.0
    var squares = 0.0

    mutating func add(_ value: Double) {
      count += 1
      sum += value
      squares += value * value
    }

    static func - (left: Sums, right: Sums) -> Sums {
      Sums(count: left.count - right.count, sum: left.sum - right.sum, squares: left.squares - right.squares)
    }

    static func + (left: Sums, right: Sums) -> Sums {
      Sums(count: left.count + right.count, sum: left.sum + right.sum, squares: left.squares + right.squares)
    }

    var mean: Double { sum / count }
    /// Squares about the mean.
    var scatter: Double { max(0, squares - sum * sum / count) }
  }

  /// The interviewers of a source, and in how many villages each was.
  private struct Interviewers {
    var names: [String]
    /// The interviewer of each row; −1 for none, and for what is no interview.
    var ofRow: [Int]
    var team: [Int]
    var teamCount: Int
    var firstRow: [Int]
    var interviews: [Double]
    var villages: [Double]

    init?(_ survey: CheckedSurvey, _ source: CheckedSource) {
      guard let column = survey.column(.interviewer, in: source) else { return nil }
      let text = column.codedText
      let held = survey.interviews(in: source)
      names = text.levels
      ofRow = text.codes.indices.map { held[$0] ? Int(text.codes[$0]) : -1 }
      let villageText = survey.column(.village, in: source)?.codedText
      let teams = source.teams
      team = (0..<source.rowCount).map { row in teams.map { Int($0.codes[row]) + 1 } ?? 0 }
      teamCount = (teams?.levels.count ?? 0) + 1
      firstRow = [Int](repeating: -1, count: names.count)
      interviews = [Double](repeating: 0, count: names.count)
      var seen = [Set<Int32>](repeating: [], count: names.count)
      for row in 0..<source.rowCount where ofRow[row] >= 0 {
        let own = ofRow[row]
        if firstRow[own] < 0 { firstRow[own] = row }
        interviews[own] += 1
        seen[own].insert(villageText?.codes[row] ?? -1)
      }
      villages = seen.map { Double(max(1, $0.count)) }
    }

    /// The factor by which clustering in villages raises the variance of an interviewer's mean: 1 + (b − 1) ρ.
    func designEffect(_ interviewer: Int, _ correlation: Double) -> Double {
      1 + max(0, interviews[interviewer] / villages[interviewer] - 1) * correlation
    }
  }

  private static func means(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources where source.kind == .responses {
      guard let interviewers = Interviewers(survey, source), interviewers.names.count > 1 else {
        run.lacks([.interviewer])
        continue
      }
      let numbers = SubstantiveColumns(survey, source).columns.map { survey.numbers($0) }.filter { $0.badRows.isEmpty }
      let wanted = numbers.filter { column in column.values.contains { !$0.isNaN } }
      test(survey, source, interviewers, wanted.map { ($0.name, $0.values) }, isUpper: false, &run) {
        name,
        own,
        others,
        z in
        LocalizedText(
          zh:
            "的均值为 \(rounded(own.mean))（\(Int(own.count)) 户），其他访员为 \(rounded(others.mean))（\(name)，z = \(rounded(z))）。",
          en: "has the mean \(rounded(own.mean)) of \(Int(own.count)) interviews, the others \(rounded(others.mean)) "
            + "(\(name), z = \(rounded(z)))."
        )
      }
    }
  }

  private static func heaping(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources where source.kind == .responses {
      guard let interviewers = Interviewers(survey, source), interviewers.names.count > 1 else {
        run.lacks([.interviewer])
        continue
      }
      var columns = [(String, [Double])]()
      if let income = survey.numbers(.income, in: source) {
        columns.append(
          (income.name, income.values.map { $0 > 0 ? ($0 / 1_000 == ($0 / 1_000).rounded() ? 1 : 0) : .nan })
        )
      }
      if let age = survey.numbers(.age, in: source) {
        // Whipple's ages.
        columns.append(
          (age.name, age.values.map { $0 >= 23 && $0 <= 62 ? ($0 / 5 == ($0 / 5).rounded() ? 1 : 0) : .nan })
        )
      }
      if columns.isEmpty {
        run.lacks([.income, .age])
        continue
      }
      test(survey, source, interviewers, columns, isUpper: true, &run) { name, own, others, z in
        LocalizedText(
          zh: "的“\(name)”有 \(percent(own.mean))% 为整数（千元，或末位 0、5），其他访员为 \(percent(others.mean))%（z = \(rounded(z))）。",
          en: "has \(percent(own.mean)) % round numbers in \(name) (thousands, or ending in 0 or 5); "
            + "the others have \(percent(others.mean)) % (z = \(rounded(z)))."
        )
      }
    }
  }

  /// Each interviewer's mean against the others of the same team, or of all where a team has too few.
  ///
  /// Formula: z = (m₁ − m₂) / √(s² d (1/n₁ + 1/n₂)), with the pooled variance s² and the design effect d = 1 + (b − 1) ρ
  /// of the interviewer's b interviews a village. The significance level is divided by the number of tests (Bonferroni).
  private static func test(
    _ survey: CheckedSurvey,
    _ source: CheckedSource,
    _ interviewers: Interviewers,
    _ columns: [(String, [Double])],
    isUpper: Bool,
    _ run: inout RuleRun,
    words: (String, Sums, Sums, Double) -> LocalizedText
  ) {
    let least = survey.settings[.interviewerInterviews]
    let correlation = survey.settings[.interviewerCorrelation]
    struct Result {
      var interviewer: Int
      var column: Int
      var own: Sums
      var others: Sums
      var z: Double
    }
    var results = [Result]()
    for (place, column) in columns.enumerated() {
      var own = [Sums](repeating: Sums(), count: interviewers.names.count)
      var teams = [Sums](repeating: Sums(), count: interviewers.teamCount)
      var ownInTeam = [[Int: Sums]](repeating: [:], count: interviewers.names.count)
      var all = Sums()
      for row in 0..<source.rowCount where interviewers.ofRow[row] >= 0 && !column.1[row].isNaN {
        own[interviewers.ofRow[row]].add(column.1[row])
        teams[interviewers.team[row]].add(column.1[row])
        ownInTeam[interviewers.ofRow[row]][interviewers.team[row], default: Sums()].add(column.1[row])
        all.add(column.1[row])
      }
      for interviewer in interviewers.names.indices where own[interviewer].count >= least {
        var others = all - own[interviewer]
        if let (team, sums) = ownInTeam[interviewer].max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }),
          sums.count == own[interviewer].count, (teams[team] - sums).count >= least
        {
          others = teams[team] - sums
        }
        guard others.count >= least else { continue }
        let freedom = own[interviewer].count + others.count - 2
        // A share has the variance of no difference (score test); so has a mean where nobody varies.
        let within = (own[interviewer].scatter + others.scatter) / freedom
        let variance = isUpper || within == 0 ? (own[interviewer] + others).scatter / (freedom + 1) : within
        guard variance > 0 else { continue }
        let effect = interviewers.designEffect(interviewer, correlation)
        let error = (variance * effect * (1 / own[interviewer].count + 1 / others.count)).squareRoot()
        results.append(
          Result(
            interviewer: interviewer,
            column: place,
            own: own[interviewer],
            others: others,
            z: (own[interviewer].mean - others.mean) / error
          )
        )
      }
    }
    run.count(results.count)
    guard !results.isEmpty else {
      return run.note(
        zh: "没有访员达到 \(Int(least)) 户。",
        en: "no interviewer has \(Int(least)) interviews beside others."
      )
    }
    let level = survey.settings[.significance] / Double(results.count)
    let limit = Normal.quantile(1 - (isUpper ? level : level / 2))
    let column = survey.column(.interviewer, in: source)?.name
    for result in results where isUpper ? result.z > limit : abs(result.z) > limit {
      let text = words(columns[result.column].0, result.own, result.others, result.z)
      run.fail(
        source,
        row: interviewers.firstRow[result.interviewer],
        column: column,
        value: interviewers.names[result.interviewer],
        zh: text.zh,
        en: text.en
      )
    }
  }

  private static func rounded(_ value: Double) -> String { shortest((value * 100).rounded() / 100) }
  private static func percent(_ share: Double) -> String { shortest((share * 1_000).rounded() / 10) }
}
