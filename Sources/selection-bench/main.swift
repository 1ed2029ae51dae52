import Foundation
import SampleDrawing
import SurveyData
import SurveyDesign

// Times one stage's draw in process, from a frame in memory to the units drawn with their probabilities; nothing is
// read or written. `selection-bench frame N` writes the same frame as CSV for other programs,
// `selection-bench tickets N` times tickets alone on one core, and `selection-bench pass FILE METHOD n [SIZE]` times
// a draw by the columns id and stratum of a file: the pass over it, and then the selection.

/// Sizes, three columns to balance and two coordinates, from whole numbers alone: the same on every machine.
private func benchFrame(_ count: Int) -> Table {
  var state: UInt64 = 20_181_201
  func next(_ bound: UInt64) -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (state >> 33) % bound
  }
  var columns = [[String?]](repeating: [], count: 7)
  for unit in 0..<count {
    columns[0].append("u\(1_000_000 + unit)")
    columns[1].append(String(20 + next(40) * next(40) / 8))
    columns[2].append(String(600 + next(400) + next(400)))
    columns[3].append(String(next(12) + next(12)))
    columns[4].append("1")
    columns[5].append("\(next(100_000)).5")
    columns[6].append("\(next(100_000)).5")
  }
  let names = ["id", "size", "height", "poor", "one", "east", "north"]
  return Table(columns: zip(names, columns).map { Column($0, texts: $1) }, file: "bench.csv")
}

private func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data((text + "\n").utf8))
  exit(64)
}

private func run(_ arguments: [String]) throws {
  if arguments.count == 2, arguments[0] == "frame", let count = Int(arguments[1]), count > 0 {
    let frame = benchFrame(count)
    print(frame.columnNames.joined(separator: ","))
    for row in 0..<count { print(frame.columns.map { $0.text(at: row) ?? "" }.joined(separator: ",")) }
    return
  }
  if arguments.count == 2, arguments[0] == "tickets", let count = Int(arguments[1]), count > 0 {
    print(try ticketsPerSecond(count))
    return
  }
  if arguments.count >= 4, arguments[0] == "pass", let sample = Int(arguments[3]) {
    let size = arguments.count > 4 ? arguments[4] : nil
    let (pass, draw) = try FramePass.time(file: arguments[1], method: arguments[2], sample: sample, size: size)
    print(pass, draw)
    return
  }
  guard arguments.count == 4, let method = SelectionMethods.named(arguments[0]), let count = Int(arguments[1]),
    let sample = Int(arguments[2]), let rounds = Int(arguments[3]), count > 0, rounds > 0
  else {
    fail(
      "selection-bench METHOD N n ROUNDS, selection-bench frame N, selection-bench tickets N, or "
        + "selection-bench pass FILE METHOD n [SIZE]"
    )
  }
  let plan = StagePlan(
    name: "unit",
    id: "id",
    method: method.name,
    take: method.name == "all" ? .all : method.name == "bernoulli" ? .rate(0.1) : .count(sample),
    size: "size",
    balance: method.measures == .balance ? ["height", "poor", "one"] : [],
    coordinates: method.measures == .coordinates ? ["east", "north"] : []
  )
  let frame = benchFrame(count)
  var seconds = [Double]()
  for round in 0..<rounds {
    let key = try DrawKey(seed: "bench \(round)", group: "bench", stage: "unit")
    let clock = ContinuousClock()
    let start = clock.now
    let stage = try drawStage(plan, frame: frame, key: key)
    let elapsed = clock.now - start
    seconds.append(Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18)
    if stage.cells.isEmpty { fail("nothing was drawn") }
  }
  seconds.sort()
  print(seconds[rounds / 2])
}

do {
  try run(Array(CommandLine.arguments.dropFirst()))
} catch let refusal as InputRefusal {
  fail(refusal.findings.map { $0.line(in: .english) }.joined(separator: "\n"))
} catch {
  fail("\(error)")
}
