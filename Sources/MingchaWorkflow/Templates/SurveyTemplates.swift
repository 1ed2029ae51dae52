internal import Documents
internal import Glibc
internal import SurveyData

/// The bundled surveys that a new round starts from.
///
/// They stand in a folder `Surveys`, looked for in this order: in the folder that the environment variable
/// `MINGCHA_SHARE` names; in `../share/mingcha` beside the folder of the installed command; in the repository,
/// when the command runs from its `.build`.
package enum SurveyTemplates {
  /// Copies a template into a folder that is not there yet or is empty: all of it or nothing.
  ///
  /// What a run of the template has made (draws, responses, results, synthetic files) is left out.
  /// - Returns: the paths copied, relative to the folder.
  /// - Throws: an `InputRefusal` for an unknown template, a `WritingError` where the folder cannot be made.
  package static func copy(_ name: String, to target: String) throws -> [String] {
    let surveys = try folder()
    let names = names(in: surveys)
    guard names.contains(name) else {
      let near = nearest(to: name, among: names)
      throw InputRefusal(
        Finding(
          "template-unknown",
          value: name,
          message: LocalizedText(zh: "没有这个模板。", en: "there is no such template."),
          fix: LocalizedText(
            zh: (near.map { "是否指“\($0)”？" } ?? "") + "现有：\(names.joined(separator: "、"))。",
            en: (near.map { "Did you mean \"\($0)\"? " } ?? "") + "There are: \(names.joined(separator: ", "))."
          )
        )
      )
    }
    let files = files(below: surveys + "/" + name)
    try NewFolder.write(target) { folder in
      for file in files {
        let place = folder + "/" + file
        try NewFolder.makeFolders(NewFolder.parent(of: place))
        try AtomicFile.write(try readBytes(surveys + "/" + name + "/" + file), to: place, overwrite: false)
      }
    }
    return files
  }

  private static func folder() throws(InputRefusal) -> String {
    var places = [String]()
    if let share = getenv("MINGCHA_SHARE") { places.append(String(cString: share) + "/Surveys") }
    if let command = commandPath {
      let own = NewFolder.parent(of: command)
      places.append(NewFolder.parent(of: own) + "/share/mingcha/Surveys")
      if let build = command.split(separator: "/").firstIndex(of: ".build") {
        let root = command.split(separator: "/")[..<build].reduce("") { $0 + "/" + $1 }
        places.append(root + "/Surveys")
      }
    }
    if let found = places.first(where: { isFolder($0) }) { return found }
    throw InputRefusal(
      Finding(
        "file-missing",
        file: "Surveys",
        message: LocalizedText(
          zh: "找不到模板，已查找：\(places.joined(separator: "、"))。",
          en: "no templates were found in \(places.joined(separator: ", "))."
        ),
        fix: LocalizedText(
          zh: "请将 MINGCHA_SHARE 设为含 Surveys 的文件夹。",
          en: "Set MINGCHA_SHARE to the folder that holds Surveys."
        )
      )
    )
  }

  private static var commandPath: String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return nil }
    return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func names(in surveys: String) -> [String] {
    folderEntries(surveys).filter { exists(surveys + "/" + $0 + "/survey.yaml") }
  }

  private static func files(below root: String, in inner: String = "") -> [String] {
    folderEntries(inner.isEmpty ? root : root + "/" + inner).flatMap { name -> [String] in
      let path = inner.isEmpty ? name : inner + "/" + name
      if isMade(path) { return [] }
      return isFolder(root + "/" + path) ? files(below: root, in: path) : [path]
    }
  }

  private static func isMade(_ path: String) -> Bool {
    let name = lastComponent(path)
    return ["draws", "responses", "results"].contains(path) || name.hasPrefix(".") || name.hasSuffix(".py")
      || SyntheticFiles.isSynthetic(name)
  }
}
