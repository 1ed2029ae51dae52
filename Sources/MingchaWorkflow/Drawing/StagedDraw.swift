internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign
internal import TabularFiles

/// Compares the frames' files with the log of arrivals.
/// - Returns: the log's last chain value where one of them is in it, and what to tell.
/// - Throws: every file that is no longer the one recorded.
func checkedArrivals(_ order: DrawOrder, log: ArrivalLog) throws -> (head: String?, notes: [Finding]) {
  guard let folder = order.surveyFolder else { return (nil, []) }
  let notes = try order.stages.flatMap { try checkArrivals($0.source.paths, in: folder, log: log) }
  return (notes.isEmpty ? nil : log.head, notes)
}

/// Checks that a draw goes on from the draws of its first stages that were made before.
/// - Returns: the digest of the last one's receipt, sealed, and what to tell.
/// - Throws: every receipt that the draw does not go on from.
func continuedReceipt(
  _ order: DrawOrder,
  draw: Draw,
  frames: [ReceiptFrame]
) throws -> (digest: String?, notes: [Finding]) {
  var digest: String?
  var findings = [Finding]()
  var notes = [Finding]()
  for path in order.continues {
    let earlier = try Receipt(json: try readBytes(path), file: path)
    if let finding = try earlier.continuationFinding(by: draw, frames: frames, file: path) {
      findings.append(finding)
      continue
    }
    digest = try earlier.sealed.digest().hex
    let count = draw.stages[earlier.stages.count - 1].cells.reduce(0) { $0 + $1.sampleSize }
    let stage = earlier.stages.last?.plan.name ?? ""
    notes.append(
      Finding(
        "continues",
        severity: .note,
        file: path,
        message: LocalizedText(
          zh: "阶段“\(stage)”的 \(count) 个单元与此前抽中的完全相同。",
          en: "the \(count) units of stage \"\(stage)\" are the very ones drawn before."
        ),
        fix: LocalizedText("")
      )
    )
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
  return (digest, notes)
}

/// Compares a whole draw with the lists that were drawn for single villages as their registers came in.
/// - Throws: every list whose units are not those of the draw.
func compareVillageLists(_ order: DrawOrder, draw: Draw) throws {
  guard order.surveyFolder != nil, draw.stages.count > 1, let last = draw.stages.last else { return }
  let names = draw.stages.map(\.plan.name)
  let prefix = lastComponent(order.folder) + "-in-"
  let draws = NewFolder.parent(of: order.folder)
  var findings = [Finding]()
  for folder in folderEntries(draws) where folder.hasPrefix(prefix) {
    let path = draws + "/" + folder + "/" + DrawFiles.list
    // A draw of its own that happens to be named so has a receipt.
    guard exists(path), !exists(draws + "/" + folder + "/" + DrawFiles.receipt) else { continue }
    let (list, _) = try readTable(path: path)
    let villages = try DrawnList.units(of: list, stage: names.count - 2, stageNames: names).selected
    let listed = try DrawnList.units(of: list, stage: names.count - 1, stageNames: names)
    let cells = last.cells.filter { cell in cell.parent.map { villages.contains($0) } ?? false }
    if cells.flatMap({ $0.selected.map(\.id) }) == listed.selected,
      cells.flatMap({ $0.reserves.map(\.id) }) == listed.reserves
    {
      continue
    }
    findings.append(
      Finding(
        "within-differs",
        file: path,
        message: LocalizedText(
          zh: "此前为该村抽出的名单与整体抽样不同：抽样框、设计或种子已改变。",
          en: "the list drawn for this village before is not the one of the whole draw: register, plan or seed changed."
        ),
        fix: LocalizedText(
          zh: "请恢复当时的登记册与设计；已走访的名单不能更换。",
          en: "Restore the register and plan of that day; a list that was visited cannot be exchanged."
        )
      )
    )
  }
  if !findings.isEmpty { throw InputRefusal(findings) }
}

/// The rows of a list that reach the last stage: what a team in one village is given.
func ownRows(of list: Table, draw: Draw) -> Table {
  let names = draw.stages.map(\.plan.name)
  guard let name = DrawnList.idColumns(of: list, stageNames: names).last, let ids = list[name] else { return list }
  return list.rows((0..<list.rowCount).filter { ids.text(at: $0) != nil })
}
