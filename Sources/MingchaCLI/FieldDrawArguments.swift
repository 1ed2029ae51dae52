internal import ArgumentParser
internal import MingchaWorkflow
internal import SurveyData

/// How a draw in the field is named: survey folder and name, the folder of a loose draw, or a list.
struct FieldDrawArguments: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      words(zh: "调查文件夹，或有 list.csv 的文件夹。", en: "A survey folder, or a folder with list.csv."),
      valueName: "folder"
    )
  )
  var input: String?

  @Argument(help: ArgumentHelp(words(zh: "调查文件中抽样的名称。", en: "Name of the draw in the survey file."), valueName: "draw"))
  var drawName: String?

  @OptionGroup var listOption: FieldListOption

  func draw() throws -> FieldDraw {
    let (draw, rest) = try fieldDraw([input, drawName].compactMap { $0 }, listOption)
    if let unused = rest.first {
      throw ValidationError(words(zh: "多余的参数：\(unused)。", en: "Unexpected argument: \(unused)."))
    }
    return draw
  }
}

/// `--list`, where no folder is named.
struct FieldListOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(zh: "散抽样的名单；记录写在它旁边。", en: "List of a loose draw; the record stands beside it."),
      valueName: "file"
    )
  )
  var list: String?

  @Option(
    help: ArgumentHelp(
      words(
        zh: "续抽备选的名单，可重复；调查文件夹的自行找到。",
        en: "List of a further wave of reserves; repeat for more. A survey folder's are found."
      ),
      valueName: "file"
    )
  )
  var wave: [String] = []
}

/// The draw that the first arguments name, and the arguments after them.
func fieldDraw(_ arguments: [String], _ option: FieldListOption) throws -> (draw: FieldDraw, rest: [String]) {
  if let list = option.list { return (try FieldDraw(list: list, waves: option.wave), arguments) }
  guard let first = arguments.first else {
    throw ValidationError(
      words(
        zh: "请给出调查文件夹与抽样名、散抽样的文件夹，或 --list。",
        en: "Name a survey folder and its draw, the folder of a loose draw, or a --list."
      )
    )
  }
  let folder = first.count > 1 && first.hasSuffix("/") ? String(first.dropLast()) : first
  let isLoose = isFolder(folder) && holds(folder, DrawFiles.list) && !holds(folder, "survey.yaml")
  if isLoose {
    let list = folder + "/" + DrawFiles.list
    return (try FieldDraw(list: list, waves: option.wave), Array(arguments.dropFirst()))
  }
  guard option.wave.isEmpty else {
    throw ValidationError(
      words(
        zh: "调查文件夹的续抽自行找到，不接受 --wave。",
        en: "The waves of a survey folder are found; it takes no --wave."
      )
    )
  }
  let survey = try SurveyFolder(path: folder)
  guard arguments.count > 1 else {
    let names = survey.survey.draws.map(\.name)
    throw ValidationError(
      words(
        zh: "请给出抽样的名称：\(names.joined(separator: "、"))。",
        en: "Name the draw: \(names.joined(separator: ", "))."
      )
    )
  }
  return (try FieldDraw(folder: survey, draw: arguments[1]), Array(arguments.dropFirst(2)))
}

private func holds(_ folder: String, _ name: String) -> Bool { exists(folder + "/" + name) }
