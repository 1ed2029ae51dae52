internal import SurveyData

/// The exit codes of sysexits, as far as they are used.
enum ExitStatus {
  static let verificationFailed: Int32 = 1
  static let usage: Int32 = 64
  static let badData: Int32 = 65
  static let noInput: Int32 = 66
  /// A check cannot decide.
  static let undecided: Int32 = 69
  static let ownBug: Int32 = 70
  static let cannotCreate: Int32 = 73
  static let ioFailure: Int32 = 74
  /// Held by another run: try again.
  static let locked: Int32 = 75

  /// The code for input that was refused: data outweigh reading, reading outweighs a missing file.
  static func of(_ findings: [Finding]) -> Int32 {
    let codes = findings.filter { $0.severity != .note }.map { status(ofFinding: $0.code) }
    for status in [badData, usage, cannotCreate, ioFailure, locked, noInput] where codes.contains(status) {
      return status
    }
    return badData
  }

  private static func status(ofFinding code: String) -> Int32 {
    switch code {
    case "file-missing": noInput
    case "file-unreadable": ioFailure
    case "draw-exists": cannotCreate
    case "record-locked", "folder-locked": locked
    // names that stand on the command line, not in a file
    case "draw-unknown", "stage-unknown", "template-unknown", "frames-count", "option-missing", "option-excluded",
      "option-value", "teams-count":
      usage
    default: badData
    }
  }
}
