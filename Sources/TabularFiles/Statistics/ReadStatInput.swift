internal import CReadStat
internal import Glibc
internal import SurveyData

/// The bytes of an open file as ReadStat asks for them: read from any place, in pieces of any size.
///
/// A file is read where it lies; what comes through a pipe is kept in memory, since dictionary and rows are read in
/// passes of their own. A class, because C functions call back.
final class ReadStatInput {
  private static let capacity = 256 << 10

  /// What the operating system said when a read failed; 0 as long as none did.
  private(set) var failure: Int32 = 0
  private let descriptor: Int32
  private let memory: [UInt8]?
  private let size: Int
  private var position = 0
  private var window = [UInt8](repeating: 0, count: ReadStatInput.capacity)
  private var windowStart = 0
  private var windowCount = 0

  init(_ file: InputFile) throws(InputRefusal) {
    descriptor = file.descriptor
    if file.isRegular {
      memory = nil
      size = file.identity.size
    } else {
      var source = ByteSource(file)
      let all = try source.extend(file.head, to: Limits.pipedArchiveBytes + 1)
      guard all.count <= Limits.pipedArchiveBytes else { throw InputRefusal(.tooLongForPipe(file.name)) }
      memory = all
      size = all.count
    }
  }

  func seek(_ offset: Int, from whence: readstat_io_flags_t) -> Int {
    let base =
      switch whence {
      case READSTAT_SEEK_CUR: position
      case READSTAT_SEEK_END: size
      default: 0
      }
    let (target, overflows) = base.addingReportingOverflow(offset)
    guard !overflows, target >= 0 else { return -1 }
    position = target
    return target
  }

  /// Up to `count` bytes from the current place; fewer only at the end or where reading failed.
  func read(into target: UnsafeMutableRawPointer, count: Int) -> Int {
    if let memory {
      let taken = max(0, min(count, memory.count - position))
      memory.withUnsafeBytes { bytes in
        if taken > 0 {
          target.copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[position...]).baseAddress ?? UnsafeRawPointer(target),
            byteCount: taken
          )
        }
      }
      position += taken
      return taken
    }
    var done = 0
    while done < count {
      let ahead = windowStart + windowCount - position
      if position >= windowStart, ahead > 0 {
        let piece = min(ahead, count - done)
        window.withUnsafeBytes { bytes in
          (target + done).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: bytes[(position - windowStart)...]).baseAddress
              ?? UnsafeRawPointer(target),
            byteCount: piece
          )
        }
        position += piece
        done += piece
        continue
      }
      let got = fill()
      guard got > 0 else { break }
    }
    return done
  }

  /// Fetches the bytes from the current place on; how many there are.
  private func fill() -> Int {
    windowStart = position
    windowCount = 0
    let (descriptor, position) = (descriptor, position)
    while true {
      let got = window.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, position) }
      if got < 0, errno == EINTR { continue }
      if got < 0 { failure = errno }
      windowCount = max(0, got)
      return windowCount
    }
  }
}

extension Finding {
  fileprivate static func tooLongForPipe(_ file: String) -> Finding {
    Finding(
      "file-too-large",
      file: file,
      message: LocalizedText(
        zh: "通过管道传来的文件超过 \(Limits.pipedArchiveBytes >> 20) MiB。",
        en: "is more than \(Limits.pipedArchiveBytes >> 20) MiB that come through a pipe."
      ),
      fix: LocalizedText(zh: "请先存成文件再读取。", en: "Save it as a file and name that.")
    )
  }
}
