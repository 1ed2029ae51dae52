internal import Glibc
package import SurveyData

/// The bytes of a small file: a seed, a receipt, a survey file.
///
/// - Throws: `file-missing` or `file-unreadable`.
package func readBytes(_ path: String) throws(InputRefusal) -> [UInt8] {
  let file = open(path, O_RDONLY | O_CLOEXEC)
  guard file >= 0 else { throw unreadable(path, errno) }
  defer { close(file) }
  var bytes = [UInt8]()
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = read(file, &buffer, buffer.count)
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw unreadable(path, errno) }
    if count == 0 { return bytes }
    bytes += buffer[..<count]
  }
}

/// Whether something stands at a path, be it a broken link.
package func exists(_ path: String) -> Bool {
  var status = stat()
  return lstat(path, &status) == 0
}

/// Whether a path is a folder.
package func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// Whether two paths lead to one file.
func isSameFile(_ left: String, _ right: String) -> Bool {
  var one = stat()
  var other = stat()
  return stat(left, &one) == 0 && stat(right, &other) == 0 && one.st_dev == other.st_dev && one.st_ino == other.st_ino
}

/// The last part of a path.
package func lastComponent(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

private func unreadable(_ path: String, _ number: Int32) -> InputRefusal {
  let isMissing = number == ENOENT || number == ENOTDIR
  let reason = String(cString: strerror(number))
  return InputRefusal(
    Finding(
      isMissing ? "file-missing" : "file-unreadable",
      file: path,
      message: isMissing
        ? LocalizedText(zh: "文件不存在。", en: "does not exist.")
        : LocalizedText(zh: "无法读取（\(reason)）。", en: "cannot be read (\(reason))."),
      fix: LocalizedText(zh: "请核对路径与权限。", en: "Check the path and its permissions.")
    )
  )
}
