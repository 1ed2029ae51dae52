internal import Glibc
package import SurveyData

/// The lock of a survey folder: one run at a time writes in it.
///
/// It is `flock` on `.mingcha.lock`, so that it ends with the process that holds it, however that ends; what stands in
/// the file (process, host, time) only tells the others who holds it. A run that ends in order empties the file.
package final class FolderLock {
  package static let name = ".mingcha.lock"

  private let descriptor: Int32
  /// The words of a run that was interrupted while it held the lock.
  package let interrupted: String?

  /// Takes the lock of a survey folder; none where there is no survey file, or where the folder cannot hold one (a write
  /// will then say so).
  ///
  /// - Parameters:
  ///   - folder: holds `survey.yaml`.
  ///   - wait: seconds to try for.
  ///   - waiting: called once with who holds it, before the waiting begins.
  /// - Throws: a refusal where another run holds it for longer.
  package init?(folder: String, wait: Int, waiting: (String) -> Void) throws(InputRefusal) {
    guard exists(folder + "/survey.yaml") else { return nil }
    let path = folder + "/" + Self.name
    descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return nil }
    var tries = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        // A file system without locks: nothing can be promised there, and nothing be prevented.
        interrupted = nil
        return
      }
      let holder = Self.text(descriptor)
      guard tries < wait * 10 else {
        close(descriptor)
        throw Self.refusal(path, holder: holder)
      }
      if tries == 0 { waiting(holder) }
      tries += 1
      usleep(100_000)
    }
    let left = Self.text(descriptor)
    interrupted = left.isEmpty ? nil : left
    let words = Array("pid \(getpid()), \(Self.host), \(Self.now)\n".utf8)
    ftruncate(descriptor, 0)
    _ = pwrite(descriptor, words, words.count, 0)
  }

  /// The words in a lock file and whether a run holds it; nothing is made or changed.
  static func look(_ folder: String) -> (text: String, isHeld: Bool) {
    let descriptor = open(folder + "/" + name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard descriptor >= 0 else { return ("", false) }
    defer { close(descriptor) }
    return (text(descriptor), flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK)
  }

  deinit {
    ftruncate(descriptor, 0)
    close(descriptor)
  }

  private static func text(_ descriptor: Int32) -> String {
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)).prefix { $0 != 0x0A }, as: UTF8.self)
  }

  private static var host: String {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return "?" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static var now: String {
    var clock = time(nil)
    var parts = tm()
    gmtime_r(&clock, &parts)
    var text = [CChar](repeating: 0, count: 32)
    let count = strftime(&text, text.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
    return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func refusal(_ path: String, holder: String) -> InputRefusal {
    InputRefusal(
      Finding(
        "folder-locked",
        file: path,
        value: holder.isEmpty ? nil : holder,
        message: LocalizedText(zh: "另一个程序正在写这个调查文件夹。", en: "another run is writing in this survey folder."),
        fix: LocalizedText(
          zh: "请等它结束，或用 --wait 60 等候；程序一结束，锁即失效。",
          en: "Let it end, or wait for it with --wait 60; the lock ends with the process that holds it."
        )
      )
    )
  }
}
