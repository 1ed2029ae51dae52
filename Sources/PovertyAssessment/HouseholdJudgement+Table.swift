package import SurveyData

extension HouseholdJudgement {
  /// The verdict of every row of a response file, as text.
  ///
  /// Columns: food, water, clothing, medical (1 met, 2 not met), education (also 9: no child of school age),
  /// housing (A, B safe; C, D unsafe; 9 not graded, which leaves it open), income_per_head. Empty: unanswered.
  /// - Throws: a refusal naming every cell with another code.
  package func verdicts(of table: Table) throws(InputRefusal) -> Column {
    var findings = [Finding]()
    func answers(_ name: String, _ codes: [String: ItemAnswer]) throws(InputRefusal) -> [ItemAnswer] {
      let column = try table.column(name)
      return (0..<table.rowCount).map { row in
        guard let text = column.text(at: row) else { return .unanswered }
        if let answer = codes[text] { return answer }
        let known = codes.keys.sorted().joined(separator: ", ")
        findings.append(
          Finding(
            "item-code",
            file: table.file,
            row: table.fileRow(of: row),
            column: name,
            value: text,
            message: LocalizedText(zh: "不是该项目的代码。", en: "no code of this item."),
            fix: LocalizedText(zh: "应为 \(known)。", en: "Use one of \(known).")
          )
        )
        return .unanswered
      }
    }
    let yesNo: [String: ItemAnswer] = ["1": .met, "2": .notMet]
    let food = try answers("food", yesNo)
    let water = try answers("water", yesNo)
    let clothing = try answers("clothing", yesNo)
    let medical = try answers("medical", yesNo)
    let education = try answers("education", ["1": .met, "2": .notMet, "9": .notApplicable])
    let housing = try answers(
      "housing",
      ["A": .met, "B": .met, "C": .notMet, "D": .notMet, "9": .unanswered]
    )
    let incomes = try Expression(column: "income_per_head").numbers(over: table)
    if !findings.isEmpty { throw InputRefusal(findings) }
    return Column(
      "verdict",
      texts: (0..<table.rowCount).map { row in
        verdict(
          HouseholdItems(
            food: food[row],
            water: water[row],
            clothing: clothing[row],
            education: education[row],
            medical: medical[row],
            housing: housing[row],
            incomePerHead: incomes[row].isNaN ? nil : incomes[row]
          )
        ).rawValue
      }
    )
  }
}
