import Documents
import Glibc
import SurveyEstimation

/// A proportion in per cent without needless zeros: 2%, 0.5%, 97.5%.
func trimmedPercent(_ value: Double) -> String {
  var text = NumberText.fixed(value * 100, digits: 6)
  if text.contains(".") {
    while text.last == "0" { text.removeLast() }
    if text.last == "." { text.removeLast() }
  }
  return text + "%"
}

/// How the figures of one estimate are shown: rates in per cent, others by the size of their error.
func kind(for estimate: Estimate) -> DocumentColumn.Kind {
  if estimate.isProportion { return .percent(2) }
  let scale = [estimate.standardError, estimate.estimate].compactMap { $0 }
    .first { $0.isFinite && $0 != 0 }
  guard let scale else { return .decimal(2) }
  return .decimal(min(6, max(0, 2 - Int(log10(abs(scale)).rounded(.down)))))
}

extension Cell {
  /// A figure shown as its estimate is, or the reason why there is none.
  static func figure(_ value: Double?, _ kind: DocumentColumn.Kind, orReason reason: String?) -> Cell {
    guard let value, value.isFinite else { return .empty(reason: reason) }
    return .styled(value, kind)
  }
}
