internal import Glibc
internal import SampleDrawing
internal import SurveyData

/// Merges ascending runs of files into the canonical order and hashes the lines on the way.
///
/// One thread merges, another hashes; memory is a buffer for each run. Files in order of their numbers are a
/// few such runs, because "10" stands before "9" in the order of bytes.
enum RunMerge {
  private static let chunkBytes = 256 << 10

  /// - Returns: the digest of header and lines; `nil` where an id stands twice or a file cannot be read again.
  static func digest(header: [UInt8], runs: [AscendingRun], paths: [String]) -> Digest? {
    var files = [Int32]()
    defer { for file in files { close(file) } }
    for path in paths {
      let file = open(path, O_RDONLY | O_CLOEXEC)
      if file < 0 { return nil }
      files.append(file)
    }
    let queue = ChunkQueue(most: 4)
    let isSound = Outcome()
    let digest = DigestBox(header)
    let opened = files
    Workers.run(2) { worker in
      if worker == 0 {
        isSound.value = merge(runs, files: opened) { queue.push($0) }
        queue.finish()
      } else {
        while let chunk = queue.pop() { digest.stream.update(chunk) }
      }
    }
    return isSound.value ? digest.stream.finished : nil
  }

  private static func merge(_ runs: [AscendingRun], files: [Int32], push: ([UInt8]) -> Void) -> Bool {
    let cursors = UnsafeMutableBufferPointer<RunCursor>.allocate(capacity: runs.count)
    for (index, run) in runs.enumerated() {
      let cursor = RunCursor(run, file: files[Int(run.file)], bufferBytes: 16 << 20 / runs.count)
      cursors.initializeElement(at: index, to: cursor)
    }
    defer {
      for cursor in cursors { cursor.deallocate() }
      cursors.deallocate()
    }
    for index in cursors.indices where !cursors[index].load() { return false }
    var heap = RunHeap(cursors)
    defer { heap.deallocate() }
    var chunk = [UInt8]()
    chunk.reserveCapacity(chunkBytes + (1 << 16))
    while let top = heap.first {
      let next = heap.second
      // The run in front stays there until the next one's id is reached.
      var goesOn = true
      repeat {
        if next >= 0 {
          let order = RunCursor.order(cursors[top], cursors[next])
          if order == 0 { return false }
          if order > 0 { break }
        }
        goesOn = cursors[top].pass(into: &chunk)
        if chunk.count >= chunkBytes {
          push(chunk)
          chunk.removeAll(keepingCapacity: true)
        }
      } while goesOn
      if !goesOn, cursors[top].failed { return false }
      cursors[top].flush(into: &chunk)
      if goesOn { heap.sinkFirst() } else { heap.removeFirst() }
    }
    push(chunk)
    return true
  }

  private final class Outcome: @unchecked Sendable {
    var value = false
  }

  private final class DigestBox: @unchecked Sendable {
    var stream = DigestStream()
    init(_ header: [UInt8]) { stream.update(header) }
  }
}

/// The place of a merge in one run.
private struct RunCursor {
  private let file: Int32
  private var offset: Int
  private let end: Int
  private let buffer: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private var filled = 0
  /// The current line: where it begins, where its id ends, and behind its line feed.
  private var position = 0
  private var idEnd = 0
  private var lineEnd = 0
  private var head: UInt64 = 0
  /// Lines passed but not yet handed on begin here.
  private var passed = 0
  private(set) var failed = false

  init(_ run: AscendingRun, file: Int32, bufferBytes: Int) {
    self.file = file
    offset = run.start
    end = run.end
    // A line has at most as many bytes as a record may have; the buffer grows no further.
    capacity = max(64 << 10, min(1 << 20, bufferBytes))
    buffer = .allocate(capacity: capacity)
  }

  func deallocate() { buffer.deallocate() }

