import Foundation
import SurveyData
import SurveyDesign
import SurveyEstimation
import TabularFiles

// Times estimates in process, from a table in memory to the estimates with their errors and intervals:
// `estimation-bench FILE TASK ROUNDS WORKERS` prints one line of JSON. The file is one of Benchmarks/estimation_data.py;
// what is timed begins with columns in memory and ends with every figure that `mingcha estimate` would print.

private let indicators = (1...20).map { "y\($0)" }

/// A task as Benchmarks/estimation_peers.py and .R name it.
private enum BenchTask: String, CaseIterable {
  case means, twostage, domains, intervals, bootstrap

  var stages: [SampleDesign.Stage] {
    let village = SampleDesign.Stage(strata: ["stratum"], unit: .column("village"))
    guard self == .twostage else { return [village] }
    return [
      SampleDesign.Stage(strata: ["stratum"], unit: .column("village"), populationSize: "N_village"),
      SampleDesign.Stage(unit: .column("hh"), populationSize: "N_hh"),
    ]
  }

  var design: SampleDesign {
    var design = SampleDesign(
      stages: stages,
      weights: .expression(Expression(column: "w")),
      lonelyUnits: .fail,
      adjustsLonelyDomains: false,
      unitsNestedInStrata: false
    )
    if self == .bootstrap {
      let replicates = Replication(method: "rao-wu", count: 500, seed: 1)
      design.adjustments = [.replication(replicates, isMeanSquaredError: false)]
    }
    return design
  }

  var request: EstimationRequest {
    EstimationRequest(
      indicators: indicators.map {
        Indicator(key: $0, statistic: .mean(Expression(column: $0)), interval: self == .intervals ? "beta" : "logit")
      },
      domains: self == .domains || self == .intervals ? [["county"]] : [[]],
      level: 0.95,
      domainVariance: .unconditional,
      domainFreedom: .design,
      deff: nil,
      plannedCorrelation: 0,
      dropsMissing: true,
      covariances: false
    )
  }
}

private func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data((text + "\n").utf8))
  exit(64)
}

private func seconds(_ duration: Duration) -> Double {
  Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
}

/// Seconds that the processors have spent on this process.
private func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

private func run(_ arguments: [String]) throws {
  guard arguments.count == 4, let task = BenchTask(rawValue: arguments[1]), let rounds = Int(arguments[2]),
    let workers = Int(arguments[3]), rounds > 0, workers > 0
  else {
    fail("estimation-bench FILE \(BenchTask.allCases.map(\.rawValue).joined(separator: "|")) ROUNDS WORKERS")
  }
  let estimator = try Estimator(task.request, design: task.design)
  let requests = estimator.columns.map { ColumnRequest($0.name, $0.isNumber ? .number : .text) }
  let codes = Set(requests.filter { $0.kind == .text }.map(\.name))
  let table = try readTable(
    path: arguments[0],
    options: ReadOptions(columns: requests, identifiers: codes)
  ).table
  var times: [Double] = []
  var last: Estimate?
  let clock = ContinuousClock()
  let began = processorSeconds()
  for _ in 0..<rounds {
    let start = clock.now
    let estimation = try estimate(table, design: task.design, request: task.request, workers: workers)
    times.append(seconds(clock.now - start))
    last = estimation.estimates.last
  }
  let processors = (processorSeconds() - began) / Double(rounds)
  times.sort()
  guard let last, let estimate = last.estimate, let error = last.standardError else { fail("nothing was estimated") }
  print(
    "{\"run_s\":\(times[rounds / 2]),\"cpu_s\":\(processors),\"check\":[\(estimate),\(error)],"
      + "\"interval\":[\(last.interval?.lower ?? 0),\(last.interval?.upper ?? 0)]}"
  )
}

do {
  try run(Array(CommandLine.arguments.dropFirst()))
} catch let refusal as InputRefusal {
  fail(refusal.findings.map { $0.line(in: .english) }.joined(separator: "\n"))
} catch {
  fail("\(error)")
}
