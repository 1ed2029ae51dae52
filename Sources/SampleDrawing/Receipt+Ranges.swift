import SurveyData
import SurveyDesign

/// Whether a number can be one of units or rows: a frame has fewer than 2^31.
func isStratumCount(_ number: Int) -> Bool { (0..<1 << 31).contains(number) }

extension Receipt {
  /// Refuses numbers that no draw can have written, before anything is computed with them.
  /// - Throws: `receipt-range` for each of them.
  func checkRanges(file: String) throws(InputRefusal) {
    var findings = RowFindings(file: file)
    func check(_ number: Int?, _ place: @autoclosure () -> String, from least: Int = 0, below limit: Int = 1 << 31) {
      guard let number, !(least..<limit).contains(number) else { return }
      findings.add(rangeFinding(place(), String(number), least: least, limit: String(limit), file: file))
    }
    check(attempt, "attempt", from: 1)
    for (place, input) in inputs.enumerated() {
      check(input.rows, "inputs[\(place)].rows")
      check(input.unitsKept, "inputs[\(place)].units_kept")
    }
    for (number, stage) in stages.enumerated() {
      let path = "stages[\(number)]"
      if !(0..<1).contains(stage.plan.rotation) {
        let found = "\(stage.plan.rotation)"
        findings.add(rangeFinding(path + ".plan.rotation", found, least: 0, limit: "1", file: file))
      }
      for (place, record) in (stage.exclusions ?? []).enumerated() {
        check(record.attempt, path + ".exclusions[\(place)].attempt", from: 1)
        check(record.units, path + ".exclusions[\(place)].units")
        check(record.fieldworkRecords, path + ".exclusions[\(place)].fieldwork_records", below: 1 << 53)
      }
      for (place, cell) in (stage.cells ?? []).enumerated() {
        let counts = [
          ("population", cell.population), ("excluded", cell.excluded), ("size_zero", cell.sizeZero),
          ("sample", cell.sample), ("reserves", cell.reserves), ("certainties", cell.certainties),
          ("must_include", cell.mustInclude),
        ]
        for (name, count) in counts { check(count, path + ".cells[\(place)].\(name)") }
        // With replacement a stage may make more draws than it has units.
        check(cell.draws, path + ".cells[\(place)].draws", below: 1 << 53)
      }
    }
    check(wave?.number, "wave.number", from: 2)
    check(wave?.reserves, "wave.reserves")
    if !findings.all.isEmpty { throw InputRefusal(findings.all) }
  }
}

private func rangeFinding(_ place: String, _ number: String, least: Int, limit: String, file: String) -> Finding {
  Finding(
    "receipt-range",
    file: file,
    column: place,
    value: number,
    message: LocalizedText(
      zh: "回执中的这个数不可能出自抽样：应不小于 \(least) 且小于 \(limit)。",
      en: "no draw can have written this number: it is at least \(least) and less than \(limit)."
    ),
    fix: LocalizedText(zh: "请使用 draw 写出的 receipt.json。", en: "Use the receipt.json that draw wrote.")
  )
}
