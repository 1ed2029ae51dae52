import Documents
import Foundation
import Testing

@Suite("Files for SPSS and Stata")
struct MicrodataTests {
  private func write(_ data: MicrodataFile, _ form: MicrodataForm) throws -> (bytes: Data, changes: [MicrodataChange]) {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).\(form.rawValue)")
      .path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let changes = try MicrodataWriter(form).write(data, to: path, overwrite: false)
    return (try Data(contentsOf: URL(fileURLWithPath: path)), changes)
  }

  private func file(_ names: [String], labels: [(value: MicrodataFile.LabelledValue, label: String)] = [])
    -> MicrodataFile
  {
    MicrodataFile(
      variables: names.map {
        MicrodataFile.Variable(name: $0, values: .numbers([1, .nan, 2.5], .number), valueLabels: labels)
      }
    )
  }

  @Test("names that a program does not take are changed, each once, and every change is told")
  func names() throws {
    let wanted = ["village name", "村 名", "1st", "with", "A", "a", "x"]
    let spss = try write(file(wanted), .sav).changes
    #expect(
      spss == [
        .renamed(from: "village name", to: "village_name"), .renamed(from: "村 名", to: "村_名"),
        .renamed(from: "1st", to: "v_1st"), .renamed(from: "with", to: "v_with"), .renamed(from: "a", to: "a_2"),
      ]
    )
    let stata = try write(file(["with", "str5", "a.b", String(repeating: "村", count: 40)]), .dta).changes
    #expect(
      stata == [
        .renamed(from: "with", to: "_with"), .renamed(from: "str5", to: "_str5"), .renamed(from: "a.b", to: "a_b"),
        .renamed(from: String(repeating: "村", count: 40), to: String(repeating: "村", count: 32)),
      ]
    )
  }

  @Test("labels beyond a form's limits are cut between characters or left out, and that is told")
  func labels() throws {
    let long = String(repeating: "长", count: 60)
    let data = file(["x"], labels: [(.number(1), long), (.number(2.5), "half"), (.tag("a"), "refused")])
    #expect(try write(data, .sav).changes == [.labelsDropped(variable: "x", count: 1), .labelsCut(variable: "x")])
    #expect(try write(data, .dta).changes == [.labelsDropped(variable: "x", count: 1)])
  }

  @Test("the same rows give the same bytes in any time zone", arguments: MicrodataForm.allCases)
  func repeatable(form: MicrodataForm) throws {
    let data = file(["x", "y"], labels: [(.number(1), "是")])
    let first = try write(data, form).bytes
    #expect(try write(data, form).bytes == first && first.count > 100)
  }

  @Test("a file that is there is left as it is")
  func existing() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).sav").path
    try Data("old".utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(throws: WritingError.exists(path: path)) {
      try MicrodataWriter(.sav).write(file(["x"]), to: path, overwrite: false)
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == Data("old".utf8))
  }
}
