import Foundation
import MingchaWorkflow
import SurveyData
import Testing

@Suite("pseudonyms")
struct PseudonymTests {
  @Test(
    "HMAC-SHA-256 gives the values of RFC 4231",
    arguments: [
      (
        [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
      ),
      (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
      ),
      (
        [UInt8](repeating: 0xAA, count: 131),
        Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
      ),
    ]
  )
  func code(key: [UInt8], text: [UInt8], expected: String) {
    let hex = PseudonymKey(key).code(of: text).map { String(Int($0) + 0x100, radix: 16).suffix(2) }.joined()
    #expect(hex == expected)
  }

  @Test("a pseudonym is the first hundred bits in base 32, one for each role and value")
  func pseudonym() {
    let key = PseudonymKey(Array("0123456789abcdefghijklmnopqrstuv".utf8))
    let code = key.code(of: Array("mingcha pseudonym 1\nidentity\n150121".utf8))
    let bits: [UInt8] = code.flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 } }
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
    let expected = (0..<20).map { place in
      letters[bits.dropFirst(place * 5).prefix(5).reduce(0) { $0 * 2 + Int($1) }]
    }
    let own = key.pseudonym("150121", role: "identity")
    #expect(own == String(expected) && isPseudonym(own))
    #expect(own != key.pseudonym("150121", role: "household"))
    #expect(own != PseudonymKey(Array("0123456789abcdefghijklmnopqrstuw".utf8)).pseudonym("150121", role: "identity"))
  }

  @Test("two values of one pseudonym are refused; one value in two files is none")
  func collision() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("a.csv").path
    try Data("household,x\nh1,1\nh2,2\nh1,3\n".utf8).write(to: URL(fileURLWithPath: file))
    var order = PseudonymizeOrder(files: [file], keyFile: "", output: "")
    order.treatments = ["household": .pseudonym(role: "household")]
    var sound = Pseudonymization(order: order) { value, _ in value + "!" }
    let table = try sound.changed(file)
    _ = try sound.changed(file)
    #expect(sound.findings.isEmpty && table["household"]?.text(at: 2) == "h1!")
    var narrow = Pseudonymization(order: order) { _, _ in "A" }
    _ = try narrow.changed(file)
    #expect(narrow.findings.map(\.code) == ["pseudonym-collision"])
  }

  @Test("the year of birth is read from the usual forms, and from nothing else")
  func years() {
    for text in ["1965-03-02", "1965年3月", "19650302", "2/3/1965", "1965", "196503"] {
      #expect(birthYear(text) == "1965")
    }
    for text in ["23803", "3月2日", "", "65-03-02", "0065"] { #expect(birthYear(text) == nil) }
  }
}
