import FieldChecks
import SurveyData
import SurveyDesign

/// A table from lines of comma-separated cells, the heads first; an empty cell is missing.
func textTable(_ text: String, file: String = "file.csv") -> Table {
  let lines = text.split(separator: "\n").map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
  let rows = lines.dropFirst()
  return Table(
    columns: lines[0].enumerated().map { place, name in
      Column(name, texts: rows.map { $0[place].isEmpty ? nil : $0[place] })
    },
    rowCount: rows.count,
    file: file
  )
}

/// What the rules find in some sources.
struct Checked {
  let report: CheckReport

  init(
    _ sources: [CheckedSource],
    settings: CheckSettings = CheckSettings(),
    areas: AreaCodes? = nil,
    outcome: OutcomeCodes? = nil,
    draws: [CheckedDraw] = [],
    declared: [String: [DeclaredColumn]] = [:],
    answered: String? = nil
  ) {
    report = runChecks(
      CheckedSurvey(
        sources: sources,
        draws: draws,
        settings: settings,
        areas: areas,
        outcome: outcome,
        declared: declared,
        answeredDraw: answered
      ),
      workers: 2
    )
  }

  func problems(_ rule: String) -> [Problem] { report.outcomes.first { $0.id == rule }?.problems ?? [] }

  /// The rows of a rule's problems, as a person counts them.
  func rows(_ rule: String) -> [Int] { problems(rule).compactMap(\.row) }

  /// The rules in which something failed.
  var failed: Set<String> { Set(report.outcomes.filter { $0.failed > 0 }.map(\.id)) }
}

extension CheckedSource {
  static func responses(_ text: String, id: String? = "household", name: String = "households") -> CheckedSource {
    CheckedSource(name: name, kind: .responses, tables: [textTable(text)], id: id)
  }

  static func register(_ text: String, id: String? = nil, name: String = "members") -> CheckedSource {
    CheckedSource(name: name, kind: .table, tables: [textTable(text)], id: id)
  }
}

/// An identity number with the check character that fits; written apart from the code: Σ dᵢ 2^(17−i) mod 11.
func identity(_ first: String) -> String {
  var sum = 0
  for (place, digit) in first.enumerated() {
    var weight = 1
    for _ in 0..<(17 - place) { weight = weight * 2 % 11 }
    sum += (digit.wholeNumberValue ?? 0) * weight
  }
  return first + ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum % 11]
}
