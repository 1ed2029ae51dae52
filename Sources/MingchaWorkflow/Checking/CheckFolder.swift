internal import FieldChecks
internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign
internal import TabularFiles

/// Checks a survey folder: every frame, questionnaire, list and record that is there, against every rule.
///
/// A file that cannot be read is reported and left out; the others are checked all the same.
/// - Parameters:
///   - folder: the survey.
///   - order: which parts.
/// - Returns: the outcome of every rule, and what could not be read.
/// - Throws: an `InputRefusal` where nothing is there to be checked, or `rules/checks.yaml` is wrong.
package func checkFolder(_ folder: SurveyFolder, _ order: CheckOrder) throws -> FolderCheck {
  var definition = folder.survey.checks
  try folder.addOwnChecks(to: &definition)
  let loader = try CheckLoader(folder, definition: definition, order: order)
  let checked = loader.survey()
  let report = runChecks(checked, workers: order.threads)
  return FolderCheck(
    title: folder.survey.name,
    report: report,
    inputs: loader.sources.map {
      FolderCheck.Input(source: $0.name, kind: $0.kind, files: $0.files.count, rows: $0.rowCount)
    },
    refusals: loader.refusals,
    notes: loader.notes,
    teamNames: loader.teamNames(checked)
  )
}

extension SurveyFolder {
  /// Takes along `rules/checks.yaml`, where there is one.
  fileprivate func addOwnChecks(to definition: inout CheckDefinition) throws {
    let path = path + "/" + CheckDefinition.file
    guard exists(path) else { return }
    let root = try YAMLMapping(parsing: String(decoding: try readBytes(path), as: UTF8.self), file: path)
    var problems = [Finding]()
    definition.read(root, known: survey.checkedNames, problems: &problems)
    if !problems.isEmpty { throw InputRefusal(problems) }
  }
}
