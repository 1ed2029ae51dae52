package import SurveyData

/// A table printed beforehand, by which a village without a device draws from a list made on arrival.
///
/// It holds the numbers 1, 2, … in the order of the tickets of the ids `UNIT/1`, `UNIT/2`, …. A ticket does not
/// depend on other units, so that the numbers up to N, in this order, are the order of the tickets in a frame of
/// N units, whatever N turns out to be: the first n of them are the draw by `srs` (protocol §3 and §5).
package struct SelectionTable: Sendable, Equatable {
  /// The id of the village.
  package var unit: String
  /// Each of 1…limit once.
  package var numbers: [Int]

  /// The largest list that a table can be made for.
  package static let greatestLimit = 100_000

  /// - Parameters:
  ///   - unit: the village's id, as it will stand before the slash of its units' ids.
  ///   - limit: the largest list it serves.
  ///   - key: of the stage that draws the village's units.
  ///   - rotation: the stage's shift.
  /// - Throws: `id-invalid` for a text that the protocol does not admit, `table-limit` for a limit out of range.
  package init(unit: String, limit: Int, key: DrawKey, rotation: Double = 0) throws(InputRefusal) {
    if let fault = identifierFault(unit) {
      throw InputRefusal(
        Finding(
          "id-invalid",
          value: masked(unit),
          message: LocalizedText(zh: "编号\(fault.words.zh)。", en: "the id \(fault.words.en)."),
          fix: LocalizedText(
            zh: "编号须为非空的 NFC 文本，无控制字符。",
            en: "An id is a text in NFC, not empty, without control characters."
          )
        )
      )
    }
    guard limit >= 1, limit <= Self.greatestLimit else {
      throw InputRefusal(
        Finding(
          "table-limit",
          value: String(limit),
          message: LocalizedText(zh: "抽户表的最大编号不可用。", en: "the table cannot reach to this number."),
          fix: LocalizedText(
            zh: "须为 1 到 \(Self.greatestLimit)，不小于最大的名单。",
            en: "It must be from 1 to \(Self.greatestLimit), and not less than the longest list."
          )
        )
      )
    }
    self.unit = unit
    numbers = (1...limit).map { number in
      (number: number, ticket: key.ticket(Self.id(number, in: unit)).rotated(by: rotation))
    }.sorted { $0.ticket < $1.ticket }.map(\.number)
  }

  /// The id of the unit with a number in the village's list.
  package static func id(_ number: Int, in unit: String) -> String { "\(unit)/\(number)" }

  /// What is drawn from a list of `population` units: the first numbers of the table that are in the list.
  package func drawn(_ count: Int, among population: Int) -> [Int] {
    Array(numbers.lazy.filter { $0 <= population }.prefix(count))
  }
}
