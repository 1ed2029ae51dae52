internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign
internal import SurveySimulation

/// Writes what fieldwork would bring back for the units of a draw: households and villages.
///
/// The draw's list is read; its selected households answer (or not), and so do the villages they live in. The files
/// stand in the folders that the survey file reads responses from and are called `synthetic.csv`.
/// - Parameters:
///   - path: the survey folder.
///   - name: the name of a draw that was made.
///   - seed: the population's seed; `nil` takes the one used before.
/// - Returns: the paths of what was written.
/// - Throws: an `InputRefusal` for a missing list or households of another population, a `WritingError`.
package func synthesizeAnswers(_ path: String, draw name: String, seed: String?) throws -> [String] {
  let round = try SyntheticRound(folder: try SurveyFolder(path: path), seed: seed)
  let definition = try round.folder.draw(name)
  let drawn = round.folder.drawPath(name)
  let receiptPath = drawn + "/" + DrawFiles.receipt
  let receipt = try Receipt(json: try readBytes(receiptPath), file: receiptPath)
  let list = try FrameFile.read(drawn + "/" + DrawFiles.list)
  let stages = try listedStages(of: receipt, list: list)
  let roles = try list.column("role")
  let selected = list.rows((0..<list.rowCount).filter { roles.text(at: $0) == "selected" })
  var output = SyntheticOutput()
  for (stage, listed) in zip(definition.stages, stages) {
    guard let target = round.answerPath(stage.plan.name) else { continue }
    let units = try distinct(selected.column(listed.id))
    switch stage.frame {
    case "households": output.add(try round.population.answers(ofHouseholds: units), at: target)
    case "villages": output.add(try round.population.answers(ofVillages: units), at: target)
    default: continue
    }
  }
  return try output.write()
}

extension SyntheticRound {
  /// The response file of a stage's units; `nil` where the survey asks them nothing.
  fileprivate func answerPath(_ stage: String) -> String? {
    guard let source = folder.survey.responses?.sources.first(where: { $0.name == stage }),
      let pattern = source.files.first
    else { return nil }
    return NewFolder.parent(of: folder.path(of: pattern)) + "/" + SyntheticFiles.answers
  }
}

private func distinct(_ column: Column) -> Column {
  let text = column.codedText
  var seen = Set<Int32>()
  let codes = text.codes.filter { $0 >= 0 && seen.insert($0).inserted }
  return Column(column.name, .text(CodedText(levels: text.levels, codes: codes)))
}
