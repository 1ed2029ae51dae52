internal import CMinizip
internal import SurveyData

/// A zip archive whose parts are streamed and never written anywhere, every size watched.
///
/// The directory is checked as a whole when it is opened: number of entries, names, links, passwords,
/// declared sizes, parts that lie over each other. A class, because it closes what it opened.
final class Archive {
  private struct Entry {
    let name: String
    var place: unz64_file_pos
    let packedBytes: UInt64
    let bytes: UInt64
  }

  let file: String
  private let bytes: ArchiveBytes
  private let handle: unzFile
  /// By name in lower case, as package parts are looked up.
  private var entries: [String: Entry] = [:]
  private var inflatedBytes: UInt64 = 0

  init(_ input: InputFile) throws(InputRefusal) {
    file = input.name
    bytes = try ArchiveBytes(input)
    guard let handle = bytes.openArchive() else {
      throw InputRefusal(.archiveDamaged(input.name, LocalizedText(zh: "缺少目录", en: "its directory is missing")))
    }
    self.handle = handle
    try readDirectory()
  }

  deinit { unzClose(handle) }

  func contains(_ name: String) -> Bool { entries[name.lowercased()] != nil }

  /// Gives the part piece by piece until it ends or `body` returns false.
  ///
  /// - Throws: a refusal if the part is missing, damaged or larger than it may be.
  func read(
    _ name: String,
    _ body: (UnsafeRawBufferPointer) throws(InputRefusal) -> Bool
  ) throws(InputRefusal) {
    guard var entry = entries[name.lowercased()] else { throw InputRefusal(.partMissing(name, file: file)) }
    guard unzGoToFilePos64(handle, &entry.place) == UNZ_OK, unzOpenCurrentFile(handle) == UNZ_OK else {
      throw damaged(entry.name)
    }
    var isOpen = true
    defer { if isOpen { unzCloseCurrentFile(handle) } }
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)
    defer { buffer.deallocate() }
    var done: UInt64 = 0
    while true {
      let count = Int(unzReadCurrentFile(handle, buffer.baseAddress, UInt32(buffer.count)))
      guard count >= 0 else { throw damaged(entry.name) }
      guard count > 0 else { break }
      done += UInt64(count)
      inflatedBytes += UInt64(count)
      try requireModest(entry.name, bytes: done, packed: entry.packedBytes, total: inflatedBytes)
      guard try body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return }
    }
    isOpen = false
    // Closing compares the checksum.
    guard unzCloseCurrentFile(handle) == UNZ_OK, done == entry.bytes else { throw damaged(entry.name) }
  }

  private func readDirectory() throws(InputRefusal) {
    var summary = unz_global_info64()
    guard unzGetGlobalInfo64(handle, &summary) == UNZ_OK else { throw damaged(nil) }
    guard summary.number_entry <= Limits.archiveEntries else {
      throw InputRefusal(
        .archiveTooLarge(
          file,
          part: nil,
          LocalizedText(
            zh: "含有 \(summary.number_entry) 个条目",
            en: "it holds \(summary.number_entry) entries"
          )
        )
      )
    }
    guard summary.number_entry > 0 else { return }
    var ranges: [(start: UInt64, end: UInt64, name: String)] = []
    var total: UInt64 = 0
    var status = unzGoToFirstFile(handle)
    while status == UNZ_OK {
      let (entry, start) = try currentEntry()
      total = total.addingReportingOverflow(entry.bytes).overflow ? .max : total + entry.bytes
      try requireModest(entry.name, bytes: entry.bytes, packed: entry.packedBytes, total: total)
      ranges.append((start, start + entry.packedBytes, entry.name))
      guard entries.updateValue(entry, forKey: entry.name.lowercased()) == nil else {
        throw damaged(entry.name)
      }
      status = unzGoToNextFile(handle)
    }
    guard status == UNZ_END_OF_LIST_OF_FILE, entries.count == Int(summary.number_entry) else { throw damaged(nil) }
    ranges.sort { $0.start < $1.start }
    for index in ranges.indices.dropFirst() where ranges[index].start < ranges[index - 1].end {
      throw damaged(ranges[index].name)
    }
  }

  /// The directory's current entry and where its packed bytes begin.
  private func currentEntry() throws(InputRefusal) -> (Entry, start: UInt64) {
    var information = unz_file_info64()
    var nameBytes = [CChar](repeating: 0, count: 1_025)
    guard
      unzGetCurrentFileInfo64(handle, &information, &nameBytes, 1_024, nil, 0, nil, 0) == UNZ_OK,
      information.size_filename <= 1_024
    else { throw damaged(nil) }
    let name = String(
      decoding: nameBytes.prefix(Int(information.size_filename)).map { UInt8(bitPattern: $0) },
      as: UTF8.self
    )
    // The upper half holds the file's mode if a Unix system packed it; links are 0o120000.
    let isLink = information.version >> 8 == 3 && (information.external_fa >> 16) & 0o170000 == 0o120000
    let steps = name.split(whereSeparator: { $0 == "/" || $0 == "\\" })
    let isOutside = name.hasPrefix("/") || name.hasPrefix("\\") || steps.contains("..") || name.contains(":")
    if isLink || isOutside || name.utf8.contains(0) { throw InputRefusal(.archivePath(file, name: name)) }
    if information.flag & 1 != 0 { throw InputRefusal(.archiveLocked(file, part: name)) }
    guard information.compression_method == 0 || information.compression_method == 8 else { throw damaged(name) }
    var place = unz64_file_pos()
    guard unzGetFilePos64(handle, &place) == UNZ_OK, unzOpenCurrentFile(handle) == UNZ_OK else { throw damaged(name) }
    let start = UInt64(unzGetCurrentFileZStreamPos64(handle))
    unzCloseCurrentFile(handle)
    return (
      Entry(
        name: name,
        place: place,
        packedBytes: information.compressed_size,
        bytes: information.uncompressed_size
      ),
      start
    )
  }

  private func requireModest(_ name: String, bytes: UInt64, packed: UInt64, total: UInt64) throws(InputRefusal) {
    if total > Limits.archiveBytes {
      throw InputRefusal(
        .archiveTooLarge(file, part: name, LocalizedText(zh: "解压后超过 1 GiB", en: "it unpacks to more than 1 GiB"))
      )
    }
    if bytes > Limits.ratioFreeBytes, bytes / Limits.archiveRatio > packed {
      throw InputRefusal(
        .archiveTooLarge(
          file,
          part: name,
          LocalizedText(
            zh: "解压后超过原大小的 \(Limits.archiveRatio) 倍",
            en: "it unpacks to more than \(Limits.archiveRatio) times its size"
          )
        )
      )
    }
  }

  private func damaged(_ name: String?) -> InputRefusal {
    let part = name.map { LocalizedText(zh: "条目“\($0)”有误", en: "entry \"\($0)\" is wrong") }
    return InputRefusal(
      .archiveDamaged(file, part ?? LocalizedText(zh: "目录有误", en: "its directory is wrong"))
    )
  }
}
