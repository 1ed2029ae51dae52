/// Portable files of SPSS, in ASCII.
package struct SPSSPortableFormat: TableFormat, StatisticsFormat {
  package let name = "SPSS portable"
  package let extensions = ["por"]
  package let kind = StatisticsKind.spssPortable

  package init() {}

  /// Five fields of 40 bytes name the format in as many character sets; a table of 256 bytes follows, then the tag.
  package func recognizes(_ head: [UInt8]) -> Bool {
    let begin = head.prefix(600)
    return Self.occurs("ASCII SPSS PORT FILE", in: begin) && Self.occurs("SPSSPORT", in: begin)
  }

  private static func occurs(_ text: String, in bytes: ArraySlice<UInt8>) -> Bool {
    let wanted = Array(text.utf8)
    guard bytes.count >= wanted.count else { return false }
    return (bytes.startIndex...(bytes.endIndex - wanted.count)).contains { bytes[$0...].starts(with: wanted) }
  }
}
