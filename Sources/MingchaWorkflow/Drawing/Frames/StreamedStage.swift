package import SampleDrawing
package import SurveyData
package import SurveyDesign
internal import TabularFiles

/// A stage that was drawn while its frame went by, without the frame in memory.
package struct StreamedStage: Sendable {
  package var stage: StageDraw
  /// The rows drawn, and what the receipt says of the whole frame.
  package var frame: ReceiptFrame
  package var notes: [Finding]
}

extension FrameSource {
  /// Draws a stage in one pass over the frame's files and a look at the rows drawn.
  ///
  /// - Parameters:
  ///   - plan: what is drawn.
  ///   - key: of the stage.
  ///   - parents: the units drawn before, from the second stage on.
  ///   - workers: threads that read and draw.
  ///   - needsFileDigest: of the file's bytes, beside the frame digest.
  ///   - blockSize: about how many bytes are in work at once on each thread; the outcome does not depend on it.
  /// - Returns: `nil` where the frame has to be read as a table: it is a workbook, comes through a pipe, is in
  ///   another encoding than UTF-8, or holds something that has to be named to the user row by row.
  /// - Throws: an `InputRefusal` where a file cannot be read, or strata cannot give what is asked.
  package func drawStreaming(
    _ plan: StagePlan,
    key: DrawKey,
    parents: [String]?,
    workers: Int,
    needsFileDigest: Bool,
    blockSize: Int = 1 << 20
  ) throws -> StreamedStage? {
    guard plan.hasOnlyTicketsAndSizes, !dropsIdenticalRows, !paths.isEmpty, id == plan.id else { return nil }
    let options = ReadOptions(sheet: sheet, headerRow: headerRow, blockSize: blockSize)
    for sortsAlways in [false, true] {
      let scan = FrameScan(
        self,
        plan: plan,
        key: key,
        parents: parents,
        workers: workers,
        needsFileDigest: needsFileDigest,
        sortsAlways: sortsAlways
      )
      guard let reading = try? readCells(paths: paths, options: options, threads: workers, reader: scan),
        !scan.isTroubled, !scan.slots.contains(where: \.isTroubled)
      else { return nil }
      let runs = scan.spool == nil ? scan.runs : nil
      if scan.spool == nil, runs == nil { continue }
      guard let collected = CollectedFrame(scan.slots.compactMap(\.collector)) else { return nil }
      // The digest keeps one processor busy with hashing; the draw goes on beside it.
      let outcomes = Workers.map(2, Share.allCases) { share -> Outcome in
        switch share {
        case .digest:
          let digest =
            if let runs {
              RunMerge.digest(header: scan.canonicalHeader, runs: runs, paths: self.paths)
            } else {
              scan.spool?.digest(header: scan.canonicalHeader, workers: workers)
            }
          return .digest(digest)
        case .draw:
          return .drawn(
            Result {
              let drawn = try collected.draw(plan, parents: parents, key: key, file: scan.fileName, workers: workers)
              let rows = try self.drawnRows(drawn.places, reading: reading, options: options)
              return rows.map { Drawn(stage: drawn.stage, rows: $0) }
            }
          )
        }
      }
      guard case .digest(let hashed) = outcomes[0], case .drawn(let result) = outcomes[1], let digest = hashed,
        let drawn = try result.get()
      else { return nil }
      let changes = scan.slots.flatMap(\.changes).sorted { $0.row < $1.row }.compactMap {
        identifierChange($0.value, to: $0.clean, file: scan.fileName, row: $0.row, column: id)
      }
      let facts = FrameFacts(digest: digest.hex, rows: reading.rows, unitsKept: collected.unitsKept)
      let frame = ReceiptFrame(
        facts: facts,
        drawn: drawn.rows,
        file: label,
        fileDigest: scan.fileDigest,
        filter: keep?.source,
        changes: changes.map(recorded)
      )
      return StreamedStage(stage: drawn.stage, frame: frame, notes: reading.notes + changes)
    }
    return nil
  }

  /// What is done at once when the frame has gone by.
  private enum Share: CaseIterable, Sendable { case digest, draw }

  private struct Drawn: Sendable {
    var stage: StageDraw
    var rows: Table
  }

  private enum Outcome: Sendable {
    case digest(Digest?)
    case drawn(Result<Drawn?, any Error>)
  }

  /// The rows drawn, their ids as the draw saw them; `nil` where another change than at the first reading shows.
  private func drawnRows(_ places: [RecordPlace], reading: CellReading, options: ReadOptions) throws -> Table? {
    var table = try readRecords(places, paths: paths, sources: reading.sources, options: options)
    for name in [id] + (parent.map { [$0] } ?? []) {
      guard let column = table[name] else { return nil }
      let text = column.codedText
      var levels = [String]()
      for level in text.levels {
        switch readIdentifier(level) {
        case .unchanged: levels.append(level)
        case .changed(let clean): levels.append(clean)
        case .refused: return nil
        }
      }
      if levels != text.levels { table.set(Column(name, .text(CodedText(levels: levels, codes: text.codes)))) }
    }
    return table
  }
}
