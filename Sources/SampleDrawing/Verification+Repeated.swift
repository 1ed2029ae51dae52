package import SurveyData

extension Receipt {
  /// The seed that this receipt committed to, from what is given or what it reveals; `nil` for another one.
  package func committedSeed(given: Seed?) -> Seed? {
    try? checkedSeed(self, given: given)
  }

  /// Whether a draw that was repeated gives this very receipt, the list, and the probabilities of pairs.
  ///
  /// The file's bytes and the changes that reading made are left out: the frame digest speaks for the rows.
  /// - Returns: the number of units repeated; `nil` where anything differs.
  package func unitCount(repeatedBy draw: Draw, frames: [ReceiptFrame], list: Table?, joint: Table?) -> Int? {
    do throws(InputRefusal) {
      var again = try Receipt(
        of: draw,
        frames: frames,
        toolVersion: toolVersion,
        survey: survey,
        attempt: attempt,
        previousReceipt: previousReceipt,
        date: date,
        series: series ?? [],
        publicSeedReason: publicSeedReason,
        continues: continues,
        arrivals: arrivals
      )
      if state == .revealed { again = try again.revealed(by: draw, frames: frames) }
      guard inputs.count == again.inputs.count else { return nil }
      for place in inputs.indices {
        again.inputs[place].file = inputs[place].file
        again.inputs[place].fileDigest = inputs[place].fileDigest
        again.inputs[place].changes = inputs[place].changes
      }
      guard again == self else { return nil }
      let expected = DrawnList.table(of: draw, frames: frames.map(\.units))
      if let list, (try? compareLists(list, expected: expected)) == nil { return nil }
      if (try? compareJoint(joint, of: draw, with: self)) == nil { return nil }
      return expected.rowCount
    } catch {
      return nil
    }
  }
}
