internal import CMinizip
internal import Glibc
internal import SurveyData

/// The bytes of a packed file at any offset, given to minizip through its file functions.
///
/// The file is read through the descriptor that was opened and checked, so that what stands under its
/// name may change without effect. A class, because the C library needs one address to come back to.
final class ArchiveBytes {
  private enum Source {
    case descriptor(Int32)
    case memory([UInt8])
  }

  private let source: Source
  private let size: UInt64
  private var position: UInt64 = 0
  private var hasFailed = false

  /// Takes a regular file as it lies; what comes through a pipe is held in memory, up to a bound.
  init(_ file: InputFile) throws(InputRefusal) {
    if file.isRegular {
      source = .descriptor(file.descriptor)
      var status = stat()
      guard fstat(file.descriptor, &status) == 0 else { throw InputFile.unreadable(file.name, errno) }
      size = UInt64(max(0, status.st_size))
      return
    }
    var rest = ByteSource(file)
    let bytes = try rest.extend(file.head, to: Limits.pipedArchiveBytes + 1)
    guard bytes.count <= Limits.pipedArchiveBytes else { throw InputRefusal(.pipedArchiveTooLarge(file.name)) }
    source = .memory(bytes)
    size = UInt64(bytes.count)
  }

  /// Opens the archive's directory; `nil` if it is not there or damaged.
  ///
  /// The caller keeps these bytes alive until the archive is closed.
  func openArchive() -> unzFile? {
    guard holdsWholeEnd() else { return nil }
    var functions = zlib_filefunc64_def()
    functions.opaque = Unmanaged.passUnretained(self).toOpaque()
    functions.zopen64_file = { opaque, _, _ in
      ArchiveBytes.of(opaque)?.position = 0
      return opaque
    }
    functions.zread_file = { opaque, _, buffer, count in
      guard let bytes = ArchiveBytes.of(opaque), let buffer else { return 0 }
      return uLong(bytes.read(into: buffer, count: Int(count)))
    }
    functions.ztell64_file = { opaque, _ in ZPOS64_T(ArchiveBytes.of(opaque)?.position ?? 0) }
    functions.zseek64_file = { opaque, _, offset, origin in
      ArchiveBytes.of(opaque)?.seek(UInt64(offset), from: origin) == true ? 0 : -1
    }
    functions.zclose_file = { _, _ in 0 }
    functions.zerror_file = { opaque, _ in ArchiveBytes.of(opaque)?.hasFailed == false ? 0 : -1 }
    return unzOpen2_64("", &functions)
  }

  /// Whether the record that ends the directory is there to its last byte, which minizip does not ask for.
  private func holdsWholeEnd() -> Bool {
    let count = Int(min(size, 22 + 65_535))
    var tail = [UInt8](repeating: 0, count: count)
    position = size - UInt64(count)
    guard tail.withUnsafeMutableBytes({ $0.baseAddress.map { read(into: $0, count: count) } ?? 0 }) == count else {
      return false
    }
    guard count >= 22 else { return false }
    for start in stride(from: count - 4, through: 0, by: -1)
    where tail[start] == 0x50 && tail[start + 1] == 0x4B && tail[start + 2] == 5 && tail[start + 3] == 6 {
      guard start + 22 <= count else { return false }
      return start + 22 + Int(tail[start + 20]) + Int(tail[start + 21]) << 8 <= count
    }
    return false
  }

  private static func of(_ opaque: UnsafeMutableRawPointer?) -> ArchiveBytes? {
    opaque.map { Unmanaged<ArchiveBytes>.fromOpaque($0).takeUnretainedValue() }
  }

  private func read(into buffer: UnsafeMutableRawPointer, count: Int) -> Int {
    guard position < size else { return 0 }
    let wanted = Int(min(UInt64(count), size - position))
    var done = 0
    switch source {
    case .memory(let bytes):
      bytes.withUnsafeBytes { all in
        UnsafeMutableRawBufferPointer(start: buffer, count: wanted)
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: all[Int(position)..<Int(position) + wanted]))
      }
      done = wanted
    case .descriptor(let descriptor):
      while done < wanted {
        let got = pread(descriptor, buffer + done, wanted - done, off_t(position) + off_t(done))
        if got < 0, errno == EINTR { continue }
        if got < 0 { hasFailed = true }
        guard got > 0 else { break }
        done += got
      }
    }
    position += UInt64(done)
    return done
  }

  private func seek(_ offset: UInt64, from origin: Int32) -> Bool {
    let base: UInt64
    switch origin {
    case ZLIB_FILEFUNC_SEEK_SET: base = 0
    case ZLIB_FILEFUNC_SEEK_CUR: base = position
    case ZLIB_FILEFUNC_SEEK_END: base = size
    default: return false
    }
    let (target, isTooFar) = base.addingReportingOverflow(offset)
    guard !isTooFar, target <= size else { return false }
    position = target
    return true
  }
}
