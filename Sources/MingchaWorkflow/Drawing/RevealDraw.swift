internal import Documents
internal import SampleDrawing
internal import SurveyData

/// Repeats a draw and, when it verifies, rewrites its receipt with seed, keys, units and tickets.
///
/// - Returns: the verification; the receipt is rewritten only when nothing differs.
/// - Throws: an `InputRefusal` where an input cannot be read, a `WritingError` where the receipt cannot be written.
package func revealDraw(_ order: VerificationOrder) throws -> VerificationRecord {
  var record = try verifyDraw(order)
  guard record.isVerified, record.receipt.state == .sealed else { return record }
  let revealed: Receipt
  if let wave = record.wave {
    revealed = try record.receipt.revealed(by: wave, frames: record.frames)
  } else if let draw = record.draw {
    revealed = try record.receipt.revealed(by: draw, frames: record.frames)
  } else {
    return record
  }
  try AtomicFile.write(try revealed.json(), to: order.receipt, overwrite: true)
  record.wasRevealed = true
  return record
}
