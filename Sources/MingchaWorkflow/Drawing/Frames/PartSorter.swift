internal import Glibc
internal import SampleDrawing
internal import SurveyData

/// Puts the lines of one part of a ``RowSpool`` in the order of their ids.
///
/// Plain memory that grows with the largest part and is given back by ``deallocate()``.
struct PartSorter {
  /// A line: eight bytes of its id, and where its header stands.
  private struct Entry {
    var key: UInt64
    var place: Int
  }

  private var bytes = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var count = 0
  private var lines = UnsafeMutableRawBufferPointer(start: nil, count: 0)
  private var lineBytes = 0
  private var entries = UnsafeMutableBufferPointer<Entry>(start: nil, count: 0)
  private var other = UnsafeMutableBufferPointer<Entry>(start: nil, count: 0)
  private var entryCount = 0

  func deallocate() {
    bytes.deallocate()
    lines.deallocate()
    entries.deallocate()
    other.deallocate()
  }

  /// The lines in order, as long as no other part is taken in.
  var ordered: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: lines[..<lineBytes]) }

  /// Forgets the part before and makes room for one of so many bytes.
  mutating func makeRoom(_ needed: Int) {
    count = 0
    lineBytes = 0
    entryCount = 0
    guard needed > bytes.count else { return }
    bytes.deallocate()
    lines.deallocate()
    bytes = .allocate(byteCount: needed, alignment: 16)
    lines = .allocate(byteCount: needed, alignment: 16)
  }

  mutating func add(_ more: UnsafeRawBufferPointer) {
    UnsafeMutableRawBufferPointer(rebasing: bytes[count..<count + more.count]).copyMemory(from: more)
    count += more.count
  }

  /// Reads on from a file.
  mutating func read(_ file: Int32, offset: Int, count wanted: Int) -> Bool {
    var done = 0
    while done < wanted {
      let got = pread(file, bytes.baseAddress.map { $0 + count + done }, wanted - done, off_t(offset + done))
      if got < 0, errno == EINTR { continue }
      if got <= 0 { return false }
      done += got
    }
    count += wanted
    return true
  }

  /// Fills ``ordered``; false where an id stands twice.
  mutating func sort() -> Bool {
    let raw = UnsafeRawBufferPointer(rebasing: bytes[..<count])
    let shared = findEntries(raw)
    for index in 0..<entryCount {
      let id = PartSorter.id(raw, entries[index].place)
      entries[index].key = leadingBytes(of: UnsafeBufferPointer(rebasing: id[shared...]))
    }
    sortByKey()
    if !sortEqualKeys(raw) { return false }
    for index in 0..<entryCount {
      let line = PartSorter.line(raw, entries[index].place)
      UnsafeMutableRawBufferPointer(rebasing: lines[lineBytes..<lineBytes + line.count]).copyMemory(from: line)
      lineBytes += line.count
    }
    return true
  }

  /// Finds the lines' places, and how many bytes all ids begin with alike.
  private mutating func findEntries(_ raw: UnsafeRawBufferPointer) -> Int {
    var shared = Int.max
    var place = 0
    var first = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    while place < raw.count {
      let header = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      let lineCount = Int(header >> 32)
      let idCount = Int(header & 0xFFFF_FFFF) >> 1
      if entryCount == entries.count { growEntries() }
      entries.initializeElement(at: entryCount, to: Entry(key: 0, place: place))
      entryCount += 1
      let id = PartSorter.id(raw, place)
      if shared == Int.max {
        first = id
        shared = id.count
      }
      var length = 0
      while length < shared, length < id.count, first[length] == id[length] { length &+= 1 }
      shared = min(shared, length)
      place += 8 + lineCount + (header & 1 == 1 ? idCount : 0)
    }
    return shared == Int.max ? 0 : shared
  }

  private mutating func growEntries() {
    let more = UnsafeMutableBufferPointer<Entry>.allocate(capacity: max(1_024, 2 * entries.count))
    _ = more.update(fromContentsOf: entries[..<entryCount])
    entries.deallocate()
    other.deallocate()
    entries = more
    other = .allocate(capacity: more.count)
  }

  private static func id(_ raw: UnsafeRawBufferPointer, _ place: Int) -> UnsafeBufferPointer<UInt8> {
    let header = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    let start = place + 8 + (header & 1 == 1 ? Int(header >> 32) : 0)
    let bytes = UnsafeRawBufferPointer(rebasing: raw[start..<start + Int(header & 0xFFFF_FFFF) >> 1])
    return bytes.assumingMemoryBound(to: UInt8.self)
  }

  private static func line(_ raw: UnsafeRawBufferPointer, _ place: Int) -> UnsafeRawBufferPointer {
    let header = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
    return UnsafeRawBufferPointer(rebasing: raw[place + 8..<place + 8 + Int(header >> 32)])
  }

  /// By bytes from the lowest to the highest, each pass keeping the order of the one before.
  private mutating func sortByKey() {
    if entryCount < 64 {
      entries[..<entryCount].sort { $0.key < $1.key }
      return
    }
    var either: UInt64 = 0
    var both = UInt64.max
    for index in 0..<entryCount {
      either |= entries[index].key
      both &= entries[index].key
    }
    let varying = either ^ both
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { starts in
      for shift in stride(from: 0, to: 64, by: 8) as StrideTo<UInt64> where (varying &>> shift) & 0xFF != 0 {
        starts.initialize(repeating: 0)
        for index in 0..<entryCount { starts[Int((entries[index].key &>> shift) & 0xFF)] &+= 1 }
        var sum = 0
        for byte in 0..<256 {
          let here = starts[byte]
          starts[byte] = sum
          sum &+= here
        }
        for index in 0..<entryCount {
          let byte = Int((entries[index].key &>> shift) & 0xFF)
          other[starts[byte]] = entries[index]
          starts[byte] &+= 1
        }
        swap(&entries, &other)
      }
    }
  }

  /// Orders ids that are alike in eight bytes by all of them; false where two are the same.
  private func sortEqualKeys(_ raw: UnsafeRawBufferPointer) -> Bool {
    var begin = 0
    while begin < entryCount {
      var end = begin + 1
      while end < entryCount, entries[end].key == entries[begin].key { end += 1 }
      if end - begin > 1 {
        var ties = UnsafeMutableBufferPointer(rebasing: entries[begin..<end])
        ties.sort {
          precedes(PartSorter.id(raw, $0.place), PartSorter.id(raw, $1.place))
        }
        for index in begin + 1..<end {
          let left = PartSorter.id(raw, entries[index - 1].place)
          // An empty id may stand often: rows that a filter leaves out need none.
          if !left.isEmpty, !precedes(left, PartSorter.id(raw, entries[index].place)) { return false }
        }
      }
      begin = end
    }
    return true
  }
}
