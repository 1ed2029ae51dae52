import SampleDrawing
import SurveyData
import SurveyDesign
import TabularFiles

/// Tickets a second on one core, of ids of ten digits.
func ticketsPerSecond(_ count: Int) throws -> Double {
  var ids = [UInt8]()
  for unit in 0..<count { ids += Array(String(1_000_000_000 + unit).utf8) }
  let key = try DrawKey(seed: "bench", group: "bench", stage: "unit")
  let start = ContinuousClock().now
  let heads = key.ticketHeads(ids, length: 10)
  return Double(heads.count) / (ContinuousClock().now - start).inSeconds
}

/// A draw from a file, timed in its two parts; nothing is checked beyond what the draw needs, nothing is written.
final class FramePass: CellReader, @unchecked Sendable {
  private static let workers = 2

  private let plan: StagePlan
  private let key: DrawKey
  /// One a worker, each touched by its own.
  private let collectors: UnsafeMutableBufferPointer<FrameCollector?>

  private init(_ plan: StagePlan, key: DrawKey) {
    self.plan = plan
    self.key = key
    collectors = .allocate(capacity: FramePass.workers)
    collectors.initialize(repeating: nil)
  }

  deinit {
    collectors.deinitialize()
    collectors.deallocate()
  }

  func begin(file: Int, source: CellSource) throws {
    let collector = FrameCollector(
      plan,
      key: key,
      parents: nil,
      parentColumn: nil,
      header: source.header,
      file: source.file
    )
    for worker in collectors.indices { collectors[worker] = collector }
  }

  func passBytes(file: Int, _ bytes: UnsafeRawBufferPointer) {}

  func take(worker: Int, file: Int, _ block: CellBlock) throws {
    _ = collectors[worker]?.take(block, file: Int32(file), mask: nil)
  }

  /// The seconds of the pass (for methods by ticket: with the tickets) and of the selection.
  static func time(file: String, method: String, sample: Int, size: String?) throws -> (Double, Double) {
    let plan = StagePlan(name: "unit", id: "id", strata: ["stratum"], method: method, take: .count(sample), size: size)
    let key = try DrawKey(seed: "bench", group: "bench", stage: "unit")
    let clock = ContinuousClock()
    let begin = clock.now
    let pass = FramePass(plan, key: key)
    let options = ReadOptions(blockSize: 1 << 20)
    _ = try readCells(paths: [file], options: options, threads: workers, reader: pass)
    let middle = clock.now
    let collected = CollectedFrame(pass.collectors.compactMap { $0 })
    _ = try collected?.draw(plan, parents: nil, key: key, file: file, workers: workers)
    return ((middle - begin).inSeconds, (clock.now - middle).inSeconds)
  }
}

extension Duration {
  fileprivate var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