  private var id: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: buffer + position, count: idEnd - position)
  }

  static func order(_ left: RunCursor, _ right: RunCursor) -> Int {
    if left.head != right.head { return left.head < right.head ? -1 : 1 }
    let leftCount = left.idEnd - left.position
    let rightCount = right.idEnd - right.position
    let order = memcmp(left.buffer + left.position, right.buffer + right.position, min(leftCount, rightCount))
    return order == 0 ? leftCount - rightCount : Int(order)
  }

  /// Finds the first line.
  mutating func load() -> Bool {
    refill()
    return find()
  }

  /// Passes the current line and finds the next; false at the end.
  mutating func pass(into chunk: inout [UInt8]) -> Bool {
    position = lineEnd
    if find() { return true }
    flush(into: &chunk)
    refill()
    return find()
  }

  /// Hands on the lines passed.
  mutating func flush(into chunk: inout [UInt8]) {
    chunk.append(contentsOf: UnsafeBufferPointer(start: buffer + passed, count: position - passed))
    passed = position
  }

  private mutating func find() -> Bool {
    let left = filled - position
    guard left > 0, let feed = memchr(buffer + position, 0x0A, left) else { return false }
    lineEnd = UnsafeRawPointer(feed) - UnsafeRawPointer(buffer) + 1
    let comma = memchr(buffer + position, 0x2C, lineEnd - 1 - position)
    idEnd = comma.map { UnsafeRawPointer($0) - UnsafeRawPointer(buffer) } ?? lineEnd - 1
    head = leadingBytes(of: id)
    return true
  }

  /// Moves what is not yet passed to the front and reads on.
  private mutating func refill() {
    let kept = filled - position
    if kept > 0 { memmove(buffer, buffer + position, kept) }
    filled = kept
    position = 0
    passed = 0
    while filled < capacity, offset < end {
      let got = pread(file, buffer + filled, min(capacity - filled, end - offset), offset)
      if got < 0, errno == EINTR { continue }
      if got == 0, end - offset == 1 {
        // The file's last line has no line feed of its own.
        buffer[filled] = 0x0A
        filled += 1
        offset += 1
        return
      }
      if got <= 0 {
        failed = true
        return
      }
      filled += got
      offset += got
    }
    if filled == capacity, memchr(buffer, 0x0A, filled) == nil { failed = true }
  }
}

/// The runs of a merge by the id each has come to, the least in front.
private struct RunHeap {
  private let cursors: UnsafeMutableBufferPointer<RunCursor>
  private let places: UnsafeMutableBufferPointer<Int>
  private var count: Int

  init(_ cursors: UnsafeMutableBufferPointer<RunCursor>) {
    self.cursors = cursors
    count = cursors.count
    places = .allocate(capacity: count)
    _ = places.initialize(from: cursors.indices)
    for place in stride(from: count / 2, through: 0, by: -1) where place < count { sink(place) }
  }

  func deallocate() { places.deallocate() }

  /// The run in front.
  var first: Int? { count == 0 ? nil : places[0] }

  /// The run behind the one in front; −1 where there is none.
  var second: Int {
    if count < 2 { return -1 }
    return count > 2 && stands(2, before: 1) ? places[2] : places[1]
  }

  /// The run in front has gone on.
  func sinkFirst() { sink(0) }

  /// The run in front has ended.
  mutating func removeFirst() {
    count -= 1
    places[0] = places[count]
    if count > 0 { sink(0) }
  }

  private func stands(_ left: Int, before right: Int) -> Bool {
    RunCursor.order(cursors[places[left]], cursors[places[right]]) < 0
  }

  private func sink(_ start: Int) {
    var place = start
    while true {
      var least = place
      let left = 2 &* place &+ 1
      if left < count, stands(left, before: least) { least = left }
      if left &+ 1 < count, stands(left &+ 1, before: least) { least = left &+ 1 }
      if least == place { return }
      places.swapAt(place, least)
      place = least
    }
  }
}

/// Chunks on their way from one thread to another, a few at a time.
private final class ChunkQueue: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let most: Int
  private var chunks: [[UInt8]] = []
  private var isFinished = false

  init(most: Int) {
    self.most = most
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func push(_ chunk: [UInt8]) {
    pthread_mutex_lock(mutex)
    while chunks.count >= most { pthread_cond_wait(condition, mutex) }
    chunks.append(chunk)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  func finish() {
    pthread_mutex_lock(mutex)
    isFinished = true
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  func pop() -> [UInt8]? {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    while chunks.isEmpty, !isFinished { pthread_cond_wait(condition, mutex) }
    if chunks.isEmpty { return nil }
    let chunk = chunks.removeFirst()
    pthread_cond_broadcast(condition)
    return chunk
  }
}
