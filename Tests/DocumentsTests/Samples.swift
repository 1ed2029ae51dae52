import Documents
import Glibc

/// A folder of its own for one test, removed afterwards.
struct ScratchFolder: ~Copyable {
  let path: String

  init() throws {
    var template = Array("/tmp/mingcha-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { throw ScratchFailure() }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  /// Every name in the folder, hidden ones too.
  var names: [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

struct ScratchFailure: Error {}

func read(_ path: String) -> [UInt8] {
  let file = open(path, O_RDONLY)
  guard file >= 0 else { return [] }
  defer { close(file) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = Glibc.read(file, &buffer, buffer.count)
    guard count > 0 else { return bytes }
    bytes += buffer[..<count]
  }
}

/// What a shell command prints.
func output(of command: String) -> String {
  guard let pipe = popen(command, "r") else { return "" }
  defer { pclose(pipe) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&buffer, 1, buffer.count, pipe)
    guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
    bytes += buffer[..<count]
  }
}

/// A table with a code, Chinese, hostile text, a rate and a missing figure.
let hostileTable = DocumentTable(
  key: "rates",
  title: "错退率 <by> county",
  columns: [
    DocumentColumn("code", "代码", .code), DocumentColumn("name", "名称 & name", .text),
    DocumentColumn("rate", "估计值", .percent(2)), DocumentColumn("count", "n", .integer),
  ],
  rows: [
    [.text("015012"), .text("土默特左旗"), .number(0.012345), .integer(12_345)],
    [.text("150102001007"), .text("=HYPERLINK(\"x\")"), .number(-0.5), .integer(-7)],
    [.text("150122"), .text("<script>alert('1')</script>"), .empty(reason: "无自由度"), .integer(0)],
  ],
  notes: ["a < b"]
)

/// One file inside a workbook, taken out by Python's zipfile: a reader that is not ours.
func part(_ name: String, of workbook: String) -> String {
  output(
    of: """
      python3 -c 'import sys, zipfile; \
      sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' '\(workbook)' '\(name)'
      """
  )
}
