internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// A command that does one user step: parse, call the workflow, print, exit code.
protocol WorkCommand: ParsableCommand {
  var languageOption: LanguageOption { get }
  /// Whether findings are wanted as JSON.
  var writesJSON: Bool { get }
  /// Does the step; the exit code when nothing was thrown.
  func work(_ console: Console) throws -> Int32
}

extension WorkCommand {
  mutating func run() throws {
    let console = Console(language: requestedLanguage, writesJSON: writesJSON)
    let status = exitStatus {
      guard let writer = self as? any FolderCommand else { return try work(console) }
      return try writer.locked(console) { try work(console) }
    } failed: {
      console.explain($0)
    }
    if status != 0 { throw ExitCode(status) }
  }
}

private func exitStatus(_ body: () throws -> Int32, failed: (any Error) -> Int32) -> Int32 {
  do { return try body() } catch { return failed(error) }
}

extension Console {
  /// Tells what went wrong and with which exit code it ends.
  func explain(_ error: any Error) -> Int32 {
    switch error {
    case let refusal as InputRefusal:
      report(refusal.findings)
      return ExitStatus.of(refusal.findings)
    case let wrong as ValidationError:
      message(wrong.message)
      return ExitStatus.usage
    case let failure as OutputFailure:
      message(
        LocalizedText(
          zh: "标准输出写入失败（\(failure.reason)）。",
          en: "standard output cannot be written (\(failure.reason))."
        )
      )
      return ExitStatus.ioFailure
    default:
      if let failure = writingFailure(error, language: language) {
        message(failure.message)
        return failure.status
      }
      // Only the error's type: its text could hold data of the survey.
      message(
        LocalizedText(
          zh: "程序自身错误：\(type(of: error))（\(ToolVersion.text)）。请报告此信息。",
          en: "an error of our own: \(type(of: error)) (\(ToolVersion.text)). Please report this line."
        )
      )
      return ExitStatus.ownBug
    }
  }
}
