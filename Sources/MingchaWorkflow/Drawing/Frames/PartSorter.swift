internal import Glibc
internal import SampleDrawing
internal import SurveyData

/// Puts the lines of one part of a ``RowSpool`` in the order of their ids.
struct PartSorter {
  private var bytes: [UInt8] = []
  private var entries: [Entry] = []
  private var other: [Entry] = []
  /// The lines in order.
  private(set) var ordered: [UInt8] = []

  /// A line: eight bytes of its id, and where its header stands.
  private struct Entry {
    var key: UInt64
    var place: Int
  }

  mutating func reset() {
    bytes.removeAll(keepingCapacity: true)
    entries.removeAll(keepingCapacity: true)
    ordered.removeAll(keepingCapacity: true)
  }

  mutating func add(_ more: [UInt8]) { bytes += more }

  /// Reads on from a file.
  mutating func read(_ file: Int32, offset: Int, count: Int) -> Bool {
    let begin = bytes.count
    bytes.append(contentsOf: repeatElement(0, count: count))
    return bytes.withUnsafeMutableBytes { bytes in
      var done = 0
      while done < count {
        let got = pread(file, bytes.baseAddress.map { $0 + begin + done }, count - done, off_t(offset + done))
        if got < 0, errno == EINTR { continue }
        if got <= 0 { return false }
        done += got
      }
      return true
    }
  }

  /// Fills ``ordered``; false where an id stands twice.
  mutating func sort() -> Bool {
    bytes.withUnsafeBytes { raw in
      let shared = PartSorter.findEntries(raw, into: &entries)
      for index in entries.indices {
        let id = PartSorter.id(raw, entries[index].place)
        entries[index].key = leadingBytes(of: UnsafeBufferPointer(rebasing: id[shared...]))
      }
      sortByKey()
      if !sortEqualKeys(raw) { return false }
      ordered.reserveCapacity(bytes.count)
      for entry in entries { ordered.append(contentsOf: PartSorter.line(raw, entry.place)) }
      return true
    }
  }

  /// The lines' places, and how many bytes all ids begin with alike.
  private static func findEntries(_ raw: UnsafeRawBufferPointer, into entries: inout [Entry]) -> Int {
    var shared = Int.max
    var place = 0
    var first = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    while place < raw.count {
      let header = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
      let lineCount = Int(header >> 32)
      let idCount = Int(header & 0xFFFF_FFFF) >> 1
      entries.append(Entry(key: 0, place: place))
      let id = id(raw, place)
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
    let count = entries.count
    if count < 64 {
      entries.sort { $0.key < $1.key }
      return
    }
    var either: UInt64 = 0
    var both = UInt64.max
    for entry in entries {
      either |= entry.key
      both &= entry.key
    }
    let varying = either ^ both
    if other.count < count { other = [Entry](repeating: Entry(key: 0, place: 0), count: count) }
    var starts = [Int](repeating: 0, count: 256)
    for shift in stride(from: 0, to: 64, by: 8) as StrideTo<UInt64> where (varying &>> shift) & 0xFF != 0 {
      for byte in 0..<256 { starts[byte] = 0 }
      for entry in entries { starts[Int((entry.key &>> shift) & 0xFF)] &+= 1 }
      var sum = 0
      for byte in 0..<256 {
        let here = starts[byte]
        starts[byte] = sum
        sum &+= here
      }
      other.withUnsafeMutableBufferPointer { other in
        for entry in entries {
          let byte = Int((entry.key &>> shift) & 0xFF)
          other[starts[byte]] = entry
          starts[byte] &+= 1
        }
      }
      for index in 0..<count { entries[index] = other[index] }
    }
  }

  /// Orders ids that are alike in eight bytes by all of them; false where two are the same.
  private mutating func sortEqualKeys(_ raw: UnsafeRawBufferPointer) -> Bool {
    var begin = 0
    while begin < entries.count {
      var end = begin + 1
      while end < entries.count, entries[end].key == entries[begin].key { end += 1 }
      if end - begin > 1 {
        entries[begin..<end].sort { precedes(PartSorter.id(raw, $0.place), PartSorter.id(raw, $1.place)) }
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
