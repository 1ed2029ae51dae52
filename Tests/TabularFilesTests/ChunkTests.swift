import SurveyData
import TabularFiles
import Testing

@Suite("Chunks")
struct ChunkTests {
  private static let text: String = {
    var generator = SplitMix(seed: 3)
    var text = "id,名称,数,空\r\n"
    let names = ["圐圙村", "髙家营", "\"嘠查, 一\"", "\"二\n行\"", "\"墕\"\"里\"\"\"", "", "x"]
    for row in 1...60 {
      let ends = ["\n", "\r\n", "\r"]
      let name = names[Int(generator.next() % 7)]
      text += "\(row),\(name),\(generator.next() % 1_000),\(ends[Int(generator.next() % 3)])"
    }
    return text
  }()

  @Test("block size changes nothing, from 1 byte to 200, nor do two threads")
  func blockSizes() throws {
    let file = try TemporaryFile(Self.text)
    let path = file.path
    let whole = try readTable(path: path).table
    #expect(whole.rowCount == 60)
    for size in 1...200 {
      for threads in 1...2 {
        let reading = try readChunks(
          path: path,
          options: ReadOptions(blockSize: size),
          threads: threads,
          make: { [Table]() },
          body: { $0.append($1) }
        )
        let chunks = reading.partials.flatMap { $0 }.sorted { $0.firstRow < $1.firstRow }
        #expect(reading.rows == 60)
        var next = 2
        for chunk in chunks {
          #expect(chunk.firstRow == next)
          next += chunk.rowCount
        }
        #expect(try Table.concatenated(chunks).rows == whole.rows, "block size \(size), threads \(threads)")
      }
    }
  }

  @Test("findings are the same for any block size and number of threads")
  func findings() throws {
    var rows = ["a,b"]
    for row in 2...300 { rows.append(row % 40 == 0 ? "\(row)" : row % 55 == 0 ? "" : "\(row),x") }
    rows += ["1,\"open", "2,3"]
    let file = try TemporaryFile(rows.joined(separator: "\n") + "\n")
    let path = file.path
    func found(_ size: Int, _ threads: Int) throws -> [String] {
      try #require(throws: InputRefusal.self) {
        _ = try readChunks(
          path: path,
          options: ReadOptions(blockSize: size),
          threads: threads,
          make: { 0 },
          body: { $0 += $1.rowCount }
        )
      }.findings.map { "\($0.row ?? 0) \($0.code)" }
    }
    let expected = try found(1 << 20, 1)
    #expect(expected.count == 7 + 5 + 1 && expected.last == "301 csv-quote-unclosed")
    for size in stride(from: 1, through: 120, by: 7) {
      #expect(try found(size, 1) == expected)
      #expect(try found(size, 2) == expected)
    }
  }

  @Test("a refusal thrown by the body does not hide later ones; another error ends the reading")
  func bodyErrors() throws {
    struct Stop: Error {}
    let file = try TemporaryFile("x\n" + (1...100).map { $0 % 30 == 0 ? "无" : "\($0)" }.joined(separator: "\n"))
    let path = file.path
    let expression = try Expression(parsing: "x > 50")
    let refusal = try #require(throws: InputRefusal.self) {
      _ = try readChunks(
        path: path,
        options: ReadOptions(blockSize: 20),
        threads: 2,
        make: { 0 },
        body: {
          $0 += try expression.mask(over: $1).filter { $0 }.count
        }
      )
    }
    #expect(refusal.findings.map(\.row) == [31, 61, 91])
    #expect(throws: Stop.self) {
      _ = try readChunks(
        path: path,
        options: ReadOptions(blockSize: 20),
        threads: 2,
        make: { 0 },
        body: { _, _ in
          throw Stop()
        }
      )
    }
  }

  @Test("any table survives being written by RFC 4180 and read back")
  func roundTrip() throws {
    var generator = SplitMix(seed: 11)
    let pieces = ["a", ",", "\"", "\n", "\r\n", "\r", ";", "\t", " ", "明", "嘠", "0", "é", "'", "𠀀"]
    for trial in 0..<150 {
      let width = Int(generator.next() % 4) + 1
      let height = Int(generator.next() % 6) + 1
      var expected: [[String?]] = []
      var text = (0..<width).map { "c\($0)" }.joined(separator: ",") + "\n"
      for row in 0..<height {
        var cells: [String?] = []
        for column in 0..<width {
          let length = row == 0 && column == 0 ? 1 : Int(generator.next() % 5)
          let cell = (0..<length).map { _ in pieces[Int(generator.next() % UInt64(pieces.count))] }.joined()
          cells.append(cell.isEmpty ? nil : cell)
        }
        expected.append(cells)
        text +=
          cells.map {
            "\"" + ($0 ?? "").split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
          }
          .joined(separator: ",") + "\n"
      }
      let options = ReadOptions(delimiter: ",", blockSize: Int(generator.next() % 40) + 1)
      let table = try read(text, options: options).table
      #expect(
        table.rows.map { $0.map { $0.map { Array($0.utf8) } } }
          == expected.map { $0.map { $0.map { Array($0.utf8) } } },
        "trial \(trial)"
      )
    }
  }

  @Test("several files need one header, and are read one after another")
  func severalFiles() throws {
    let first = try TemporaryFile("a,b\n1,2\n")
    let second = try TemporaryFile("a,b\n3,4\n5,6\n")
    let third = try TemporaryFile("a,c\n7,8\n")
    let tables = try readTables(paths: [first.path, second.path]).tables
    #expect(tables.map(\.rowCount) == [1, 2] && tables.map(\.file) == [first.path, second.path])
    let reading = try readChunks(
      paths: [first.path, second.path],
      options: ReadOptions(),
      threads: 2,
      make: { 0 },
      body: {
        $0 += $1.rowCount
      }
    )
    #expect(reading.rows == 3 && reading.partials.reduce(0, +) == 3)
    let paths = [first.path, third.path]
    let refusal = try #require(throws: InputRefusal.self) { try readTables(paths: paths) }
    #expect(refusal.findings.map(\.code) == ["header-differs"])
    #expect(refusal.findings[0].message.en.contains("lacks [b], adds [c]"))
  }

  @Test("a pattern names its files in byte order, and none is refused")
  func glob() throws {
    let first = try TemporaryFile("a\n1\n", suffix: ".glob")
    let second = try TemporaryFile("a\n1\n", suffix: ".glob")
    let found = try expandGlob("mingcha-test-*.glob", in: "/tmp")
    let both = [first.path, second.path].sorted()
    #expect(found.filter { both.contains($0) } == both)
    #expect(throws: InputRefusal.self) { try expandGlob("no-such-*.glob", in: "/tmp") }
  }
}
