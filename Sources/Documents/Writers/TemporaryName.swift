internal import Glibc

/// The name under which a file or folder is filled before it gets its own: `.NAME.PROCESS.mingcha-tmp`, or
/// `.NAME.PROCESS-ATTEMPT.mingcha-tmp`.
package enum TemporaryName {
  private static let suffix = ".mingcha-tmp"

  /// A name that this process fills something under.
  package static func of(_ name: String, attempt: Int? = nil) -> String {
    ".\(name).\(getpid())" + (attempt.map { "-\($0)" } ?? "") + suffix
  }

  /// Whether a name is such a one.
  package static func fits(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(suffix) }

  /// The process that a name tells of; `nil` where it tells of none.
  package static func process(in name: String) -> Int32? {
    name.split(separator: ".").dropLast().last.flatMap { Int32($0.prefix { $0 != "-" }) }
  }
}
