internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// `--wait`, in every command that writes in a survey folder.
struct LockOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        zh: "调查文件夹被另一个程序占用时，最多等候的秒数。",
        en: "Seconds to wait where another run holds the survey folder."
      ),
      valueName: "seconds"
    )
  )
  var wait = 0

  func validate() throws {
    guard (0...86_400).contains(wait) else {
      throw ValidationError(words(zh: "--wait 应为 0 到 86400 秒。", en: "--wait takes 0 to 86400 seconds."))
    }
  }
}

/// A command that writes in a survey folder, alone as long as it works.
protocol FolderCommand: WorkCommand {
  /// The survey folder; `nil` where this call has none.
  var lockedFolder: String? { get }
  var lock: LockOptions { get }
}

extension FolderCommand {
  /// Takes the folder's lock and works under it.
  func locked(_ console: Console, _ body: () throws -> Int32) throws -> Int32 {
    guard let folder = lockedFolder else { return try body() }
    let held = try FolderLock(folder: folder, wait: lock.wait) { holder in
      console.message(
        LocalizedText(zh: "等待另一个程序（\(holder)）……", en: "waiting for another run (\(holder)) ...")
      )
    }
    if let interrupted = held?.interrupted {
      console.message(
        LocalizedText(
          zh: "上一次运行（\(interrupted)）中途中断；已写出的文件都是完整的。mingcha doctor \(folder) 清除其临时文件。",
          en:
            "an earlier run (\(interrupted)) was interrupted; files that are there are whole. mingcha doctor \(folder) removes what it left over."
        )
      )
    }
    return try withExtendedLifetime(held) { try body() }
  }
}
