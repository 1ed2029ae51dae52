internal import SurveyData
internal import TabularFiles

extension EstimationOrder {
  /// A refusal in which a column that holds no number at all has one finding, in place of one a row.
  ///
  /// A reader looks at one block of rows after another: only the whole column shows that the wrong one was named. It is
  /// read once more, as text.
  func namingTextColumns(_ refusal: InputRefusal) -> InputRefusal {
    func isOfRow(_ finding: Finding) -> Bool { finding.code == "number-text" && finding.row != nil }
    var counts: [String: Int] = [:]
    for finding in refusal.findings where isOfRow(finding) { counts[finding.column ?? "", default: 0] += 1 }
    let names = Set(counts.filter { $0.value > 1 }.keys)
    // Standard input is there once; a file that cannot be read again has the findings that it had.
    guard !names.isEmpty, !paths.contains("-"), let table = try? table(ofTexts: names) else { return refusal }
    var joined: [String: Finding] = [:]
    for name in names {
      do throws(InputRefusal) {
        _ = try Expression(column: name).numbers(over: table)
      } catch {
        if error.findings.count == 1, let own = error.findings.first, own.row == nil { joined[name] = own }
      }
    }
    if joined.isEmpty { return refusal }
    var findings: [Finding] = []
    for finding in refusal.findings {
      guard isOfRow(finding), let name = finding.column, var own = joined[name] else {
        findings.append(finding)
        continue
      }
      guard !findings.contains(where: { $0.row == nil && $0.column == name && $0.code == own.code }) else { continue }
      own.file = finding.file
      own.sheet = finding.sheet
      findings.append(own)
    }
    // What was left uncounted is in the column's own count.
    if findings.allSatisfy({ $0.code == "more" || $0.code == "number-text" && $0.row == nil }) {
      findings.removeAll { $0.code == "more" }
    }
    return InputRefusal(findings)
  }

  private func table(ofTexts names: Set<String>) throws -> Table {
    let options = ReadOptions(
      sheet: sheet,
      headerRow: headerRow,
      columns: names.sorted().map { ColumnRequest($0, .text) },
      allowsFormulas: allowsFormulas,
      identifiers: names
    )
    return try Table.concatenated(try readTables(paths, export: export, options: options).tables)
  }
}
