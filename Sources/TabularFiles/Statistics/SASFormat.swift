/// Data sets of SAS.
package struct SASFormat: TableFormat, StatisticsFormat {
  package let name = "SAS"
  package let extensions = ["sas7bdat"]
  package let kind = StatisticsKind.sas

  package init() {}

  package func recognizes(_ head: [UInt8]) -> Bool { head.starts(with: Self.magic) }

  private static let magic: [UInt8] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC2, 0xEA, 0x81, 0x60, 0xB3, 0x14, 0x11, 0xCF, 0xBD, 0x92, 0x08, 0x00, 0x09,
    0xC7, 0x31, 0x8C, 0x18, 0x1F, 0x10, 0x11,
  ]
}
