internal import SampleDrawing
package import SurveyData
package import SurveyDesign

/// A draw that is in the field: its list, and the record that stands beside it.
package struct FieldDraw: Sendable {
  /// All units that may be visited: the draw's list, then the reserves of its further waves.
  package let list: Table
  /// The units of the list that was named: the draw's, or those of one wave.
  let ownList: Table
  package let stages: [ListedStage]
  /// The record's file, beside the list.
  package let recordPath: String
  package let title: LocalizedText
  /// Names of stages and columns, from the survey file.
  let headings: [String: LocalizedText]
  let receipt: Receipt?
  let survey: SurveyFolder?

  /// Opens the draw of a survey folder, or one of its waves (`households-wave-2`), whose record is the draw's.
  ///
  /// - Throws: an `InputRefusal`: no such folder or draw, or a list or receipt that cannot be read.
  package init(folder: SurveyFolder, draw name: String) throws {
    let wave = folder.wave(named: name)
    let drawName = wave?.draw ?? name
    let definition = try folder.draw(drawName)
    var headings = [String: LocalizedText]()
    for frame in folder.survey.frames { headings[frame.name] = frame.title }
    for stage in definition.stages { headings[stage.plan.name] = folder.survey.frame(stage.frame)?.title }
    let waves = folder.waves(of: drawName).map { NewFolder.parent(of: $0) + "/" + DrawFiles.list }
    try self.init(
      list: folder.drawPath(drawName) + "/" + DrawFiles.list,
      waves: waves,
      own: wave.map { folder.wavePath($0.draw, number: $0.number) + "/" + DrawFiles.list },
      title: folder.title(ofDraw: drawName, wave: wave?.number),
      headings: headings,
      survey: folder
    )
  }

  /// Opens a list by itself; a receipt beside it is taken along.
  ///
  /// - Parameters:
  ///   - path: the list.
  ///   - waves: the lists of further waves of reserves, the second wave first.
  /// - Throws: an `InputRefusal` where a list cannot be read, is none of a draw, or has other columns.
  package init(list path: String, waves: [String] = []) throws {
    try self.init(list: path, waves: waves, own: nil, title: nil, headings: [:], survey: nil)
  }

  private init(
    list path: String,
    waves: [String],
    own: String?,
    title: LocalizedText?,
    headings: [String: LocalizedText],
    survey: SurveyFolder?
  ) throws {
    let first = try FrameFile.read(path)
    list = try Table.concatenated([first] + waves.map { try FrameFile.read($0) })
    ownList = try own.map { try FrameFile.read($0) } ?? first
    stages = try listedStages(inListAlone: first)
    let beside = NewFolder.parent(of: path)
    recordPath = beside == "." && !path.hasPrefix("./") ? FieldworkFile.name : beside + "/" + FieldworkFile.name
    let receiptPath = NewFolder.parent(of: own ?? path) + "/" + DrawFiles.receipt
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
      recordFile: recordPath,
      certainSuffix: DrawnList.certainSuffix
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
