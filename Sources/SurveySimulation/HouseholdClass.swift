/// The register classes that a household is drawn in.
///
/// 建档立卡 P1 未脱贫户, P2 脱贫户, P3 返贫户, P4 新识别; not registered: N0 一般户, N1 低保, N2 特困, N3 危房,
/// N4 大病慢病, N5 残疾, N6 独居老人或无劳力.
package enum HouseholdClass: UInt8, Sendable, CaseIterable {
  case notYetExited, exited, returned, newlyIdentified
  case ordinary, allowance, destitute, unsafeHouse, illness, disability, elderlyAlone

  /// The code in registers and forms.
  package var code: String { Self.codes[Int(rawValue)] }
  package var isRegistered: Bool { rawValue < HouseholdClass.ordinary.rawValue }
  package var isPriority: Bool { rawValue > HouseholdClass.ordinary.rawValue }

  private static let codes = ["P1", "P2", "P3", "P4", "N0", "N1", "N2", "N3", "N4", "N5", "N6"]
}

/// The main cause of poverty of a registered household; forms carry the register's own words.
package enum PovertyCause: UInt8, Sendable, CaseIterable {
  case none, illness, disability, schooling, labour, funds, drive

  package var word: String { Self.words[Int(rawValue)] }

  private static let words = ["", "因病", "因残", "因学", "缺劳动力", "缺资金", "自身发展动力不足"]
}
