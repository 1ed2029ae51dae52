internal import SampleDrawing
package import SurveyData
package import SurveyDesign

/// A draw that is in the field: its list, and the record that stands beside it.
package struct FieldDraw: Sendable {
  package let list: Table
  package let stages: [ListedStage]
  /// The record's file, beside the list.
  package let recordPath: String
  package let title: LocalizedText
  /// Names of stages and columns, from the survey file.
  let headings: [String: LocalizedText]
  let receipt: Receipt?
  let survey: SurveyFolder?

  /// Opens the draw of a survey folder.
  ///
  /// - Throws: an `InputRefusal`: no such folder or draw, or a list or receipt that cannot be read.
  package init(folder: SurveyFolder, draw name: String) throws {
    _ = try folder.draw(name)
    var headings = [String: LocalizedText]()
    for frame in folder.survey.frames { headings[frame.name] = frame.title }
    for stage in folder.survey.draw(name)?.stages ?? [] {
      headings[stage.plan.name] = folder.survey.frame(stage.frame)?.title
    }
    let own = folder.survey.name
    try self.init(
      list: folder.drawPath(name) + "/" + DrawFiles.list,
      title: LocalizedText(zh: "\(own.zh)：\(name)", en: "\(own.en): \(name)"),
      headings: headings,
      survey: folder
    )
  }

  /// Opens a list by itself; a receipt beside it is taken along.
  ///
  /// - Throws: an `InputRefusal` where the list cannot be read or is none of a draw.
  package init(list path: String) throws {
    try self.init(list: path, title: nil, headings: [:], survey: nil)
  }

  private init(
    list path: String,
    title: LocalizedText?,
    headings: [String: LocalizedText],
    survey: SurveyFolder?
  ) throws {
    list = try FrameFile.read(path)
    stages = try listedStages(inListAlone: list)
    let folder = NewFolder.parent(of: path)
    recordPath = folder == "." && !path.hasPrefix("./") ? FieldworkFile.name : folder + "/" + FieldworkFile.name
    let receiptPath = folder + "/" + DrawFiles.receipt
    receipt = exists(receiptPath) ? try Receipt(json: try readBytes(receiptPath), file: receiptPath) : nil
    self.title =
      title
      ?? receipt.map { LocalizedText(zh: "抽样名单 \($0.group)", en: "Sample \($0.group)") }
      ?? LocalizedText(lastComponent(path))
    self.headings = headings
    self.survey = survey
  }

  /// The place of a stage among the draw's: the last without a name.
  ///
  /// - Throws: an `InputRefusal` naming the nearest stage there is.
  package func stage(_ name: String?) throws(InputRefusal) -> Int {
    guard let name else { return stages.count - 1 }
    if let place = stages.firstIndex(where: { $0.name == name }) { return place }
    let names = stages.map(\.name)
    let near = nearest(to: name, among: names)
    throw InputRefusal(
      Finding(
        "option-value",
        column: "--stage",
        value: name,
        message: LocalizedText(zh: "抽样没有这个阶段。", en: "the draw has no such stage."),
        fix: LocalizedText(
          zh: near.map { "是否指“\($0)”？" } ?? "现有：\(names.joined(separator: "、"))。",
          en: near.map { "Did you mean \"\($0)\"?" } ?? "It has: \(names.joined(separator: ", "))."
        )
      )
    )
  }

  /// The account of one stage, from the record as it stands.
  func account(_ records: [FieldworkRecord], stage: Int) throws(InputRefusal) -> FieldworkAccount {
    try FieldworkAccount(
      list: list,
      stages: stages,
      unitStage: stage,
      records: records,
      recordFile: recordPath
    )
  }

  /// What ties lists and reports to the draw: nothing of it tells seed or key.
  func facts() throws -> [(LocalizedText, String)] {
    guard let receipt else { return [] }
    return [
      (LocalizedText(zh: "名单承诺值", en: "List commitment"), receipt.listCommitment),
      (LocalizedText(zh: "回执摘要", en: "Receipt digest"), try receipt.digest().hex),
    ]
  }
}
