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

  /// −1 where the frame is small enough to stay in memory.
  private let file: Int32
  private let end = UnsafeMutablePointer<Int>.allocate(capacity: 1)
  private let lock = TurnLock(workers: 1)

  /// The lines of one worker that are not in the file yet, and what is.
  struct Part {
    var bytes = UnsafeMutableRawPointer(bitPattern: 0)
    var count = 0
    var capacity = 0
    var extents: [(offset: Int, count: Int)] = []
  }

  /// Each worker's own parts, worker by worker: nobody else touches them while the frame is read, and afterwards
  /// only whoever sorts the part. Plain memory: every line of the frame passes here.
  private let parts: UnsafeMutableBufferPointer<Part>
  private let partCount: Int
  private let workers: Int
  /// What all ids seen begin with.
  private let prefix: UnsafeMutableBufferPointer<UInt8>
  /// The bounds between parts, filled up with the greatest number to one less than a power of two.
  private let splitters: UnsafeMutableBufferPointer<UInt64>
  private(set) var hasFailed = false

  /// - Parameter bytes: about how many there will be.
  init?(order: FrameOrder, workers: Int, bytes: Int) {
    self.workers = workers
    partCount = order.splitters.count + 1
    parts = .allocate(capacity: workers * partCount)
    parts.initialize(repeating: Part())
    prefix = .allocate(capacity: order.prefix.count)
    _ = prefix.initialize(from: order.prefix)
    var room = 1
    while room <= order.splitters.count { room *= 2 }
    splitters = .allocate(capacity: room - 1)
    splitters.initialize(repeating: .max)
    for (place, splitter) in order.splitters.enumerated() { splitters[place] = splitter }
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
    for part in parts { part.bytes?.deallocate() }
    parts.deinitialize()
    parts.deallocate()
    prefix.deallocate()
    splitters.deallocate()
  }

  /// Adds a line; `isQuoted` says that the id stands in it in another form than its bytes.
  func add(id: UnsafeBufferPointer<UInt8>, line: UnsafeBufferPointer<UInt8>, isQuoted: Bool, worker: Int) {
    let place = worker * partCount + part(of: id)
    let needed = 8 + line.count + (isQuoted ? id.count : 0)
    if parts[place].count + needed > parts[place].capacity { makeRoom(needed, in: place) }
    guard var free = parts[place].bytes.map({ $0 + parts[place].count }), let text = line.baseAddress else { return }
    let header = UInt64(line.count) << 32 | UInt64(id.count) << 1 | (isQuoted ? 1 : 0)
    free.storeBytes(of: header, as: UInt64.self)
    free += 8
    free.copyMemory(from: text, byteCount: line.count)
    if isQuoted, let id = UnsafeRawBufferPointer(id).baseAddress {
      (free + line.count).copyMemory(from: id, byteCount: needed - 8 - line.count)
    }
    parts[place].count += needed
  }

  /// Empties a part into the file, or makes it larger.
  private func makeRoom(_ needed: Int, in place: Int) {
    if file >= 0, parts[place].count > 0 { flush(place) }
    guard parts[place].count + needed > parts[place].capacity else { return }
    let capacity = max(RowSpool.bufferBytes, parts[place].count + needed, file < 0 ? 2 * parts[place].capacity : 0)
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    if let old = parts[place].bytes {
      bytes.copyMemory(from: old, byteCount: parts[place].count)
      old.deallocate()
    }
    parts[place].bytes = bytes
    parts[place].capacity = capacity
  }

  private func part(of id: UnsafeBufferPointer<UInt8>) -> Int {
    var key: UInt64
    if id.count >= prefix.count, prefix.isEmpty || holds(UnsafeBufferPointer(prefix), id) {
      key = leadingBytes(of: UnsafeBufferPointer(rebasing: id[prefix.count...]))
    } else {
      key = precedes(id, UnsafeBufferPointer(prefix)) ? 0 : .max
    }
    // Halves without branches. Equal keys go to one part, whichever way they came.
    var low = 0
    var step = (splitters.count + 1) / 2
    while step > 0 {
      low &+= splitters[low &+ step &- 1] < key ? step : 0
      step /= 2
    }
    return low
  }

  private func holds(_ prefix: UnsafeBufferPointer<UInt8>, _ id: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let left = prefix.baseAddress, let right = id.baseAddress else { return prefix.isEmpty }
    return memcmp(left, right, prefix.count) == 0
  }

  private func flush(_ place: Int) {
    let count = parts[place].count
    let offset = lock.alone {
      let offset = end.pointee
      end.pointee += count
      return offset
    }
    var done = 0
    while done < count {
      let put = pwrite(file, parts[place].bytes.map { $0 + done }, count - done, off_t(offset + done))
      if put < 0, errno == EINTR { continue }
      if put <= 0 {
        lock.alone { hasFailed = true }
        break
      }
      done += put
    }
    parts[place].count = 0
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
      defer { sorter.deallocate() }
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
    let places = (0..<workers).map { $0 * partCount + part }
    sorter.makeRoom(places.reduce(0) { $0 + parts[$1].count + parts[$1].extents.reduce(0) { $0 + $1.count } })
    for place in places {
      for extent in parts[place].extents {
        if !sorter.read(file, offset: extent.offset, count: extent.count) { return false }
      }
      sorter.add(UnsafeRawBufferPointer(start: parts[place].bytes, count: parts[place].count))
      parts[place].bytes?.deallocate()
      parts[place].bytes = nil
      parts[place].count = 0
      parts[place].capacity = 0
    }
    return true
  }

  private final class SpoolState: @unchecked Sendable {
    var stream = DigestStream()
    var isSound = true
    init(_ header: [UInt8]) { stream.update(header) }
  }
}
