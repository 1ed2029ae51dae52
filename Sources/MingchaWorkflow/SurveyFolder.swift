package import SurveyData
internal import TabularFiles

/// A survey folder: `survey.yaml` and the files that it names.
package struct SurveyFolder: Sendable {
  package let path: String
  package let survey: SurveyFile
  /// The survey file as read, for its digest.
  package let bytes: [UInt8]

  /// Opens a folder and reads its survey file.
  ///
  /// - Parameter path: the folder.
  /// - Throws: an `InputRefusal`: no such folder or file, or every problem of the survey file.
  package init(path: String) throws {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let file = self.path + "/survey.yaml"
    bytes = try readBytes(file)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputRefusal(
        Finding(
          "encoding",
          file: file,
          message: LocalizedText(zh: "不是 UTF-8 文本。", en: "is not UTF-8 text."),
          fix: LocalizedText(zh: "请以 UTF-8 另存。", en: "Save it as UTF-8.")
        )
      )
    }
    survey = try SurveyFile.read(text, file: file)
  }

  /// The path of a file that the survey file names relative to the folder.
  package func path(of name: String) -> String {
    name.hasPrefix("/") ? name : path + "/" + name
  }

  /// The files that paths and patterns of the survey file name, in order.
  package func paths(of patterns: [String]) throws -> [String] {
    try patterns.flatMap { try expandGlob($0, in: path) }
  }

  /// What lists and reports of a draw are called: the survey's name and the draw's.
  ///
  /// - Parameters:
  ///   - name: of the draw.
  ///   - wave: the number of a further wave of reserves.
  /// - Returns: the title in both languages.
  package func title(ofDraw name: String, wave: Int? = nil) -> LocalizedText {
    let draw = survey.draw(name)?.title ?? LocalizedText(name)
    return LocalizedText(
      zh: survey.name.zh + "：" + draw.zh + (wave.map { "（第 \($0) 批备选）" } ?? ""),
      en: survey.name.en + ": " + draw.en + (wave.map { " (wave \($0) of reserves)" } ?? "")
    )
  }

  /// The draw of that name, or a refusal naming the nearest one.
  package func draw(_ name: String) throws(InputRefusal) -> DrawDefinition {
    if let draw = survey.draw(name) { return draw }
    let names = survey.draws.map(\.name)
    let near = nearest(to: name, among: names)
    throw InputRefusal(
      Finding(
        "draw-unknown",
        file: path + "/survey.yaml",
        column: "draws",
        value: name,
        message: LocalizedText(zh: "调查文件中没有这个抽样。", en: "the survey file has no such draw."),
        fix: LocalizedText(
          zh: near.map { "是否指“\($0)”？" } ?? "现有：\(names.joined(separator: "、"))。",
          en: near.map { "Did you mean \"\($0)\"?" } ?? "It has: \(names.joined(separator: ", "))."
        )
      )
    )
  }

  /// Where a draw's list, workbook and receipt stand.
  package func drawPath(_ name: String) -> String { path + "/draws/" + name }
}
