package import PovertyAssessment
package import SurveyData

extension HouseholdJudgement {
  /// Judges every row of answers again and holds what the file says against it.
  ///
  /// The items decide: the column `verdict` is computed from them and must agree with the file's own, where it
  /// has one. Where the file has `class` and `review_status`, the persons counted as wrongly exited or left out
  /// must stand in exactly those rows that the judgement and a confirmed review name: a case that is only
  /// suspected never enters a rate.
  /// - Parameter answers: respondents only.
  /// - Returns: the answers with the computed verdict, and how many households stay open.
  /// - Throws: an `InputRefusal` with every row that contradicts its own items.
  package func checked(_ answers: Table) throws(InputRefusal) -> (answers: Table, notes: [Finding]) {
    let computed = try verdicts(of: answers)
    var findings = [Finding]()
    if let own = answers["verdict"] {
      for row in 0..<answers.rowCount {
        guard let found = own.text(at: row), let wanted = computed.text(at: row), found != wanted else { continue }
        findings.append(
          Finding(
            "verdict-differs",
            file: answers.file,
            row: answers.fileRow(of: row),
            column: "verdict",
            value: found,
            message: LocalizedText(
              zh: "与逐项答案不符：按 \(policy.rawValue) 判定应为 \(wanted)。",
              en: "contradicts the items: the judgement (\(policy.rawValue)) is \(wanted)."
            ),
            fix: LocalizedText(
              zh: "请核对该户各项，或核对 survey.yaml 的 judgement。",
              en: "Check the household's items, or the judgement in survey.yaml."
            )
          )
        )
      }
    }
    let verdicts = (0..<answers.rowCount).map { row in
      computed.text(at: row).flatMap(HouseholdVerdict.init) ?? .undetermined
    }
    let results = try self.findings(of: answers, verdicts: verdicts)
    if let results {
      for (name, wanted) in [("wrong_exit_persons", HouseholdFinding.wrongExit), ("omitted_persons", .omission)] {
        findings += try contradictions(name, wanted, results, in: answers)
      }
    }
    if !findings.isEmpty { throw InputRefusal(listing: findings) }
    var judged = answers
    judged.set(computed)
    return (judged, openNotes(answers, verdicts: verdicts, results: results))
  }

  private func findings(
    of answers: Table,
    verdicts: [HouseholdVerdict]
  ) throws(InputRefusal) -> [HouseholdFinding]? {
    guard let classes = answers["class"], answers["review_status"] != nil else { return nil }
    let reviews = try Expression(column: "review_status").numbers(over: answers)
    var unknown = [Finding]()
    let results = (0..<answers.rowCount).map { row -> HouseholdFinding in
      let review = reviews[row].isNaN ? ReviewStatus.none : Int(exactly: reviews[row]).flatMap(ReviewStatus.init)
      guard let review else {
        unknown.append(
          Finding(
            "review-code",
            file: answers.file,
            row: answers.fileRow(of: row),
            column: "review_status",
            value: shortest(reviews[row]),
            message: LocalizedText(zh: "不是复核状态的代码。", en: "is no code of a review."),
            fix: LocalizedText(
              zh: "应为 0 至 \(ReviewStatus.allCases.count - 1)。",
              en: "Use 0 to \(ReviewStatus.allCases.count - 1)."
            )
          )
        )
        return .none
      }
      return HouseholdFinding(classCode: classes.text(at: row) ?? "", verdict: verdicts[row], review: review)
    }
    if !unknown.isEmpty { throw InputRefusal(listing: unknown) }
    return results
  }

  private func contradictions(
    _ name: String,
    _ wanted: HouseholdFinding,
    _ results: [HouseholdFinding],
    in answers: Table
  ) throws(InputRefusal) -> [Finding] {
    guard answers[name] != nil else { return [] }
    let persons = try Expression(column: name).numbers(over: answers)
    return persons.indices.compactMap { row in
      let isCounted = !persons[row].isNaN && persons[row] > 0
      guard isCounted != (results[row] == wanted) else { return nil }
      return Finding(
        "finding-differs",
        file: answers.file,
        row: answers.fileRow(of: row),
        column: name,
        value: persons[row].isNaN ? nil : shortest(persons[row]),
        message: isCounted
          ? LocalizedText(
            zh: "该户的判定与复核不支持这一人数。",
            en: "judgement and review of this household do not bear this count."
          )
          : LocalizedText(
            zh: "该户经复核认定，但没有计入人数。",
            en: "the case was confirmed, but nobody is counted."
          ),
        fix: LocalizedText(
          zh: "只有判定为 not-met 且复核认定（review_status = 3）的户才计人数。",
          en: "Only households judged not-met and confirmed (review_status = 3) are counted."
        )
      )
    }
  }

  private func openNotes(
    _ answers: Table,
    verdicts: [HouseholdVerdict],
    results: [HouseholdFinding]?
  ) -> [Finding] {
    var notes = [Finding]()
    let undetermined = verdicts.count { $0 == .undetermined }
    if undetermined > 0 {
      notes.append(
        Finding(
          "verdict-undetermined",
          severity: .note,
          file: answers.file,
          message: LocalizedText(
            zh: "\(undetermined) 户有未答项目，无法判定，不计为不达标。",
            en: "\(undetermined) households left an item open and cannot be judged; they count as no failure."
          ),
          fix: LocalizedText(zh: "如有可能请补访。", en: "Revisit them where possible.")
        )
      )
    }
    let pending = zip(results ?? [], verdicts).count { $0 == .undetermined && $1 == .notMet }
    if pending > 0 {
      notes.append(
        Finding(
          "review-pending",
          severity: .note,
          file: answers.file,
          message: LocalizedText(
            zh: "\(pending) 户疑似问题尚在复核，比率只计已认定的。",
            en: "\(pending) suspected households are still under review; the rates hold confirmed cases only."
          ),
          fix: LocalizedText(zh: "复核完成后请重新估计。", en: "Estimate again when the reviews are done.")
        )
      )
    }
    return notes
  }
}
