import Foundation

/// The most memory that a run of the command held.
enum PeakMemory {
  /// In KiB, as the system counts resident pages (VmHWM), looked at until the run is over.
  ///
  /// The last look is some milliseconds old when the run ends; what it took after that is not seen.
  static func kibibytes(of arguments: [String], in folder: String) throws -> Int {
    let words = ([CommandRun.command] + arguments).map { "'" + $0.replacingOccurrences(of: "'", with: "'\\''") + "'" }
    let looked = try shell(
      "\(words.joined(separator: " ")) >/dev/null 2>&1 & p=$!; most=0; "
        + "while read -r a b c <<<$(grep VmHWM /proc/$p/status 2>/dev/null) && [ -n \"$b\" ]; do most=$b; done; "
        + "wait $p; echo $most",
      in: folder
    )
    return Int(looked.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
  }
}
