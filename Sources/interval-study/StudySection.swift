import Foundation
import SurveySimulation

/// One table of the study: families of settings, each a row for every method.
struct StudySection {
  struct Family {
    var label: String
    var settings: [StudySetting]
  }
  var key: String
  var title: String
  var families: [Family]
  var methods = IntervalStudy.methods

  /// Populations with 1,440 counties or more in all, at least ten of them: truths vary more than samples of one do.
  static func setting(_ counties: Int, _ rates: VillageRates, _ correlation: Double) -> StudySetting {
    StudySetting(
      counties: counties,
      rates: rates,
      correlation: correlation,
      populations: max(10, 1440 / counties),
      samples: 20
    )
  }

  private static let classic = ["logit", "korn-graubard-floor", "pooled", "pooled-corrected"]

  static let all: [StudySection] = [
    StudySection(
      key: "round",
      title: "24 counties, 25 villages by size, 60 households",
      families: byRates(counties: 24) { _ in }
    ),
    StudySection(
      key: "weights",
      title: "24 counties, 25 villages by simple random sampling: weights go with the village's size",
      families: byRates(counties: 24) { $0.method = "srs" },
      methods: classic
    ),
    StudySection(
      key: "villages",
      title: "24 counties, other numbers of villages",
      families: [10, 15, 50].map { villages in
        Family(label: "\(villages) villages", settings: mixture(24) { $0.villages = villages })
      },
      methods: classic
    ),
    StudySection(
      key: "counties",
      title: "Other numbers of counties",
      families: [6, 12, 40].map { Family(label: "\($0) counties", settings: mixture($0) { _ in }) },
      methods: classic + ["hierarchical"]
    ),
    StudySection(
      key: "stages",
      title: "Three stages and domains, 24 counties",
      families: [
        Family(label: "6 groups × 10 households in a village", settings: mixture(24) { $0.hasGroups = true }),
        Family(label: "domain: a quarter of the households", settings: mixture(24) { $0.isDomain = true }),
      ],
      methods: classic
    ),
    StudySection(
      key: "rare",
      title: "Rates of 0.01–0.1 %: most counties without an event, the round often with fewer than ten",
      families: [6, 12, 24].map { counties in
        Family(
          label: "\(counties) counties",
          settings: [0, 0.03, 0.1].map { correlation in
            var setting = Self.setting(counties, .beta, correlation)
            setting.lowest = 0.0001
            setting.highest = 0.001
            return setting
          }
        )
      },
      methods: classic + ["default", "hierarchical", "beta-binomial"]
    ),
  ]

  private static func byRates(counties: Int, _ change: (inout StudySetting) -> Void) -> [Family] {
    VillageRates.allCases.map { rates in
      let correlations =
        rates == .beta
        ? [0, 0.01, 0.03, 0.06, 0.1, 0.15] : rates == .varying ? [0.03, 0.06, 0.1, 0.15] : [0.03, 0.1]
      return Family(
        label: rates.rawValue,
        settings: correlations.map { correlation in
          var setting = Self.setting(counties, rates, correlation)
          change(&setting)
          return setting
        }
      )
    }
  }

  /// One setting or more of every family of village rates.
  private static func mixture(_ counties: Int, _ change: (inout StudySetting) -> Void) -> [StudySetting] {
    let kinds: [(VillageRates, Double)] = [
      (.beta, 0.01), (.beta, 0.06), (.beta, 0.1), (.varyingMuch, 0.06), (.twoPoint, 0.06), (.lognormal, 0.06),
      (.linked, 0.06), (.small, 0.06),
    ]
    return kinds.map { rates, correlation in
      var setting = Self.setting(counties, rates, correlation)
      change(&setting)
      return setting
    }
  }

  private struct Result {
    var family: Int
    var setting: StudySetting
    var cells: [String: [CoverageCell]]
  }

