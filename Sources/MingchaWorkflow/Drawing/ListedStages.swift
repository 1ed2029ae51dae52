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
    let hasSize = SelectionMethods.named(stage.plan.method)?.followsSize(in: stage.plan) ?? false
    stages.append(ListedStage(name: stage.plan.name, id: ids[place], hasEqualProbabilities: !hasSize))
  }
  return stages
}
