internal import Glibc
internal import SampleDrawing
internal import SurveyData

/// The canonical lines of a frame in any order, put in the order of their ids in parts that fit in memory.
///
/// Each line goes to a part by the bytes of its id; the parts lie in a file that has no name any more. A part
/// is then read, sorted and hashed by itself. Memory does not grow with the frame.
final class RowSpool: @unchecked Sendable {
  static let parts = 256
  private static let bufferBytes = 16 << 10

  private let order: FrameOrder
  /// −1 where the frame is small enough to stay in memory.
  private let file: Int32
  private let end = UnsafeMutablePointer<Int>.allocate(capacity: 1)
  private let lock = TurnLock(workers: 1)

  /// The lines of one worker that are not in the file yet, and what is.
  struct Part {
    var bytes: [UInt8] = []
    var extents: [(offset: Int, count: Int)] = []
  }

  /// Each worker's own parts, worker by worker: nobody else touches them while the frame is read, and afterwards
  /// only whoever sorts the part.
  private let parts: UnsafeMutableBufferPointer<Part>
  private let partCount: Int
  private let workers: Int
  private(set) var hasFailed = false

  /// - Parameter bytes: about how many there will be.
  init?(order: FrameOrder, workers: Int, bytes: Int) {
    self.order = order
    self.workers = workers
    partCount = order.splitters.count + 1
    parts = .allocate(capacity: workers * partCount)
    parts.initialize(repeating: Part())
    end.initialize(to: 0)
    if bytes <= 32 << 20 {
      file = -1
      return
    }
    file = RowSpool.namelessFile()
    if file < 0 { return nil }
  }

  /// A new file that goes with this process; −1 where there can be none.
  private static func namelessFile() -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    for number in 0..<100 {
      let path = "\(folder)/.mingcha-frame-\(getpid())-\(number)"
      let file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
      if file >= 0 {
        unlink(path)
        return file
      }
      if errno != EEXIST { return -1 }
    }
    return -1
  }

  deinit {
    if file >= 0 { close(file) }
    end.deallocate()
    parts.deinitialize()
    parts.deallocate()
  }

  /// Adds a line; `isQuoted` says that the id stands in it in another form than its bytes.
  func add(id: UnsafeBufferPointer<UInt8>, line: UnsafeBufferPointer<UInt8>, isQuoted: Bool, worker: Int) {
    let place = worker * partCount + part(of: id)
    let header = UInt64(line.count) << 32 | UInt64(id.count) << 1 | (isQuoted ? 1 : 0)
    withUnsafeBytes(of: header) { parts[place].bytes.append(contentsOf: $0) }
    parts[place].bytes.append(contentsOf: line)
    if isQuoted { parts[place].bytes.append(contentsOf: id) }
    if file >= 0, parts[place].bytes.count >= RowSpool.bufferBytes { flush(place) }
  }

  private func part(of id: UnsafeBufferPointer<UInt8>) -> Int {
    let prefix = order.prefix.count
    var key: UInt64
    if id.count >= prefix, prefix == 0 || order.prefix.withUnsafeBufferPointer({ holds($0, id) }) {
      key = leadingBytes(of: UnsafeBufferPointer(rebasing: id[prefix...]))
    } else {
      key = order.prefix.withUnsafeBufferPointer { precedes(id, $0) } ? 0 : .max
    }
    return order.splitters.withUnsafeBufferPointer { splitters in
      var low = 0
      var length = splitters.count
      while length > 0 {
        let half = length / 2
        // Equal keys go to one part, whichever way they came.
        if splitters[low &+ half] < key {
          low &+= half &+ 1
          length &-= half &+ 1
        } else {
          length = half
        }
      }
      return low
    }
  }

  private func holds(_ prefix: UnsafeBufferPointer<UInt8>, _ id: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let left = prefix.baseAddress, let right = id.baseAddress else { return prefix.isEmpty }
    return memcmp(left, right, prefix.count) == 0
  }

  private func flush(_ place: Int) {
    let count = parts[place].bytes.count
    let offset = lock.alone {
      let offset = end.pointee
      end.pointee += count
      return offset
    }
    let isWritten = parts[place].bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < count {
        let put = pwrite(file, bytes.baseAddress.map { $0 + done }, count - done, off_t(offset + done))
        if put < 0, errno == EINTR { continue }
        if put <= 0 { return false }
        done += put
      }
      return true
    }
    if !isWritten { lock.alone { hasFailed = true } }
    parts[place].bytes.removeAll(keepingCapacity: true)
    parts[place].extents.append((offset, count))
  }

  /// Sorts and hashes.
  ///
  /// - Returns: the digest of header and lines; `nil` where an id stands twice or the file gave out.
  func digest(header: [UInt8], workers: Int) -> Digest? {
    if hasFailed { return nil }
    let turns = TurnLock(workers: workers)
    let state = SpoolState(header)
    let partCount = partCount
    Workers.run(workers) { worker in
      var sorter = PartSorter()
      // Every worker takes its turn in every round, also where no part is left for it.
      for place in stride(from: worker, to: (partCount + workers - 1) / workers * workers, by: workers) {
        let isSound = place >= partCount || self.load(place, into: &sorter) && sorter.sort()
        let lines = sorter.ordered
        turns.inTurn(of: worker) {
          if !isSound { state.isSound = false }
          if place < partCount, state.isSound { state.stream.update(lines) }
        }
      }
    }
    return state.isSound ? state.stream.finished : nil
  }

  private func load(_ part: Int, into sorter: inout PartSorter) -> Bool {
    sorter.reset()
    for worker in 0..<workers {
      let place = worker * partCount + part
      for extent in parts[place].extents {
        if !sorter.read(file, offset: extent.offset, count: extent.count) { return false }
      }
      sorter.add(parts[place].bytes)
      parts[place].bytes = []
    }
    return true
  }

  private final class SpoolState: @unchecked Sendable {
    var stream = DigestStream()
    var isSound = true
    init(_ header: [UInt8]) { stream.update(header) }
  }
}
