internal import ArgumentParser
internal import Glibc

/// Runs the command line and ends the process with its exit code.
package func runMingcha() -> Never {
  // A closed pipe is an error of the write that meets it (exit 74), not the silent end of the process.
  signal(SIGPIPE, SIG_IGN)
  // So is a file that may not grow further: as a full disk.
  signal(SIGXFSZ, SIG_IGN)
  for trap in [SIGILL, SIGTRAP, SIGABRT, SIGSEGV, SIGBUS, SIGFPE] { signal(trap, reportTrap) }
  exit(status(of: Array(CommandLine.arguments.dropFirst())))
}

private func status(of arguments: [String]) -> Int32 {
  do {
    var command = try Mingcha.parseAsRoot(arguments)
    try command.run()
    return 0
  } catch let code as ExitCode {
    return code.rawValue
  } catch {
    let code = Mingcha.exitCode(for: error).rawValue
    let text = Mingcha.fullMessage(for: error)
    let console = Console(language: requestedLanguage, writesJSON: false)
    guard code == 0 else {
      console.message(text)
      return code
    }
    // help and version are results
    do { try console.output(text + "\n") } catch { return console.explain(error) }
    return 0
  }
}

/// A trap of our own ends with exit code 70 and a line without data; only what a signal handler may call is called.
private func reportTrap(_ number: Int32) {
  let text: StaticString =
    "程序自身错误，请报告此信息与所用命令。 An error of our own: please report this line and the command.\n"
  _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
  _exit(70)
}
