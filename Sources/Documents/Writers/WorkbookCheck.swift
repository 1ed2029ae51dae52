internal import CMinizip
internal import Glibc

/// Whether every part of a workbook was written to its end.
///
/// libxlsxwriter prints the parts into temporary files and does not look whether these took what was printed: on a full
/// disk it packs the beginning of a part and reports success. So each part is read back and must end with the closing
/// tag of its first element.
enum WorkbookCheck {
  /// The name of a part that is cut off or cannot be read; `nil` where there is none.
  static func cutPart(of path: String) -> String? {
    guard let archive = unzOpen64(path) else { return path }
    defer { unzClose(archive) }
    var status = unzGoToFirstFile(archive)
    while status == UNZ_OK {
      var name = [CChar](repeating: 0, count: 1_024)
      guard unzGetCurrentFileInfo64(archive, nil, &name, UInt(name.count - 1), nil, 0, nil, 0) == UNZ_OK else {
        return path
      }
      if !isWhole(archive) {
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      }
      status = unzGoToNextFile(archive)
    }
    return status == UNZ_END_OF_LIST_OF_FILE ? nil : path
  }

  /// Whether two files hold the same bytes.
  static func areSame(_ one: String, _ other: String) -> Bool {
    let (left, right) = (open(one, O_RDONLY | O_CLOEXEC), open(other, O_RDONLY | O_CLOEXEC))
    defer {
      for file in [left, right] where file >= 0 { close(file) }
    }
    guard left >= 0, right >= 0 else { return false }
    var buffers = ([UInt8](repeating: 0, count: 64 << 10), [UInt8](repeating: 0, count: 64 << 10))
    while true {
      let counts = (read(left, &buffers.0, buffers.0.count), read(right, &buffers.1, buffers.1.count))
      guard counts.0 >= 0, counts.0 == counts.1, buffers.0.prefix(counts.0) == buffers.1.prefix(counts.0) else {
        return false
      }
      if counts.0 == 0 { return true }
    }
  }

  private static func isWhole(_ archive: unzFile) -> Bool {
    guard unzOpenCurrentFile(archive) == UNZ_OK else { return false }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    var start: [UInt8] = []
    var end: [UInt8] = []
    while true {
      let count = Int(unzReadCurrentFile(archive, &buffer, UInt32(buffer.count)))
      if count < 0 {
        unzCloseCurrentFile(archive)
        return false
      }
      if count == 0 { break }
      if start.count < 1_024 { start += buffer.prefix(min(count, 1_024)) }
      end = Array((end + buffer.prefix(count)).suffix(128))
    }
    guard unzCloseCurrentFile(archive) == UNZ_OK else { return false }
    return isClosed(start, end)
  }

  /// `<?xml …?><name …>` begins it and `</name>` ends it, or it is the one element `<name …/>`.
  private static func isClosed(_ start: [UInt8], _ end: [UInt8]) -> Bool {
    let mark = Array("?>".utf8)
    guard let declared = start.indices.first(where: { start[$0...].starts(with: mark) }),
      let open = start[declared...].firstIndex(of: UInt8(ascii: "<"))
    else { return false }
    let name = start[(open + 1)...].prefix {
      $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ">") && $0 != UInt8(ascii: "/")
    }
    let rest = end.reversed().drop { $0 == 0x0A || $0 == 0x0D || $0 == 0x20 }
    let last = Array(rest.reversed())
    let closing = Array("</".utf8) + name + Array(">".utf8)
    if last.suffix(closing.count) == closing[...] { return true }
    let isOneElement = start[(open + 1)...].firstIndex(of: UInt8(ascii: "<")) == nil
    return isOneElement && last.suffix(2) == Array("/>".utf8)[...]
  }
}
