/// Transport files of SAS, versions 5 and 8.
package struct SASTransportFormat: TableFormat, StatisticsFormat {
  package let name = "SAS transport"
  package let extensions = ["xpt", "xport"]
  package let kind = StatisticsKind.sasTransport

  package init() {}

  package func recognizes(_ head: [UInt8]) -> Bool { head.starts(with: Array("HEADER RECORD*******LIB".utf8)) }
}
