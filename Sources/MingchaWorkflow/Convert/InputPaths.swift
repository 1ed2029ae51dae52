internal import SurveyData
internal import TabularFiles

/// The files that a command's inputs name: files, patterns and whole folders.
struct InputPaths {
  private(set) var paths: [String] = []
  private(set) var notes: [Finding] = []

  /// - Parameter inputs: paths, patterns with `*`, `?` or `[…]`, folders, or "-" alone.
  /// - Throws: a refusal for each that names nothing that can be read.
  init(_ inputs: [String]) throws {
    var findings: [Finding] = []
    for input in inputs {
      if input == "-" || (exists(input) && !isFolder(input)) {
        paths.append(input)
      } else if isFolder(input) {
        do throws(InputRefusal) { try add(folder: input) } catch { findings += error.findings }
      } else {
        do { paths += try expandGlob(input, in: "") } catch let refusal as InputRefusal { findings += refusal.findings }
      }
    }
    guard findings.isEmpty else { throw InputRefusal(findings) }
  }

  /// Every file whose ending a format knows, sorted by bytes; what else lies there is named.
  private mutating func add(folder: String) throws(InputRefusal) {
    let endings = TableFormats.all.flatMap(\.extensions)
    var taken: [String] = []
    var left: [String] = []
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    for name in folderEntries(base) {
      // Hidden files and the locks of spreadsheet programs (~$name.xlsx) are nobody's data.
      if name.hasPrefix(".") || name.hasPrefix("~$") { continue }
      let path = base + "/" + name
      let isReadable = !isFolder(path) && endings.contains { name.lowercased().hasSuffix("." + $0) }
      if isReadable { taken.append(path) } else { left.append(name) }
    }
    guard !taken.isEmpty else {
      throw InputRefusal(
        Finding(
          "folder-without-data",
          file: folder,
          message: LocalizedText(zh: "文件夹中没有可读的表格文件。", en: "is a folder without a file that can be read."),
          fix: LocalizedText(
            zh: "可读的后缀：\(endings.joined(separator: "、"))。",
            en: "Endings that can be read: \(endings.joined(separator: ", "))."
          )
        )
      )
    }
    paths += taken
    guard !left.isEmpty else { return }
    notes.append(
      Finding(
        "files-left",
        severity: .note,
        file: folder,
        value: left.prefix(10).joined(separator: ", ") + (left.count > 10 ? ", …" : ""),
        message: LocalizedText(zh: "不是表格文件，未读取。", en: "are no table files and were not read."),
        fix: LocalizedText("")
      )
    )
  }
}
