import Foundation
import Testing

/// Rows 15 and 23 of the table of bad input: weights and sizes, and what a spreadsheet would run.
@Suite("bad input, rows 15 and 23: weights, sizes, formulas")
struct DesignRowsTests {
  private static func frame(_ sizes: String...) -> String {
    "code,x,s\n" + sizes.enumerated().map { "\($0.offset + 15),\($0.offset),\($0.element)\n" }.joined()
  }

  @Test(
    "23: weights that are no numbers above 0 are refused with their row",
    arguments: [
      ("0", "weight-invalid"), ("-1", "weight-invalid"), ("", "weight-invalid"), ("NaN", "number-text"),
      ("Inf", "number-text"), ("1e400", "number-text"), ("many", "number-text"),
    ]
  )
  func weights(written: String, code: String) throws {
    try BadInputFolder().check(
      BadFile(
        "weight",
        Self.frame("5", written, "5", "5"),
        by: [.estimate],
        options: ["--weights", "s"],
        [.init(code, 3, "s")]
      )
    )
  }

  @Test(
    "23: sizes that are no whole numbers are refused with their row",
    arguments: ["-1", "", "NaN", "1.5", "inf", "1e400", "many"]
  )
  func sizes(written: String) throws {
    try BadInputFolder().check(
      BadFile(
        "size",
        Self.frame("5", "5", written, "5"),
        by: [.draw],
        options: ["--method", "pps-systematic", "--size", "s"],
        [.init("size-invalid", 4, "s")],
        mend: "a unit of size 0 is never taken"
      )
    )
  }

  @Test("23: a size of 0 is never taken, by the documented rule, and that is said", arguments: ["a", "b", "c"])
  func sizeZero(group: String) throws {
    let folder = try BadInputFolder()
    try folder.write(Array(Self.frame("5", "0", "5", "0").utf8), to: "in.csv")
    let options = ["--method", "pps-systematic", "--size", "s", "--take", "2", "--group", group]
    let run = try folder.run(.draw, "in.csv", options)
    #expect(run.run.status == 0 && run.places.map(\.code).contains("size-zero"), "\(run.run.messages)")
    #expect(run.list.contains(",15,") && run.list.contains(",17,") && !run.list.contains(",16,"))
  }

  @Test("23: a sample larger than its stratum, and a lonely unit, are refused, or follow a rule that is named")
  func designs() throws {
    let folder = try BadInputFolder()
    func expect(_ command: BadFile.Command, _ options: [String], _ status: Int32, _ code: String, _ words: String)
      throws
    {
      let run = try folder.run(command, "in.csv", options)
      #expect(run.run.status == status, "\(run.run.messages)")
      guard status != 0 else { return }
      #expect(Set(run.places.map(\.code)) == [code] && run.run.messages.contains(words), "\(run.run.messages)")
      #expect(run.run.output.isEmpty)
    }
    try folder.write(Array("code,h,u,x,N\n15,a,1,1,9\n16,a,1,2,9\n17,b,2,3,1\n18,b,3,4,1\n".utf8), to: "in.csv")
    try expect(.draw, ["--take", "5"], 65, "sample-exceeds-population", "n = 5")
    try expect(.draw, ["--take", "3", "--strata", "h"], 65, "sample-exceeds-population", "N = 2")
    let weighted = ["--weights", "x", "--strata", "h", "--psu", "u"]
    try expect(.estimate, weighted, 65, "lonely-unit", "--lonely-psu")
    for rule in ["adjust", "average", "certainty", "remove"] {
      try expect(.estimate, weighted + ["--lonely-psu", rule], 0, "", "")
    }
    try expect(
      .estimate,
      weighted + ["--fpc", "N", "--lonely-psu", "adjust"],
      65,
      "sample-exceeds-population",
      "N = 1"
    )
  }

  @Test(
    "15: what a spreadsheet would run is defused in a list, and a number below zero stays one",
    arguments: [
      ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""), ("+1+2", "\"'+1+2\""), ("-x", "\"'-x\""), ("@SUM(1)", "\"'@SUM(1)\""),
      ("\t=1", "\"'\t=1\""), ("＝1", "\"'＝1\""), ("＋1", "\"'＋1\""), ("－x", "\"'－x\""), ("＠x", "\"'＠x\""),
      ("-1", "-1"), ("-0.5", "-0.5"), ("-1.5e-3", "-1.5e-3"), ("-1-2", "\"'-1-2\""),
    ]
  )
  func formulas(cell: String, written: String) throws {
    let folder = try BadInputFolder()
    let frame = "code,x,y\n15,1,\(cell)\n16,2,b\n17,4,c\n"
    let draw = try folder.check(
      BadFile("cell", frame, by: [.draw], options: ["--take", "all"], status: 0, [])
    )[0]
    #expect(draw.list.contains(",15,1,\(written),"), "\(draw.list)")
    let place = folder.folder.path
    try folder.write(Array(draw.written["list.xlsx"] ?? Data()), to: "list.xlsx")
    let python =
      "import zipfile; book = zipfile.ZipFile('list.xlsx'); "
      + "print(sum(book.read(n).count(b'<f') for n in book.namelist() if n.startswith('xl/worksheets/sheet')))"
    #expect(try shell("python3 -c \"\(python)\"", in: place) == "0\n")
    let arguments = folder.arguments(.estimate, "in.csv", ["--by", "y", "--lonely-psu", "certainty"])
    let estimates = try CommandRun(arguments + ["--format", "csv"], in: place)
    #expect(estimates.status == 0 && estimates.output.contains(",\(written),"), "\(estimates.output)")
    #expect(try CommandRun(folder.arguments(.draw, "in.csv", []), in: place).status == 0)
    let verify = try CommandRun(["verify", "out", "--frame", "in.csv", "--seed-file", "seed.txt"], in: place)
    #expect(verify.status == 0, "\(verify.messages)\(verify.output)")
  }
}
