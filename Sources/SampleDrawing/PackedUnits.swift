import SurveyData

/// Every unit of a frame, packed block by block: for methods that may take any of them.
struct PackedUnits: Sendable {
  /// The units of one block.
  struct Piece: Sendable {
    let file: Int32
    let fileOffset: Int
    var idBytes: [UInt8] = []
    var idEnds: [UInt32] = []
    var cells: [CellKey] = []
    var sizes: [UInt64] = []
    var rows: [Int32] = []
    /// Where in the block each record begins, and its bytes.
    var records: [(start: UInt32, count: UInt32)] = []
    /// The sort columns of these units.
    var sort: [Column] = []

    init(_ block: CellBlock, file: Int32) {
      self.file = file
      fileOffset = block.fileOffset
      idEnds.reserveCapacity(block.rowCount)
      cells.reserveCapacity(block.rowCount)
      rows.reserveCapacity(block.rowCount)
      records.reserveCapacity(block.rowCount)
    }

    mutating func add(
      _ id: UnsafeBufferPointer<UInt8>,
      row: Int,
      record: (start: Int, count: Int),
      cell: CellKey
    ) {
      idBytes.append(contentsOf: id)
      idEnds.append(UInt32(idBytes.count))
      cells.append(cell)
      rows.append(Int32(row))
      records.append((UInt32(record.start), UInt32(record.count)))
    }

    func place(_ unit: Int) -> RecordPlace {
      RecordPlace(file: file, offset: fileOffset + Int(records[unit].start), count: records[unit].count)
    }
  }

  var pieces: [Piece] = []
}
