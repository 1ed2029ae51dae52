internal import SurveyData

/// The one place that decides how much of a value leaves in a report.
///
/// Columns whose role is private, or whose name says so, show their values masked: an identity number as
/// 150121****0017, a name as 王*, a telephone number by its first three digits, a coordinate not at all. A value that
/// looks like an identity number or a mobile number is masked in whatever column it stands.
package struct Masking: Sendable {
  private let roles: CheckedRoles
  private let further: ColumnClasses

  /// - Parameters:
  ///   - roles: what the survey's columns mean.
  ///   - further: columns that the survey file calls private besides, or patterns with `*`.
  package init(roles: CheckedRoles, further: Set<String> = []) {
    self.roles = roles
    self.further = ColumnClasses([.direct: further.sorted()])
  }

  /// Whether no value of a column may be shown as it is.
  package func isPrivate(_ column: String) -> Bool { kind(of: column) != nil }

  /// A value as it may be shown.
  ///
  /// - Parameters:
  ///   - value: as it stands in the file.
  ///   - column: where it stands.
  /// - Returns: the value, masked where it is private.
  package func shown(_ value: String, column: String?) -> String {
    if let kind = column.flatMap({ kind(of: $0) }) { return kind.masked(value) }
    return looksPersonal(value) ? PersonalKind.identity.masked(value) : messageValue(value, column: column)
  }

  private func kind(of column: String) -> PersonalKind? {
    if roles.has(.identity, column) || roles.has(.helperIdentity, column) { return .identity }
    if roles.has(.personName, column) { return .personName }
    if roles.has(.telephone, column) { return .telephone }
    if roles.has(.latitude, column) || roles.has(.longitude, column) || roles.has(.address, column) {
      return .address
    }
    if let kind = PersonalKind.named(column), kind.isDirect { return kind }
    // Nothing is known of it but that it is private.
    return further.declared(column) == .direct ? .address : nil
  }

  /// 18 or 15 digits (the last one perhaps an X): also a number whose check character is wrong belongs to somebody.
  private func looksPersonal(_ value: String) -> Bool {
    let bytes = Array(value.utf8)
    guard bytes.count == 18 || bytes.count == 15, let last = bytes.last else { return false }
    let endsWell = (0x30...0x39).contains(last) || last == UInt8(ascii: "X") || last == UInt8(ascii: "x")
    return endsWell && bytes.dropLast().allSatisfy { (0x30...0x39).contains($0) }
  }
}
