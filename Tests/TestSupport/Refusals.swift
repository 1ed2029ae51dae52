package import SurveyData

/// What a call refuses, or nothing when it refuses nothing.
package func findings(of body: () throws -> Void) -> [Finding] {
  do {
    try body()
    return []
  } catch let refusal as InputRefusal {
    return refusal.findings
  } catch {
    return [
      Finding(
        "not-a-refusal",
        message: LocalizedText("\(error)"),
        fix: LocalizedText("throw an InputRefusal")
      )
    ]
  }
}
