import Foundation
import SurveyData
import SurveySimulation
import TabularFiles

// The coverage of the intervals for a rare rate, as docs/interval-study.md publishes it:
// `interval-study SURVEY-FOLDER SEED [SECTION]`. Tables in Markdown, on two threads.

private func fail(_ text: String) -> Never {
  FileHandle.standardError.write(Data((text + "\n").utf8))
  exit(64)
}

private func run(_ arguments: [String]) async throws {
  guard arguments.count >= 2 else { fail("interval-study SURVEY-FOLDER SEED [SECTION]") }
  let frame = try StudyFrame(
    counties: readTable(path: arguments[0] + "/frame/counties.csv").table,
    villages: readTable(path: arguments[0] + "/frame/villages.csv").table
  )
  let study = IntervalStudy(frame: frame, seed: arguments[1])
  let sections = StudySection.all.filter { arguments.count < 3 || $0.key == arguments[2] }
  if sections.isEmpty { fail("sections: " + StudySection.all.map(\.key).joined(separator: ", ")) }
  for section in sections { print(try await section.table(study), terminator: "\n\n") }
}

do {
  try await run(Array(CommandLine.arguments.dropFirst()))
} catch let refusal as InputRefusal {
  fail(refusal.findings.map { $0.line(in: .english) }.joined(separator: "\n"))
} catch {
  fail("\(error)")
}
