internal import Glibc
internal import SurveyData

/// Tells whether a file was written to.
package struct FileStamp: Sendable, Equatable {
  var isRegular: Bool
  package var size: Int
  var seconds: Int
  var nanoseconds: Int
}

/// An open input with its first bytes already read.
struct InputFile {
  /// The name in messages; standard input is "-".
  let name: String
  let descriptor: Int32
  /// The first bytes, taken off the descriptor.
  private(set) var head: [UInt8] = []
  /// The head is all there is.
  private(set) var isWhole = false
  let identity: FileStamp

  var isRegular: Bool { identity.isRegular }

  /// Opens a path ("-" is standard input); the caller closes it.
  init(path: String) throws(InputRefusal) {
    name = path
    if path == "-" {
      descriptor = STDIN_FILENO
    } else {
      var status = stat()
      guard stat(path, &status) == 0 else { throw Self.unreadable(path, errno) }
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR:
        throw Self.notFile(path, LocalizedText(zh: "是文件夹，不是文件。", en: "is a folder, not a file."))
      default:
        throw Self.notFile(path, LocalizedText(zh: "不是普通文件。", en: "is no regular file."))
      }
      descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw Self.unreadable(path, errno) }
    }
    identity = try Self.identity(of: descriptor, name: path)
    do throws(InputRefusal) {
      var source = ByteSource(self)
      head = try source.take(upTo: Limits.headBytes)
      isWhole = head.count < Limits.headBytes
    } catch {
      close()
      throw error
    }
    guard head.isEmpty else { return }
    close()
    throw InputRefusal(
      Finding(
        "file-empty",
        file: path,
        message: LocalizedText(zh: "文件为空。", en: "is empty."),
        fix: LocalizedText(zh: "请重新导出或下载。", en: "Export or download it again.")
      )
    )
  }

  func close() {
    if descriptor != STDIN_FILENO { _ = Glibc.close(descriptor) }
  }

  /// Refuses a file that was written to since it was opened.
  func requireUnchanged() throws(InputRefusal) {
    guard identity.isRegular, descriptor != STDIN_FILENO else { return }
    let now = try Self.identity(of: descriptor, name: name)
    guard now != identity else { return }
    throw InputRefusal(Self.changed(name))
  }

  static func changed(_ name: String) -> Finding {
    Finding(
      "file-changed",
      file: name,
      message: LocalizedText(zh: "在读取过程中被修改。", en: "was changed while it was read."),
      fix: LocalizedText(zh: "请等写入结束后再运行。", en: "Run again once it is no longer written to.")
    )
  }

  private static func identity(of descriptor: Int32, name: String) throws(InputRefusal) -> FileStamp {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw unreadable(name, errno) }
    return FileStamp(
      isRegular: status.st_mode & S_IFMT == S_IFREG,
      size: Int(status.st_size),
      seconds: status.st_mtim.tv_sec,
      nanoseconds: status.st_mtim.tv_nsec
    )
  }

  static func unreadable(_ name: String, _ number: Int32) -> InputRefusal {
    let reason = String(cString: strerror(number))
    let isMissing = number == ENOENT || number == ENOTDIR
    return InputRefusal(
      Finding(
        isMissing ? "file-missing" : "file-unreadable",
        file: name,
        message: isMissing
          ? LocalizedText(zh: "文件不存在。", en: "does not exist.")
          : LocalizedText(zh: "无法读取（\(reason)）。", en: "cannot be read (\(reason))."),
        fix: LocalizedText(zh: "请核对路径与权限。", en: "Check the path and its permissions.")
      )
    )
  }

  private static func notFile(_ name: String, _ message: LocalizedText) -> InputRefusal {
    InputRefusal(
      Finding(
        "file-not-regular",
        file: name,
        message: message,
        fix: LocalizedText(
          zh: "请给出一个文件；管道请用“-”从标准输入读取。",
          en: "Name a file; pipe into \"-\" to read standard input."
        )
      )
    )
  }
}

/// Bytes in order: from memory, or what is left on a descriptor.
struct ByteSource {
  private let descriptor: Int32
  private let name: String
  private var memory: [UInt8]
  private var position = 0
  private let continuesOnDescriptor: Bool

  /// What is left on the descriptor of an open file.
  init(_ file: InputFile) {
    descriptor = file.descriptor
    name = file.name
    memory = []
    continuesOnDescriptor = true
  }

  init(memory: [UInt8], name: String) {
    descriptor = -1
    self.name = name
    self.memory = memory
    continuesOnDescriptor = false
  }

  /// Up to `count` bytes; fewer only at the end.
  mutating func take(upTo count: Int) throws(InputRefusal) -> [UInt8] {
    try extend([], to: count)
  }

  /// The bytes given and, after them, more of the source up to `count` in all; fewer only at the end.
  mutating func extend(_ start: [UInt8], to count: Int) throws(InputRefusal) -> [UInt8] {
    guard start.count < count else { return start }
    if !continuesOnDescriptor {
      let taken = min(count - start.count, memory.count - position)
      let piece = memory[position..<position + taken]
      position += taken
      return start + piece
    }
    var failure: Int32 = 0
    let filled = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      _ = buffer.update(fromContentsOf: start)
      used = start.count
      while used < count {
        let got = Glibc.read(descriptor, buffer.baseAddress.map { $0 + used }, count - used)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        guard got > 0 else { break }
        used += got
      }
    }
    if failure != 0 { throw InputFile.unreadable(name, failure) }
    return filled
  }

  /// All that is left.
  mutating func takeAll() throws(InputRefusal) -> [UInt8] {
    if !continuesOnDescriptor {
      defer { position = memory.count }
      return Array(memory[position...])
    }
    var all: [UInt8] = []
    while true {
      let piece = try take(upTo: 4 << 20)
      all += piece
      if piece.count < 4 << 20 { return all }
    }
  }
}
