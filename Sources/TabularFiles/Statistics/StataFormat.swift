/// Files of Stata, from release 3 (format 102) on.
package struct StataFormat: TableFormat, StatisticsFormat {
  package let name = "Stata"
  package let extensions = ["dta"]
  package let kind = StatisticsKind.stata

  package init() {}

  /// Since release 13 a file begins with a tag; before, with its format, byte order, 1 and 0.
  package func recognizes(_ head: [UInt8]) -> Bool {
    if head.starts(with: Array("<stata_dta>".utf8)) { return true }
    guard head.count >= 4 else { return false }
    return (102...116).contains(head[0]) && (1...2).contains(head[1]) && head[2] == 1 && head[3] == 0
  }
}
