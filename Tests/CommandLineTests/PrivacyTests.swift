import Foundation
import Testing

@Suite("what points at persons stays out of estimates")
struct PrivacyTests {
  @Test
  func `estimate, score and annex refuse returns with names and numbers, naming file and column`() throws {
    let fixture = try PrivacyFixture()
    for command in ["estimate", "annex"] {
      let run = try fixture.run(command, "round")
      #expect(run.status == 65 && run.output.isEmpty)
      for column in ["姓名", "id_card", "phone", "gps_latitude", "gps_longitude"] {
        #expect(run.messages.contains("round/responses/households.csv \(column): "), "\(run.messages)")
      }
      #expect(!run.messages.contains("出生日期:") && run.messages.contains("mingcha pseudonymize"))
    }
    let loose = try fixture.run(
      "estimate",
      "round/responses/households.csv",
      "--mean",
      "wrong",
      "--psu",
      "county_code",
      "--unweighted"
    )
    #expect(loose.messages.contains("[direct-column]") && loose.status == 65, "\(loose.messages)")
    #expect(try fixture.run("estimate", "round", "--allow-direct").status == 0)
    let allowed = try PrivacyFixture(survey: "privacy: {allow-direct: true}\n")
    #expect(try allowed.run("annex", "round").status == 0)
  }

