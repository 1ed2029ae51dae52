internal import Glibc
internal import Synchronization

/// What is known of the terminal, if there is one.
enum Terminal {
  /// The columns of the terminal that standard output goes to; `nil` for a file or a pipe.
  static var width: Int? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return nil }
    return Int(size.ws_col)
  }

  /// The processors that may be used.
  static var processors: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

/// The rows read so far, on standard error: only on a terminal, and only where the work takes over two seconds.
final class ProgressLine: Sendable {
  private struct State {
    var rows = 0
    var printed = 0.0
    var hasPrinted = false
  }

  private let state = Mutex(State())
  private let start: Double
  private let console: Console
  private let isShown = isatty(STDERR_FILENO) == 1

  init(_ console: Console) {
    self.console = console
    start = secondsNow()
  }

  /// Adds rows; called from any worker.
  func add(_ rows: Int) {
    guard isShown else { return }
    state.withLock { state in
      state.rows += rows
      let now = secondsNow()
      guard now - start > 2, now - state.printed > 0.2 else { return }
      state.printed = now
      state.hasPrinted = true
      console.line("\r" + words(zh: "已读 \(state.rows) 行", en: "\(state.rows) rows read"))
    }
  }

  /// Clears the line.
  func end() {
    state.withLock { state in
      if state.hasPrinted { console.line("\r\u{1B}[K") }
      state.hasPrinted = false
    }
  }
}

private func secondsNow() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
