/// How a question is answered; the names are XLSForm's, and `unit` is ours.
package enum QuestionType: String, Sendable, CaseIterable {
  case text, integer, decimal, date, time
  case selectOne = "select_one"
  case selectMultiple = "select_multiple"
  /// A unit of the draw, picked from the list of its stage; without a draw its id is typed.
  case unit
  /// Words to read, no answer.
  case note
  /// Worked out from answers before it, or a figure of the survey file.
  case calculate
  /// A place on the map; in the form only where it was asked for.
  case geopoint
  /// What the device records of itself.
  case start, end, today

  package var isSelect: Bool { self == .selectOne || self == .selectMultiple }
  package var isNumber: Bool { self == .integer || self == .decimal }
  /// Whether a person answers it.
  package var isAsked: Bool {
    switch self {
    case .text, .integer, .decimal, .date, .time, .selectOne, .selectMultiple, .unit, .geopoint: true
    case .note, .calculate, .start, .end, .today: false
    }
  }
}
