internal import Documents
internal import Glibc
internal import PovertyAssessment
internal import Questionnaires
internal import SampleDrawing
package import SurveyData
internal import SurveyDesign

/// What a form is written as.
package enum FormFormat: String, Sendable, CaseIterable {
  /// A workbook for ODK Central, KoboToolbox and their like, with lists of drawn units beside it.
  case xlsform
  /// A web page that prints on A4.
  case html
  case codebookCSV = "codebook-csv"
  case codebookXLSX = "codebook-xlsx"
  case json

  /// Whether it can go to standard output.
  package var isText: Bool {
    switch self {
    case .html, .codebookCSV, .json: true
    case .xlsform, .codebookXLSX: false
    }
  }
}

/// Which form of a survey folder is written, and how.
package struct FormOrder: Sendable {
  package var name: String
  /// The draw whose units the form offers.
  package var draw: String?
  package var languages: [Language]
  /// Keeps questions for a place on the map.
  package var asksLocation: Bool

  package init(name: String, draw: String? = nil, languages: [Language], asksLocation: Bool = false) {
    self.name = name
    self.draw = draw
    self.languages = languages
    self.asksLocation = asksLocation
  }
}

/// A form of a survey folder, checked and ready to be written.
package struct SurveyForm: Sendable {
  private let form: Questionnaire
  private let languages: [Language]
  private let uses: [String: LocalizedText]
  private let units: PreloadedUnits?
  private let version: String
  /// What the survey file reads and the form does not ask.
  package let notes: [Finding]

  /// Reads `forms/NAME.yaml` of a survey folder.
  ///
  /// - Throws: an `InputRefusal`: no such form, every fault in it, or a draw that lacks what it names.
  package init(_ folder: SurveyFolder, _ order: FormOrder) throws {
    let path = try Self.path(of: order.name, in: folder)
    let bytes = try readBytes(path)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputRefusal(
        Finding(
          "encoding",
          file: path,
          message: LocalizedText(zh: "不是 UTF-8 文本。", en: "is not UTF-8 text."),
          fix: LocalizedText(zh: "请以 UTF-8 另存。", en: "Save it as UTF-8.")
        )
      )
    }
    var settings = [String: Double]()
    if let judgement = folder.survey.judgement { settings["income-line"] = judgement.judgement.incomeLine }
    let source = try FormFile(text, file: path, settings: settings)
    form = order.asksLocation ? source.form : source.form.withoutLocation
    languages = order.languages
    if let name = source.source {
      let used = FormUses(of: folder.survey, source: name)
      uses = used.words
      notes = used.gaps(in: form, source: name)
    } else {
      uses = [:]
      notes = []
    }
    var digest = DigestStream()
    digest.update(bytes)
    digest.update("\(order.asksLocation) \(settings.sorted { $0.key < $1.key })")
    if let name = order.draw {
      let draw = try FieldDraw(folder: folder, draw: name)
      let made = try PreloadedUnits(
        for: form,
        from: draw.list,
        idColumns: draw.stages.map { ($0.name, $0.id) },
        prefix: order.name
      )
      for list in made.lists { digest.update(Self.bytes(of: list)) }
      units = made
    } else {
      units = nil
    }
    version = String(digest.finished.hex.prefix(12))
  }

  /// The bytes of a form of text.
  package func bytes(_ format: FormFormat) throws -> [UInt8] {
    switch format {
    case .html: Array(PaperForm(form, languages: languages).page(version: version).utf8)
    case .json: Array(form.json(version: version).utf8)
    case .codebookCSV: CSVWriter(isForPrograms: true).bytes(of: Codebook(form, uses: uses).table)
    case .xlsform, .codebookXLSX: []
    }
  }

  /// Writes the form; an XLSForm with drawn units has their lists beside it, all of them or none.
  ///
  /// - Returns: the paths written.
  /// - Throws: a `WritingError`.
  package func write(_ format: FormFormat, to path: String, overwrite: Bool) throws -> [String] {
    if format.isText {
      try AtomicFile.write(try bytes(format), to: path, overwrite: overwrite)
      return [path]
    }
    let sheets: [DocumentTable]
    var beside = [OutputFile]()
    if format == .xlsform {
      do throws(Untranslatable) {
        sheets = try FormWorkbook(form, languages: languages, units: units).sheets(version: version)
      } catch {
        // The check of the source has tried every expression; what is left is told with the file.
        throw InputRefusal(Finding("form-expression", file: form.file, message: error.message, fix: error.fix))
      }
      let folder = NewFolder.parent(of: path)
      beside = (units?.lists ?? []).map { list in
        let place = folder == "." && !path.hasPrefix("./") ? list.file : folder + "/" + list.file
        return OutputFile(path: place, bytes: Self.bytes(of: list))
      }
    } else {
      let codebook = Codebook(form, uses: uses)
      sheets = [codebook.table, codebook.codes]
    }
    for target in [path] + beside.map(\.path) { try AtomicFile.check(target, overwrite: overwrite) }
    var written = [String]()
    do {
      for file in beside {
        try AtomicFile.write(file.bytes, to: file.path, overwrite: overwrite)
        written.append(file.path)
      }
      try XLSXWriter().write(sheets, to: path, overwrite: overwrite)
    } catch {
      if !overwrite { for file in written { unlink(file) } }
      throw error
    }
    return [path] + written
  }

  /// Without a mark at the beginning, which a tablet would take for a part of the first column's name.
  private static func bytes(of list: PreloadedUnits.List) -> [UInt8] {
    CSVWriter(byteOrderMark: false, isForPrograms: true).bytes(of: plainTable(list.table))
  }

  private static func path(of name: String, in folder: SurveyFolder) throws(InputRefusal) -> String {
    let forms = folder.path + "/forms"
    let names = folderEntries(forms).filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.map {
      String($0.dropLast(5))
    }
    if names.contains(name) { return "\(forms)/\(name).yaml" }
    let near = nearest(to: name, among: names)
    throw InputRefusal(
      Finding(
        names.isEmpty ? "file-missing" : "form-unknown",
        file: forms,
        value: name,
        message: LocalizedText(zh: "没有这个表单。", en: "there is no such form."),
        fix: LocalizedText(
          zh: near.map { "是否指“\($0)”？" }
            ?? (names.isEmpty ? "请写 forms/\(name).yaml。" : "现有：\(names.joined(separator: "、"))。"),
          en: near.map { "Did you mean \"\($0)\"?" }
            ?? (names.isEmpty ? "Write forms/\(name).yaml." : "There are: \(names.joined(separator: ", ")).")
        )
      )
    )
  }
}
