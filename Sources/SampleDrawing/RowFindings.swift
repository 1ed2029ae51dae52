import SurveyData

/// The findings of a frame's rows: the first thousand in full, the others counted.
///
/// A wrong column makes every row of a frame wrong; ten million findings would fill the memory.
struct RowFindings {
  let file: String
  private var listed: [Finding] = []
  private var unlistedCount = 0

  init(file: String) {
    self.file = file
  }

  mutating func add(_ finding: @autoclosure () -> Finding) {
    if listed.count < InputRefusal.listedAtMost {
      listed.append(finding())
    } else {
      unlistedCount += 1
    }
  }

  var all: [Finding] {
    if unlistedCount == 0 { return listed }
    let more = Finding(
      "findings-more",
      file: file,
      message: LocalizedText(
        zh: "另有 \(unlistedCount) 处问题未列出。",
        en: "\(unlistedCount) more findings are not listed."
      ),
      fix: LocalizedText(zh: "请先改正以上各处。", en: "Mend those above first.")
    )
    return listed + [more]
  }
}