  /// Runs the section on two threads and lays out its table.
  func table(_ study: IntervalStudy) async throws -> String {
    var draws: [String: StudyDraws] = [:]
    for setting in families.flatMap(\.settings) where draws[drawKey(setting)] == nil {
      draws[drawKey(setting)] = try StudyDraws(study.frame, for: setting, seed: study.seed)
    }
    let jobs = families.indices.flatMap { family in families[family].settings.map { (family, $0) } }
    let drawn = draws
    let results = await withTaskGroup(of: (Int, Result).self) { group in
      var next = 0
      func add() {
        guard next < jobs.count else { return }
        let (place, (family, setting)) = (next, jobs[next])
        next += 1
        guard let villages = drawn[drawKey(setting)] else { return }
        group.addTask {
          (
            place,
            Result(family: family, setting: setting, cells: study.run(setting, methods: methods, draws: villages))
          )
        }
      }
      add()
      add()
      var results = [Result?](repeating: nil, count: jobs.count)
      for await (place, result) in group {
        results[place] = result
        add()
      }
      return results.compactMap { $0 }
    }
    return text(results)
  }

  private func drawKey(_ setting: StudySetting) -> String {
    "\(setting.method) \(setting.villages) \(setting.samples)"
  }

  private func text(_ results: [Result]) -> String {
    var lines = [
      "### \(title)", "",
      "| rates | method | worst cell ± s.e. | mean | mean abs dev | cells < 94 | worst upper (97.5) | width / logit, by ρ | void |",
      "|---|---|---|---|---|---|---|---|---|",
    ]
    for family in families.indices {
      for method in methods {
        lines.append(row(families[family].label, method, results.filter { $0.family == family }))
      }
    }
    if families.count > 1 {
      for method in methods { lines.append(row("**all**", method, results)) }
    }
    let low = results.flatMap { result in
      (result.cells["default"] ?? result.cells["pooled-corrected"] ?? []).enumerated().filter {
        $0.element.intervals > 0 && $0.element.coverage < 0.94
      }
      .map {
        "\(result.setting.name), rate band \($0.offset + 1): \(percent($0.element.coverage)) ± \(percent($0.element.standardError))"
      }
    }
    lines += [
      "",
      low.isEmpty
        ? "No cell of the default is under 94 %."
        : "The default is under 94 % in: " + low.joined(separator: "; ") + ".",
    ]
    return lines.joined(separator: "\n")
  }

  private func row(_ label: String, _ method: String, _ results: [Result]) -> String {
    let cells = results.flatMap { $0.cells[method] ?? [] }.filter { $0.intervals > 0 }
    guard let worst = cells.min(by: { $0.coverage < $1.coverage }) else { return "| \(label) | \(method) | – |" }
    let mean = cells.reduce(0) { $0 + $1.coverage } / Double(cells.count)
    let distance = cells.reduce(0) { $0 + abs($1.coverage - 0.95) } / Double(cells.count)
    let upper = cells.map(\.upperCoverage).min() ?? .nan
    let widths = results.map { result -> String in
      func width(_ method: String) -> Double {
        let cells = (result.cells[method] ?? []).filter { $0.intervals > 0 }
        let count = cells.reduce(0) { $0 + $1.intervals }
        return cells.reduce(0) { $0 + $1.meanWidth * Double($1.intervals) } / Double(max(1, count))
      }
      return String(format: "%.2f", width(method) / width("logit"))
    }
    let columns = [
      label, method, percent(worst.coverage) + " ± " + percent(worst.standardError), percent(mean),
      percent(distance, 2),
      "\(cells.count { $0.coverage < 0.94 })/\(cells.count)", percent(upper),
      label == "**all**" ? "" : widths.joined(separator: " "), "\(cells.reduce(0) { $0 + $1.void })",
    ]
    return "| " + columns.joined(separator: " | ") + " |"
  }

  private func percent(_ share: Double, _ digits: Int = 1) -> String { String(format: "%.\(digits)f", 100 * share) }
}
