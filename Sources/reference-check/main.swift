import Foundation

let usage = """
  usage: reference-check estimation DIR          cases of DIR/cases/*.json with the data in DIR/data/
         reference-check draw FILE.json...       vectors of the draw protocol

  """

let arguments = Array(CommandLine.arguments.dropFirst())
var tally = Tally()
do {
  switch arguments.first {
  case "estimation" where arguments.count == 2:
    try checkEstimation(folder: arguments[1], into: &tally)
  case "draw" where arguments.count > 1:
    for file in arguments.dropFirst() { try checkDrawVectors(file: file, into: &tally) }
  default:
    FileHandle.standardError.write(Data(usage.utf8))
    exit(64)
  }
} catch {
  FileHandle.standardError.write(Data("reference-check: \(error)\n".utf8))
  exit(66)
}
tally.printSummary()
exit(tally.failed == 0 ? 0 : 1)
