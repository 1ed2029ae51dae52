import Documents
import Testing

@Suite struct LineBreakingTests {
  @Test(
    "a heading takes as many lines as its words need at a width",
    arguments: [
      ("名称 / Name", 20, 1), ("名称 / Name (Chinese)", 12, 2), ("poverty_status", 8, 2), ("层内总数", 4, 2),
      ("a b c d", 3, 2), ("", 5, 1), ("乡镇代码 / Township code", 8, 4), ("aaaa bbbb", 4, 2),
    ]
  )
  func lines(text: String, width: Int, lines: Int) {
    #expect(LineBreaking.lines(of: text, width: width) == lines)
  }

  @Test("the widest piece is a word, and Chinese breaks anywhere")
  func pieces() {
    #expect(LineBreaking.widestPiece(of: "名称 / Name (Chinese)") == 9)
    #expect(LineBreaking.widestPiece(of: "旗县名称") == 2 && LineBreaking.widestPiece(of: "") == 0)
  }
}
