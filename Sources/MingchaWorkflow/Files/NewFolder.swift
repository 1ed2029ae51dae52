internal import Documents
internal import Glibc

/// A folder that appears with all its files or not at all.
///
/// It is filled under a temporary name beside its place and renamed. A killed run may leave a
/// ``TemporaryName``.
enum NewFolder {
  /// Refuses a place that holds something, before any work is begun; an empty folder may be filled.
  static func check(_ path: String) throws(WritingError) {
    var status = stat()
    guard lstat(path, &status) == 0 else {
      guard errno == ENOENT else { throw .cannotCreate(path: path, reason: String(cString: strerror(errno))) }
      return
    }
    switch status.st_mode & S_IFMT {
    case S_IFLNK: throw .symbolicLink(path: path)
    case S_IFDIR:
      guard folderEntries(path).isEmpty else { throw .exists(path: path) }
    default: throw .exists(path: path)
    }
  }

  /// Fills the folder; `body` gets the temporary path.
  ///
  /// Missing folders above are made.
  static func write(_ path: String, _ body: (String) throws -> Void) throws {
    let place = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    try check(place)
    try makeFolders(parent(of: place))
    let temporary = parent(of: place) + "/" + TemporaryName.of(lastComponent(place))
    guard mkdir(temporary, 0o777) == 0 else {
      throw WritingError.cannotCreate(path: place, reason: String(cString: strerror(errno)))
    }
    var isDone = false
    defer { if !isDone { removeTree(temporary) } }
    do {
      try body(temporary)
    } catch let error as WritingError {
      throw error.at(place, insteadOf: temporary)
    }
    // rename(2) replaces an empty folder and refuses one that was filled in the meantime
    guard rename(temporary, place) == 0 else {
      if errno == ENOTEMPTY || errno == EEXIST { throw WritingError.exists(path: place) }
      throw WritingError.failed(path: place, step: "rename", reason: String(cString: strerror(errno)))
    }
    isDone = true
    try AtomicFile.syncFolder(of: place)
  }

  /// Makes a folder and those above it, as far as they are missing.
  static func makeFolders(_ path: String) throws(WritingError) {
    if path.isEmpty || path == "/" || path == "." || isFolder(path) { return }
    try makeFolders(parent(of: path))
    guard mkdir(path, 0o777) == 0 || errno == EEXIST else {
      throw .cannotCreate(path: path, reason: String(cString: strerror(errno)))
    }
  }

  static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func removeTree(_ path: String) {
    for name in folderEntries(path) {
      let inner = path + "/" + name
      var status = stat()
      if lstat(inner, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
        removeTree(inner)
      } else {
        unlink(inner)
      }
    }
    rmdir(path)
  }
}

/// Refuses a folder that holds something, before any work is begun.
package func checkNewFolder(_ path: String) throws { try NewFolder.check(path) }

/// The names in a folder, sorted by bytes; none where it cannot be read.
func folderEntries(_ path: String) -> [String] {
  guard let folder = opendir(path) else { return [] }
  defer { closedir(folder) }
  var names = [String]()
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}
