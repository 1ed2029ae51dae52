import SurveyData
import TabularFiles
import TestSupport
import Testing

extension WorkbookMaker {
  func read(_ options: ReadOptions = ReadOptions()) throws -> (table: Table, notes: [Finding]) {
    let file = try TemporaryFile(bytes, suffix: ".xlsx")
    return try readTable(path: file.path, options: options)
  }

  /// The refusal that reading must give.
  func refusal(_ options: ReadOptions = ReadOptions()) throws -> [Finding] {
    let bytes = bytes
    let findings = try TabularFilesTests.refusal(bytes, suffix: ".xlsx", options: options)
    #expect(
      findings.allSatisfy {
        !$0.message.zh.isEmpty && !$0.message.en.isEmpty && !$0.fix.zh.isEmpty && !$0.fix.en.isEmpty
      }
    )
    return findings
  }
}
