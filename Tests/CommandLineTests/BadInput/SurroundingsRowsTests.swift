import Foundation
import Testing

/// Rows 27 to 30 of the table of bad input: what goes on around a run.
@Suite("bad input, rows 27 to 30: surroundings")
struct SurroundingsRowsTests {
  @Test("27: a file that is written to while it is read is refused", arguments: [BadFile.Command.draw, .estimate])
  func changing(command: BadFile.Command) throws {
    let folder = try BadInputFolder()
    let place = folder.folder.path
    // Long enough for the writer, who writes every millisecond, to come in between.
    _ = try shell("(echo code,x; seq -f '%.0f,1' 1000000 2999999) >in.csv", in: place)
    let words = folder.arguments(command, "in.csv", ["--lang", "en"]).joined(separator: " ")
    let printed = try shell(
      "n=3000000; (while [ ! -e over ]; do echo $n,1 >>in.csv; n=$((n + 1)); sleep 0.001; done) & "
        + "'\(CommandRun.command)' \(words) 2>&1 >/dev/null; echo $?; touch over; wait; rm over; ls",
      in: place
    )
    #expect(printed.contains("in.csv: was changed while it was read."), "\(printed)")
    #expect(printed.contains("[file-changed]\n65\nin.csv\nseed.txt\n"), "\(printed)")
  }

  @Test("28: language, time zone and the folder's name change no byte of what is written")
  func surroundings() throws {
    let folder = try BadInputFolder()
    try folder.write(EncodingRowsTests.text.utf8.map { $0 }, to: "in.csv")
    let surroundings: [[String: String]] = [
      [:], ["LANG": "C", "LC_ALL": "C"], ["LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "LC_NUMERIC": "de_DE.UTF-8"],
      ["TZ": "Asia/Shanghai", "LC_ALL": "zh_CN.GB18030"], ["TZ": "America/St_Johns", "LC_ALL": "tr_TR.UTF-8"],
      ["TZ": "nonsense", "LC_ALL": "nonsense"],
    ]
    var drawn: [[String: Data]] = []
    var figures: [String] = []
    for environment in surroundings {
      for command in [BadFile.Command.draw, .estimate] {
        let form = command == .draw ? [] : ["--format", "csv"]
        let run = try CommandRun(
          folder.arguments(command, "in.csv", form + ["--lang", "en"]),
          in: folder.folder.path,
          environment: environment
        )
        #expect(run.status == 0, "\(environment): \(run.messages)")
        if command == .estimate { figures.append(run.output) }
      }
      var files: [String: Data] = [:]
      for name in ["list.csv", "list.xlsx", "receipt.json"] {
        files[name] = FileManager.default.contents(atPath: folder.folder.path + "/out/" + name)
      }
      try FileManager.default.removeItem(atPath: folder.folder.path + "/out")
      drawn.append(files)
    }
    #expect(drawn[0].count == 3 && drawn.allSatisfy { $0 == drawn[0] })
    #expect(figures.allSatisfy { $0 == figures[0] } && figures[0].contains("mean(x)"))
  }

  /// The library of libfaketime, where the system has it.
  private static let fakeTime = try? shell("ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -1", in: "/")
    .trimmingCharacters(in: .whitespacesAndNewlines)

  @Test(
    "28: a clock far back or far ahead changes no byte of what is written",
    .enabled(if: fakeTime?.isEmpty == false, "needs libfaketime"),
    arguments: ["@1999-12-31 23:59:59", "@2037-01-01 00:00:00", "-3600d"]
  )
  func clock(time: String) throws {
    let folder = try BadInputFolder()
    try folder.write(EncodingRowsTests.text.utf8.map { $0 }, to: "in.csv")
    func written(_ environment: [String: String]) throws -> [Data?] {
      let run = try CommandRun(folder.arguments(.draw, "in.csv", []), in: folder.folder.path, environment: environment)
      #expect(run.status == 0, "\(run.messages)")
      defer { try? FileManager.default.removeItem(atPath: folder.folder.path + "/out") }
      return ["list.csv", "list.xlsx", "receipt.json"].map {
        FileManager.default.contents(atPath: folder.folder.path + "/out/" + $0)
      }
    }
    let plain = try written([:])
    let odd = try written(["LD_PRELOAD": Self.fakeTime ?? "", "FAKETIME": time])
    #expect(plain == odd && !plain.contains(nil))
  }

  @Test(
    "29: ten million rows are drawn from within 1 GiB",
    .enabled(if: ProcessInfo.processInfo.environment["MINGCHA_ROUNDS"] != nil, "a long test")
  )
  func manyRows() throws {
    let folder = try BadInputFolder()
    let place = folder.folder.path
    _ = try shell(
      "(echo code,stratum,name; seq 150000000001 150010000000 | "
        + "awk '{ printf \"%s,%d,嘎查%d\\n\", $1, NR % 103, NR }') >in.csv",
      in: place
    )
    let options = ["--strata", "stratum", "--take", "20", "--reserves", "5"]
    let peak = try PeakMemory.kibibytes(of: folder.arguments(.draw, "in.csv", options), in: place)
    #expect(peak > 0 && peak < 1 << 20, "\(peak) KiB")
    #expect(try shell("wc -l <out/list.csv", in: place) == "\(103 * 25 + 1)\n")
  }

  @Test("30: standard input that is closed or empty is one message and no trace")
  func standardInput() throws {
    let folder = try BadInputFolder()
    let words = folder.arguments(.draw, "-", ["--lang", "en"]).joined(separator: " ")
    let command = "'\(CommandRun.command)' \(words)"
    let closed = try shell("\(command) <&- 2>&1; echo $?; ls", in: folder.folder.path)
    #expect(closed.contains("-: cannot be read") && closed.hasSuffix("[file-unreadable]\n74\nseed.txt\n"), "\(closed)")
    let empty = try shell("\(command) </dev/null 2>&1; echo $?; ls", in: folder.folder.path)
    #expect(empty.contains("-: is empty.") && empty.hasSuffix("[file-empty]\n65\nseed.txt\n"), "\(empty)")
    let cut = try shell("printf 'code,x\\n15,1\\n16' | \(command) 2>&1; echo $?; ls", in: folder.folder.path)
    #expect(cut.contains("-:3:") && cut.hasSuffix("[row-ragged]\n65\nseed.txt\n"), "\(cut)")
  }
}
