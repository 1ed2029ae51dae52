internal import SurveyData

/// The one place that decides how much of a value leaves in a report.
///
/// Columns whose role is private, or whose name says so, show their values masked: an identity number as
/// 150121****0017, a name as 王*, a telephone number by its first three digits, a coordinate not at all. A value that
/// looks like an identity number or a mobile number is masked in whatever column it stands.
package struct Masking: Sendable {
  private enum Form { case identity, name, telephone, hidden }

  private let roles: CheckedRoles
  private let further: Set<String>

  /// - Parameters:
  ///   - roles: what the survey's columns mean.
  ///   - further: columns that the survey file calls private besides.
  package init(roles: CheckedRoles, further: Set<String> = []) {
    self.roles = roles
    self.further = further
  }

  /// Whether no value of a column may be shown as it is.
  package func isPrivate(_ column: String) -> Bool { form(of: column) != nil }

  /// A value as it may be shown.
  ///
  /// - Parameters:
  ///   - value: as it stands in the file.
  ///   - column: where it stands.
  /// - Returns: the value, masked where it is private.
  package func shown(_ value: String, column: String?) -> String {
    switch column.flatMap({ form(of: $0) }) {
    case .identity: return maskedPerson(value)
    case .name: return value.first.map { "\($0)*" } ?? value
    case .telephone: return String(value.prefix(3)) + "****"
    case .hidden: return "****"
    case nil: return looksPersonal(value) ? maskedPerson(value) : value
    }
  }

  private func form(of column: String) -> Form? {
    if roles.has(.identity, column) || roles.has(.helperIdentity, column) { return .identity }
    if roles.has(.personName, column) { return .name }
    if roles.has(.telephone, column) { return .telephone }
    if roles.has(.latitude, column) || roles.has(.longitude, column) || roles.has(.address, column)
      || further.contains(column)
    {
      return .hidden
    }
    let name = column.lowercased()
    if name.contains("身份证") || name.contains("证件号") { return .identity }
    if name.contains("姓名") { return .name }
    if name.contains("电话") || name.contains("手机") || name.contains("phone") { return .telephone }
    let isPlace = ["经度", "纬度", "住址", "坐标", "latitude", "longitude", "gps"].contains { name.contains($0) }
    return isPlace ? .hidden : nil
  }

  /// 18 or 15 digits (the last one perhaps an X), or a mobile number.
  private func looksPersonal(_ value: String) -> Bool {
    let bytes = Array(value.utf8)
    let isDigit = bytes.dropLast().allSatisfy { (0x30...0x39).contains($0) }
    guard isDigit, let last = bytes.last else { return false }
    let endsWell = (0x30...0x39).contains(last) || last == UInt8(ascii: "X") || last == UInt8(ascii: "x")
    return endsWell && (bytes.count == 18 || bytes.count == 15 || (bytes.count == 11 && bytes[0] == UInt8(ascii: "1")))
  }

  /// The first six and the last four characters of a long number; only the first three of a short one.
  private func maskedPerson(_ value: String) -> String {
    let scalars = Array(value.unicodeScalars)
    guard scalars.count >= 15 else { return text(scalars.prefix(3)) + "****" }
    return text(scalars.prefix(6)) + "****" + text(scalars.suffix(4))
  }

  private func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