  @Test
  func `a survey file's classes go before what names suggest; a class of no column is refused`() throws {
    let fixture = try PrivacyFixture(survey: "columns: {direct: [remarks], value: [姓名, id_card, phone, 'gps_*']}\n")
    let run = try fixture.run("estimate", "round")
    #expect(
      run.status == 65 && run.messages.contains("remarks: ") && !run.messages.contains("phone: "),
      "\(run.messages)"
    )
    let wrong = try PrivacyFixture(survey: "columns: {direct: [phnoe], secret: [x]}\n")
    let unknown = try wrong.run("estimate", "round")
    #expect(unknown.status == 65 && unknown.messages.contains("columns.secret: unknown key."), "\(unknown.messages)")
    let absent = try PrivacyFixture(survey: "columns: {direct: [phnoe]}\nprivacy: {allow-direct: true}\n")
    let missing = try absent.run("estimate", "round")
    #expect(missing.status == 65 && missing.messages.contains("Did you mean \"phone\"?"), "\(missing.messages)")
  }

  @Test(arguments: ["csv", "xlsx"])
  func `pseudonymized returns are estimated, with links between files kept`(form: String) throws {
    let fixture = try PrivacyFixture()
    let made = try fixture.run(
      "pseudonymize",
      "round/responses/households.csv",
      "--key-file",
      "key.txt",
      "-o",
      "clean.\(form)",
      "--columns",
      "id:household=household"
    )
    #expect(made.status == 0, "\(made.messages)")
    #expect(made.messages.contains("姓名: was dropped (names of persons)"))
    #expect(made.messages.contains("id_card: was replaced by pseudonyms (role identity)"))
    let estimate = try fixture.run(
      "estimate",
      "clean.\(form)",
      "--psu",
      "county_code",
      "--strata",
      "league_code",
      "--unweighted",
      "--mean",
      "wrong"
    )
    #expect(estimate.status == 0, "\(estimate.messages)")
    guard form == "csv" else { return }
    let lines = try fixture.text("clean.csv").split(separator: "\r\n")
    #expect(
      lines[0].hasSuffix("household,league_code,county_code,id_card,gps_latitude,gps_longitude,出生日期,wrong,remarks")
    )
    let cells = lines[1].split(separator: ",")
    #expect(cells[4] == "40.8" && cells[5] == "111.6" && cells[6] == "1965" && cells[0].count == 20)
    // The same person in another file under another name of the column, with blanks and full-width digits.
    let identity = PrivacyFixture.identity(1)
    _ = try fixture.folder.write("身份证号,y\n \(identity),1\n", to: "other.csv")
    let both = try fixture.run(
      "pseudonymize",
      "other.csv",
      "round/responses/households.csv",
      "--key-file",
      "key.txt",
      "-o",
      "both",
      "--columns",
      "id:household=household"
    )
    #expect(both.status == 0, "\(both.messages)")
    #expect(try fixture.text("both/other.csv").contains(cells[3]))
    #expect(try fixture.text("both/households.csv") == fixture.text("clean.csv"))
    #expect(try fixture.run("pseudonymize", "other.csv", "--key-file", "key.txt", "-o", "clean.csv").status == 73)
  }

  @Test
  func `keys: missing, weak, in the survey folder, open to others, new`() throws {
    let fixture = try PrivacyFixture()
    func run(_ key: String, _ more: String...) throws -> CommandRun {
      try fixture.run(["pseudonymize", "round/responses/households.csv", "--key-file", key, "-o", "clean.csv"] + more)
    }
    #expect(try run("none.txt").status == 66)
    _ = try fixture.folder.write("short\n", to: "short.txt")
    let weak = try run("short.txt")
    #expect(weak.status == 65 && weak.messages.contains("[key-weak]"))
    _ = try fixture.folder.write("0123456789abcdefghijklmnopqrstuvwxyz\n", to: "round/keys/key.txt")
    let inside = try run("round/keys/key.txt")
    #expect(inside.status == 65 && inside.messages.contains("[key-in-folder]"), "\(inside.messages)")
    #expect(try run("round/new.txt", "--new-key").status == 65)
    #expect(!fixture.folder.names.contains("clean.csv"))
    #expect(try fixture.run("pseudonymize", "--new-key", "--key-file", "new.txt").status == 0)
    let mode = try FileManager.default.attributesOfItem(atPath: fixture.folder.path + "/new.txt")[.posixPermissions]
    #expect(mode as? Int == 0o600)
    #expect(try fixture.run("pseudonymize", "--new-key", "--key-file", "new.txt").status == 73)
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: fixture.folder.path + "/new.txt")
    let open = try run("new.txt")
    #expect(open.status == 0 && open.messages.contains("[key-open]"), "\(open.messages)")
  }

  @Test
  func
    `columns that do not exist, damaged ids, numbers inside texts and unknown classes are refused, and nothing is written`()
    throws
  {
    let fixture = try PrivacyFixture()
    _ = try fixture.folder.write(
      "id_card,remarks,出生日期\n\(PrivacyFixture.identity(1)),电话13847112345,不详\n1.50121E+17,无,1970-05-01\n",
      to: "bad.csv"
    )
    let run = try fixture.run("pseudonymize", "bad.csv", "--key-file", "key.txt", "-o", "clean.csv", "--drop", "remark")
    #expect(run.status == 65, "\(run.messages)")
    for line in ["bad.csv:3 id_card: ", "bad.csv:2 remarks: ", "bad.csv:2 出生日期: ", "Did you mean \"remarks\"?"] {
      #expect(run.messages.contains(line), "\(line) in \(run.messages)")
    }
    #expect(!run.messages.contains("13847112345") && !fixture.folder.names.contains("clean.csv"))
    let unknown = try fixture.run(
      "pseudonymize",
      "bad.csv",
      "--key-file",
      "key.txt",
      "-o",
      "c.csv",
      "--columns",
      "secret=x"
    )
    #expect(unknown.status == 64 && unknown.messages.contains("There is no class secret"))
  }

  @Test
  func `published results withhold small counties and partners, alike in every form; the whole ones stay`() throws {
    let fixture = try PrivacyFixture(survey: "privacy: {allow-direct: true}\n")
    let whole = try fixture.run("estimate", "round", "--format", "json")
    #expect(whole.status == 0, "\(whole.messages)")
    #expect(!whole.output.contains("suppressed"))
    let shown = try fixture.run("estimate", "round", "--format", "json", "--minimum-cell", "4")
    #expect(shown.status == 0 && shown.messages.contains("cells-withheld"), "\(shown.messages)")
    #expect(try fixture.text("round/results/estimates.json") == whole.output)
    #expect(try fixture.text("round/results/published-estimates.json") == shown.output)
    struct File: Decodable {
      struct Part: Decodable { var estimates: [Own] }
      struct Own: Decodable {
        var domain: [String: String]
        var count: Int?
        var estimate: Double?
        var reason: String?
      }
      var parts: [Part]
    }
    func estimates(_ text: String) throws -> [File.Own] {
      try JSONDecoder().decode(File.self, from: Data(text.utf8)).parts[0].estimates
    }
    let (before, after) = (try estimates(whole.output), try estimates(shown.output))
    var withheld: Set<String> = []
    for (one, other) in zip(before, after) {
      if let count = one.count, (1..<4).contains(count) { #expect(other.reason == "suppressed") }
      guard other.reason == "suppressed" else {
        #expect(other.count == one.count && other.estimate == one.estimate)
        continue
      }
      #expect(other.count == nil && other.estimate == nil)
      if let code = one.domain["county_code"] { withheld.insert(code) }
    }
    #expect(withheld.count > 1)
    let csv = try fixture.text("round/results/published-estimates.csv")
    for line in csv.split(separator: "\r\n") where withheld.contains(where: { line.contains($0) }) {
      #expect(line.contains("suppressed"), "\(line)")
    }
    let loose = try fixture.run(
      "estimate",
      "round/responses/households.csv",
      "--allow-direct",
      "--psu",
      "county_code",
      "--strata",
      "league_code",
      "--unweighted",
      "--mean",
      "wrong",
      "--by",
      "league_code",
      "--by",
      "county_code",
      "--lonely-psu",
      "adjust",
      "--minimum-cell",
      "4",
      "--format",
      "csv"
    )
    #expect(loose.status == 0, "\(loose.messages)")
    #expect(
      withheld.allSatisfy { code in
        loose.output.split(separator: "\r\n").contains { $0.contains(code) && $0.contains("suppressed") }
      }
    )
  }

  @Test
  func `no command shows a name, a number or a coordinate of the returns in results or messages`() throws {
    let fixture = try PrivacyFixture(survey: "privacy: {allow-direct: true}\npublish: {minimum-cell: 4}\n")
    let returns = "round/responses/households.csv"
    let usual = ["--allow-direct", "--psu", "county_code", "--unweighted"]
    let runs = [
      ["check", "round"], ["estimate", "round"],
      ["estimate", "round", "--explain", "--format", "json", "--covariances"],
      ["annex", "round", "--format", "html,xlsx,csv"], ["score", "round"], ["doctor", "round"],
      ["draw", "round", "none"],
      ["estimate", returns] + usual + ["--mean", "姓名"],
      ["estimate", returns] + usual + ["--mean", "id_card", "--by", "county_code"],
      ["estimate", returns, "--psu", "county_code", "--mean", "wrong"],
      ["estimate", returns] + usual + ["--total", "wrong", "--mean", "remarks"],
      ["pseudonymize", returns, "--key-file", "key.txt", "-o", "clean.csv"],
      ["pseudonymize", returns, "--key-file", "key.txt", "-o", "clean.xlsx", "--columns", "id:x=household"],
      ["verify", "round/receipt.json"], ["field", "report", "round", "none"], ["lists", "round", "none"],
    ]
    var seen: [(String, String)] = []
    for arguments in runs {
      let run = try fixture.run(arguments)
      #expect(run.status != 70, "\(arguments): \(run.messages)")
      seen.append((arguments.joined(separator: " "), run.output + run.messages))
    }
    let files = try FileManager.default.subpathsOfDirectory(atPath: fixture.folder.path).sorted()
    #expect(files.contains("round/results/annex-zh.html") && files.contains("round/results/published-estimates.csv"))
    for file in files where file != returns && !file.hasSuffix("/responses") {
      var isFolder: ObjCBool = false
      let path = fixture.folder.path + "/" + file
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
      let inner =
        file.hasSuffix(".xlsx") ? try shell("unzip -p '\(path)'", in: fixture.folder.path) : try fixture.text(file)
      seen.append((file, inner))
    }
    for (place, text) in seen {
      let found = fixture.secrets.first { text.contains($0) }
      #expect(found == nil, "\(place) shows \(found ?? "")")
    }
  }
}
