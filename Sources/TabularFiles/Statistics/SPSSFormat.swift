/// Files of SPSS, plain (.sav) or packed (.zsav).
package struct SPSSFormat: TableFormat, StatisticsFormat {
  package let name = "SPSS"
  package let extensions = ["sav", "zsav"]
  package let kind = StatisticsKind.spss

  package init() {}

  package func recognizes(_ head: [UInt8]) -> Bool {
    head.starts(with: Array("$FL2".utf8)) || head.starts(with: Array("$FL3".utf8))
  }
}
