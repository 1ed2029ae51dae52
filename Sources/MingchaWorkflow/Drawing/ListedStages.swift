package import SampleDrawing
package import SurveyData
package import SurveyDesign

/// The list's column with the id of each stage's unit.
func listedIDColumns(of list: Table, stageNames: [String]) -> [String] {
  DrawnList.idColumns(of: list, stageNames: stageNames)
}

/// The stages of a draw as its list names them: what joining the answers needs.
///
/// - Throws: an `InputRefusal` where the list is not one of this draw.
package func listedStages(of receipt: Receipt, list: Table) throws(InputRefusal) -> [ListedStage] {
  let names = receipt.stages.map(\.plan.name)
  for name in names { _ = try list.column("\(name)_probability") }
  let ids = listedIDColumns(of: list, stageNames: names)
  var stages = [ListedStage]()
  for (place, stage) in receipt.stages.enumerated() where place < ids.count {
    let method = SelectionMethods.named(stage.plan.method)
    var listed = ListedStage(name: stage.plan.name, id: ids[place])
    if method?.isWithReplacement == true {
      listed.chances = .withReplacement
    } else if method?.followsSize(in: stage.plan) == true {
      listed.chances = .unequal
    }
    listed.isSystematic = method is Systematic || method is ProportionalSystematic
    stages.append(listed)
  }
  return stages
}

/// The stages that a list's own columns name: each has `NAME_stratum`, `NAME_population` and `NAME_probability`.
///
/// - Throws: an `InputRefusal` where there is none: the file is no list of a draw.
package func listedStages(inListAlone list: Table) throws(InputRefusal) -> [ListedStage] {
  let suffix = "_stratum"
  let names = list.columnNames.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
    .filter { list["\($0)_population"] != nil && list["\($0)_probability"] != nil }
  guard !names.isEmpty, list["role"] != nil, list["order"] != nil else {
    throw InputRefusal(
      Finding(
        "list-not-drawn",
        file: list.file,
        message: LocalizedText(zh: "不是抽样写出的名单。", en: "is no list that a draw has written."),
        fix: LocalizedText(zh: "请给出 mingcha draw 写出的 list.csv。", en: "Give the list.csv of mingcha draw.")
      )
    )
  }
  let ids = listedIDColumns(of: list, stageNames: names)
  return zip(names, ids).map { ListedStage(name: $0, id: $1) }
}
