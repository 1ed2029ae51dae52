import Glibc

/// Files that are there whole or not at all.
///
/// A temporary file beside the target is written, synced and renamed, then the folder is synced. A killed run may leave
/// a ``TemporaryName``.
package enum AtomicFile {
  /// Refuses a target that may not be written, before anything is begun.
  package static func check(_ path: String, overwrite: Bool) throws(WritingError) {
    _ = try existing(path, overwrite: overwrite)
  }

  /// Writes bytes to a path; a device (`/dev/full`, a pipe) gets them directly.
  package static func write(
    _ bytes: [UInt8],
    to path: String,
    overwrite: Bool
  ) throws(WritingError) {
    if try existing(path, overwrite: overwrite) == .device {
      let file = open(path, O_WRONLY | O_NOFOLLOW | O_CLOEXEC)
      guard file >= 0 else { throw .cannotCreate(path: path, reason: systemReason()) }
      try writeAll(bytes, to: file, path: path)
      guard close(file) == 0 else { throw failure(path, "close") }
      return
    }
    try withAtomicPath(path, overwrite: overwrite) { (temporary) throws(WritingError) in
      let file = open(temporary, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC)
      guard file >= 0 else { throw failure(path, "open") }
      try writeAll(bytes, to: file, path: path)
      guard close(file) == 0 else { throw failure(path, "close") }
    }
  }

  /// Lets a body fill a temporary file beside the target, then makes it the target.
  ///
  /// The body gets the path of an empty file that nobody else writes to; when it throws, that file is
  /// removed and the target is as it was. A device (`/dev/full`, a pipe) is filled itself: nothing may take its place.
  package static func withAtomicPath(
    _ path: String,
    overwrite: Bool,
    _ body: (String) throws(WritingError) -> Void
  ) throws(WritingError) {
    let found = try existing(path, overwrite: overwrite)
    if found == .device { return try body(path) }
    let temporary = try makeTemporary(beside: path)
    var isDone = false
    defer { if !isDone { unlink(temporary) } }
    try body(temporary)
    if case .file(let mode) = found { chmod(temporary, mode) }
    try sync(temporary, path: path)
    try move(temporary, to: path, overwrite: overwrite)
    isDone = true
    try syncFolder(of: path)
  }

  /// A hard link, unlike a rename, refuses a name that came to be in the meantime.
  private static func move(
    _ temporary: String,
    to path: String,
    overwrite: Bool
  ) throws(WritingError) {
    if !overwrite {
      if link(temporary, path) == 0 {
        unlink(temporary)
        return
      }
      // Some file systems (FAT, a few network ones) have no hard links: the check above must do there.
      guard errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS else {
        throw errno == EEXIST ? .exists(path: path) : failure(path, "link")
      }
      _ = try existing(path, overwrite: false)
    }
    guard rename(temporary, path) == 0 else { throw failure(path, "rename") }
  }

  /// Removes a regular file that this run has written.
  static func remove(_ path: String) {
    if (try? existing(path, overwrite: true)) != .device { unlink(path) }
  }

  private enum Existing: Equatable {
    case none
    case file(mode: mode_t)
    case device
  }

  private static func existing(_ path: String, overwrite: Bool) throws(WritingError) -> Existing {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else { throw .cannotCreate(path: path, reason: systemReason()) }
      return .none
    }
    switch status.st_mode & S_IFMT {
    case S_IFLNK: throw .symbolicLink(path: path)
    case S_IFDIR: throw .isFolder(path: path)
    case S_IFREG:
      guard overwrite else { throw .exists(path: path) }
      return .file(mode: status.st_mode & 0o7777)
    default: return .device
    }
  }

  /// An empty file beside a path that nobody else writes to; who asks for it removes it.
  static func makeTemporary(beside path: String) throws(WritingError) -> String {
    let (folder, name) = split(path)
    for attempt in 0..<100 {
      let temporary = folder + "/" + TemporaryName.of(name, attempt: attempt)
      let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o666)
      if file >= 0 {
        close(file)
        return temporary
      }
      guard errno == EEXIST else { break }
    }
    throw .cannotCreate(path: path, reason: systemReason())
  }

  private static func writeAll(_ bytes: [UInt8], to file: Int32, path: String) throws(WritingError) {
    var offset = 0
    while offset < bytes.count {
      let written = bytes.withUnsafeBytes { buffer in
        Glibc.write(file, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
      }
      if written < 0 {
        if errno == EINTR { continue }
        let error = failure(path, "write")
        close(file)
        throw error
      }
      offset += written
    }
  }

  private static func sync(_ temporary: String, path: String) throws(WritingError) {
    let file = open(temporary, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard file >= 0 else { throw failure(path, "open") }
    defer { close(file) }
    guard fsync(file) == 0 else { throw failure(path, "fsync") }
  }

  /// Syncs the folder that holds a path.
  package static func syncFolder(of path: String) throws(WritingError) {
    let folder = open(split(path).folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { return }
    defer { close(folder) }
    // Some network file systems cannot sync a folder and say so; the file itself is safe by then.
    guard fsync(folder) == 0 || errno == EINVAL || errno == EBADF else { throw failure(path, "fsync") }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return (".", path) }
    let folder = slash == path.startIndex ? "/" : String(path[..<slash])
    return (folder, String(path[path.index(after: slash)...]))
  }

  private static func failure(_ path: String, _ step: String) -> WritingError {
    .failed(path: path, step: step, reason: systemReason())
  }

  private static func systemReason() -> String { String(cString: strerror(errno)) }
}
