import Foundation
import ReferenceChecks
import SurveyData

let usage = """
  usage: reference-check estimation DIR          cases of DIR/cases/*.json with the data in DIR/data/
         reference-check draw FILE.json...       vectors of the draw protocol

  """

/// Ends with a message; 66: no such input, 65: an input that is not what it should be.
func stop(_ message: String, _ status: Int32) -> Never {
  FileHandle.standardError.write(Data(message.utf8))
  exit(status)
}

let arguments = Array(CommandLine.arguments.dropFirst())
var tally = Tally()
do {
  switch arguments.first {
  case "estimation" where arguments.count == 2:
    try checkEstimation(folder: arguments[1], into: &tally)
  case "draw" where arguments.count > 1:
    for file in arguments.dropFirst() {
      guard FileManager.default.fileExists(atPath: file) else { stop("reference-check: \(file) does not exist\n", 66) }
      try checkDrawVectors(file: file, into: &tally)
    }
  default:
    stop(usage, 64)
  }
} catch let refusal as InputRefusal {
  let isMissing = refusal.findings.contains { $0.code == "file-missing" }
  stop(refusal.findings.map { $0.line(in: .english) + "\n" }.joined(), isMissing ? 66 : 65)
} catch {
  stop("reference-check: \(error)\n", 65)
}
print(tally.report, terminator: "")
exit(tally.failed == 0 ? 0 : 1)
