internal import Glibc
internal import SurveyData

/// The files that a pattern names, sorted by bytes.
///
/// - Parameters:
///   - pattern: a path, possibly with `*`, `?` or `[…]`; a relative one begins in the folder.
///   - folder: where relative patterns begin.
/// - Returns: at least one path.
/// - Throws: a refusal if no file fits.
package func expandGlob(_ pattern: String, in folder: String) throws -> [String] {
  let isAbsolute = pattern.hasPrefix("/") || folder.isEmpty
  let full = isAbsolute ? pattern : escapedForGlob(folder) + "/" + pattern
  var found = glob_t()
  defer { globfree(&found) }
  guard glob(full, GLOB_NOSORT, nil, &found) == 0, let list = found.gl_pathv else {
    throw InputRefusal(
      Finding(
        "file-missing",
        file: pattern,
        message: LocalizedText(zh: "没有文件与之匹配。", en: "matches no file."),
        fix: LocalizedText(
          zh: "请核对路径，或把文件放到那里；试用时可由 mingcha synthesize 合成。",
          en: "Check the path, or put the files there; for a trial mingcha synthesize makes them."
        )
      )
    )
  }
  let paths = (0..<Int(found.gl_pathc)).compactMap { index in list[index].map { String(cString: $0) } }
  return paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// A folder's own name may hold characters that a pattern would take as its own.
private func escapedForGlob(_ folder: String) -> String {
  var escaped = ""
  for character in folder {
    if "*?[\\".contains(character) { escaped.append("\\") }
    escaped.append(character)
  }
  return escaped
}
