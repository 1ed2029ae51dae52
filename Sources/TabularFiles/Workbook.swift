internal import SurveyData

/// The parts of a workbook package and what they say before any cell is read.
struct Workbook {
  struct Sheet {
    enum Visibility { case visible, hidden }

    let name: String
    let part: String
    let visibility: Visibility
  }

  let archive: Archive
  /// The worksheets in their order; chart sheets hold no cells and are left out.
  let sheets: [Sheet]
  let dates: DateSystem
  private let stylesPart: String?
  private let stringsPart: String?

  init(_ input: InputFile) throws(InputRefusal) {
    // The directory of an empty archive is all there is of it, and minizip does not find it there.
    if input.head.starts(with: [0x50, 0x4B, 0x05, 0x06]) {
      throw InputRefusal(.noWorkbook(input.name, isOpenDocument: false))
    }
    archive = try Archive(input)
    let root = "_rels/.rels"
    guard archive.contains(root) else { throw InputRefusal(Self.noWorkbook(archive)) }
    let package = RelationshipsReader(folder: "")
    try Markup.read(root, of: archive, with: package, atMost: Limits.smallPartBytes)
    guard let main = package.first(ofType: "officeDocument"), archive.contains(main) else {
      throw InputRefusal(Self.noWorkbook(archive))
    }
    guard !main.lowercased().hasSuffix(".bin") else { throw InputRefusal(.binaryWorkbook(archive.file)) }
    let slash = main.lastIndex(of: "/")
    let folder = slash.map { String(main[...$0]) } ?? ""
    let links = RelationshipsReader(folder: folder)
    let linksPart = folder + "_rels/" + main.dropFirst(folder.count) + ".rels"
    let reader = WorkbookReader()
    try Markup.read(main, of: archive, with: reader, atMost: Limits.smallPartBytes)
    guard reader.isWorkbook else { throw InputRefusal(Self.noWorkbook(archive)) }
    try Markup.read(linksPart, of: archive, with: links, atMost: Limits.smallPartBytes)
    sheets = reader.sheets.compactMap { sheet in
      guard let target = links.target(of: sheet.link, type: "worksheet") else { return nil }
      return Sheet(name: sheet.name, part: target, visibility: sheet.isHidden ? .hidden : .visible)
    }
    dates = reader.dates
    stylesPart = links.first(ofType: "styles")
    stringsPart = links.first(ofType: "sharedStrings")
  }

  func readFormats() throws(InputRefusal) -> [DateFormat?] {
    guard let stylesPart else { return [] }
    let reader = StylesReader()
    try Markup.read(stylesPart, of: archive, with: reader, atMost: Limits.smallPartBytes)
    return reader.formats
  }

  func readStrings() throws(InputRefusal) -> SharedStrings {
    // Writers name the part even where no cell needs it.
    guard let stringsPart, archive.contains(stringsPart) else { return SharedStrings() }
    let reader = SharedStringsReader(part: stringsPart, file: archive.file)
    try Markup.read(stringsPart, of: archive, with: reader)
    return reader.strings
  }

  private static func noWorkbook(_ archive: Archive) -> Finding {
    let isOpenDocument = archive.contains("mimetype") && archive.contains("content.xml")
    return .noWorkbook(archive.file, isOpenDocument: isOpenDocument)
  }
}

/// The links of one part of a package to its other parts.
private final class RelationshipsReader: MarkupReader {
  private let folder: String
  private var links: [(id: String, type: String, target: String)] = []

  init(folder: String) { self.folder = folder }

  override func start(_ name: MarkupName, _ attributes: MarkupAttributes) throws(InputRefusal) {
    guard name == "Relationship", attributes.string("TargetMode") != "External",
      let id = attributes.string("Id"), let type = attributes.string("Type"),
      let target = attributes.string("Target"), let part = Self.part(target, in: folder)
    else { return }
    // The type is an address whose last step is the same in both editions of the standard.
    links.append((id, String(type[(type.lastIndex(of: "/").map(type.index(after:)) ?? type.startIndex)...]), part))
  }

  func first(ofType type: String) -> String? { links.first { $0.type == type }?.target }

  func target(of id: String, type: String) -> String? {
    links.first { $0.id == id && $0.type == type }?.target
  }

  /// A target as the name of a part; `nil` if it leads out of the package.
  private static func part(_ target: String, in folder: String) -> String? {
    var steps = target.hasPrefix("/") ? [] : folder.split(separator: "/")
    for step in target.split(separator: "/") where step != "." {
      if step != ".." {
        steps.append(step)
      } else if steps.popLast() == nil {
        return nil
      }
    }
    return steps.joined(separator: "/")
  }
}

/// Reads the list of sheets.
private final class WorkbookReader: MarkupReader {
  private(set) var sheets: [(name: String, link: String, isHidden: Bool)] = []
  private(set) var dates = DateSystem.from1900
  private(set) var isWorkbook = false

  override func start(_ name: MarkupName, _ attributes: MarkupAttributes) throws(InputRefusal) {
    if name == "workbook" {
      isWorkbook = true
    } else if name == "workbookPr" {
      if attributes.isTrue("date1904") { dates = .from1904 }
    } else if name == "sheet", let title = attributes.string("name"),
      let link = attributes.string("id", prefixed: true)
    {
      let state = attributes.string("state")
      sheets.append((title, link, state == "hidden" || state == "veryHidden"))
    }
  }
}
