internal import Glibc
internal import SurveyData

/// How single interviews were held: when, how long, where, and how evenly they were answered.
enum InterviewRules {
  static let all = [
    CheckRule(
      "interview-order",
      .interviews,
      .stop,
      zh: "访问先开始后结束",
      en: "Interviews end after they begin",
      fixZh: "请核对设备时间。",
      fixEn: "Check the device's clock."
    ) { survey, run in
      eachTimed(survey, &run) { source, interview, run in
        guard interview.end < interview.start else { return }
        run.fail(
          source,
          row: interview.row,
          column: interview.column,
          value: interview.written,
          zh: "结束早于开始。",
          en: "is the end, and lies before the start."
        )
      }
    },
    CheckRule(
      "interview-short",
      .interviews,
      .warn,
      zh: "访问不过短",
      en: "No interview is too short",
      fixZh: "请回访核实。",
      fixEn: "Go back and find out whether it was held."
    ) { survey, run in
      let least = survey.settings[.interviewMinutesMin]
      eachLength(survey, &run) { source, row, column, minutes, run in
        guard minutes >= 0, minutes < least else { return }
        run.fail(
          source,
          row: row,
          column: column,
          value: "\(shortest(minutes)) min",
          zh: "短于 \(shortest(least)) 分钟。",
          en: "is shorter than \(shortest(least)) minutes."
        )
      }
    },
    CheckRule(
      "interview-long",
      .interviews,
      .warn,
      zh: "访问不过长",
      en: "No interview is too long",
      fixZh: "请核对结束时间。",
      fixEn: "Check when it ended."
    ) { survey, run in
      let most = survey.settings[.interviewMinutesMax]
      eachLength(survey, &run) { source, row, column, minutes, run in
        guard minutes > most else { return }
        run.fail(
          source,
          row: row,
          column: column,
          value: "\(shortest(minutes)) min",
          zh: "长于 \(shortest(most)) 分钟。",
          en: "is longer than \(shortest(most)) minutes."
        )
      }
    },
    CheckRule(
      "interview-overlap",
      .interviews,
      .warn,
      zh: "同一访员的访问不重叠",
      en: "No interviewer is in two interviews at once",
      fixZh: "请核对时间与访员。",
      fixEn: "Check the times and who held the interview."
    ) { overlaps($0, &$1) },
    CheckRule(
      "interview-night",
      .interviews,
      .warn,
      zh: "不在夜间访问",
      en: "No interview is held at night",
      fixZh: "请核对设备时间或说明。",
      fixEn: "Check the device's clock, or say why."
    ) { survey, run in
      let begin = Int(survey.settings[.dayBegins] * 60)
      let end = Int(survey.settings[.dayEnds] * 60)
      for source in survey.sources where source.kind == .responses {
        guard let column = survey.column(.start, in: source) else {
          run.lacks([.start])
          continue
        }
        let text = column.codedText
        let moments = text.levels.map { Moment($0) }
        let interviews = survey.interviews(in: source)
        for row in 0..<source.rowCount where interviews[row] && text.codes[row] >= 0 {
          guard let minute = moments[Int(text.codes[row])]?.minute else { continue }
          run.count(1)
          guard minute < begin || minute >= end else { continue }
          run.fail(
            source,
            row: row,
            column: column.name,
            value: text.levels[Int(text.codes[row])],
            zh: "不在 \(begin / 60) 时至 \(end / 60) 时之间。",
            en: "is not between \(begin / 60) and \(end / 60) o'clock."
          )
        }
      }
    },
    CheckRule(
      "straight-line",
      .interviews,
      .warn,
      zh: "量表答案不是一条直线",
      en: "Scales are not answered in one straight line",
      fixZh: "请回访核实。",
      fixEn: "Go back and ask again."
    ) { straightLines($0, &$1) },
    CheckRule(
      "distance",
      .interviews,
      .warn,
      zh: "访问地点在村内",
      en: "Interviews are held in their village",
      fixZh: "请核对定位或说明在何处访问。",
      fixEn: "Check the position, or say where it was held."
    ) { distances($0, &$1) },
  ]

  private struct Timed {
    var row: Int
    var start: Int
    var end: Int
    var column: String
    var written: String?
  }

  private static func timed(_ survey: CheckedSurvey, _ source: CheckedSource) -> [Timed]? {
    guard let starts = survey.column(.start, in: source), let ends = survey.column(.end, in: source) else { return nil }
    let startText = starts.codedText
    let endText = ends.codedText
    let startMoments = startText.levels.map { Moment($0)?.total }
    let endMoments = endText.levels.map { Moment($0)?.total }
    let interviews = survey.interviews(in: source)
    var found = [Timed]()
    for row in 0..<source.rowCount where interviews[row] && startText.codes[row] >= 0 && endText.codes[row] >= 0 {
      guard let start = startMoments[Int(startText.codes[row])], let end = endMoments[Int(endText.codes[row])] else {
        continue
      }
      found.append(Timed(row: row, start: start, end: end, column: ends.name, written: ends.text(at: row)))
    }
    return found
  }

  private static func eachTimed(
    _ survey: CheckedSurvey,
    _ run: inout RuleRun,
    _ body: (CheckedSource, Timed, inout RuleRun) -> Void
  ) {
    for source in survey.sources where source.kind == .responses {
      guard let all = timed(survey, source) else {
        run.lacks([.start, .end])
        continue
      }
      run.count(all.count)
      for interview in all { body(source, interview, &run) }
    }
  }

  private static func eachLength(
    _ survey: CheckedSurvey,
    _ run: inout RuleRun,
    _ body: (CheckedSource, Int, String, Double, inout RuleRun) -> Void
  ) {
    for source in survey.sources where source.kind == .responses {
      if let all = timed(survey, source) {
        run.count(all.count)
        for interview in all {
          body(source, interview.row, interview.column, Double(interview.end - interview.start), &run)
        }
      } else if let minutes = survey.numbers(.minutes, in: source) {
        let interviews = survey.interviews(in: source)
        for row in 0..<source.rowCount where interviews[row] && !minutes.values[row].isNaN {
          run.count(1)
          body(source, row, minutes.name, minutes.values[row], &run)
        }
      } else {
        run.lacks([.start, .end])
      }
    }
  }

  private static func overlaps(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    for source in survey.sources where source.kind == .responses {
      guard let interviewers = survey.column(.interviewer, in: source), let all = timed(survey, source) else {
        run.lacks([.interviewer, .start, .end])
        continue
      }
      var byInterviewer = [String: [Timed]]()
      for interview in all where interview.end >= interview.start {
        if let name = interviewers.text(at: interview.row) { byInterviewer[name, default: []].append(interview) }
      }
      for name in byInterviewer.keys.sorted() {
        let own = (byInterviewer[name] ?? []).sorted { ($0.start, $0.row) < ($1.start, $1.row) }
        run.count(own.count)
        var latest: Timed?
        for interview in own {
          if let before = latest, interview.start < before.end {
            let who = run.shown(name, column: interviewers.name)
            run.fail(
              source,
              row: interview.row,
              column: survey.column(.start, in: source)?.name,
              value: survey.column(.start, in: source)?.text(at: interview.row),
              zh: "访员 \(who) 此时仍在 \(source.words(of: before.row)) 的访问中（至 \(before.written ?? "")）。",
              en:
                "is within the interview of \(source.words(of: before.row)) by \(who), which ended at \(before.written ?? "")."
            )
          }
          if interview.end > latest?.end ?? Int.min { latest = interview }
        }
      }
    }
  }

  private static func straightLines(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    let least = Int(survey.settings[.straightLineItems])
    var any = false
    for source in survey.sources where source.kind == .responses {
      let interviews = survey.interviews(in: source)
      for scale in survey.settings.scales[source.name] ?? [] {
        let columns = scale.compactMap { source.table[$0] }
        guard columns.count == scale.count, columns.count >= least else {
          run.note(
            zh: "量表 \(scale.joined(separator: ", ")) 少于 \(least) 项，或缺列。",
            en: "the scale \(scale.joined(separator: ", ")) has fewer than \(least) items, or a column is missing."
          )
          continue
        }
        any = true
        for row in 0..<source.rowCount where interviews[row] {
          let texts = columns.compactMap { $0.text(at: row) }
          guard texts.count >= least else { continue }
          run.count(1)
          guard let first = texts.first, texts.allSatisfy({ $0 == first }) else { continue }
          run.fail(
            source,
            row: row,
            column: "\(scale[0])…\(scale[scale.count - 1])",
            value: first,
            zh: "\(texts.count) 项答案全部相同。",
            en: "is the answer to all of \(texts.count) items."
          )
        }
      }
    }
    if !any { run.note(zh: "没有在 checks.scales 中声明量表。", en: "no scale is declared under checks.scales.") }
  }

  private static func distances(_ survey: CheckedSurvey, _ run: inout RuleRun) {
    let most = survey.settings[.distance]
    var places = [String: (latitude: Double, longitude: Double)]()
    for frame in survey.sources where frame.kind == .frame {
      guard let ids = frame.ids, let latitude = survey.numbers(.latitude, in: frame)?.values,
        let longitude = survey.numbers(.longitude, in: frame)?.values
      else { continue }
      for row in 0..<frame.rowCount where ids.codes[row] >= 0 && !latitude[row].isNaN && !longitude[row].isNaN {
        places[ids.levels[Int(ids.codes[row])]] = (latitude[row], longitude[row])
      }
    }
    for source in survey.sources where source.kind == .responses {
      guard let villages = survey.column(.village, in: source), let column = survey.column(.latitude, in: source),
        let longitude = survey.numbers(.longitude, in: source)?.values, !places.isEmpty
      else {
        run.lacks([.village, .latitude, .longitude])
        continue
      }
      let latitude = survey.numbers(column).values
      for row in 0..<source.rowCount where !latitude[row].isNaN && !longitude[row].isNaN {
        guard let village = villages.text(at: row), let place = places[village] else { continue }
        run.count(1)
        let far = kilometres(place, (latitude[row], longitude[row]))
        guard far > most else { continue }
        let shown = shortest((far * 10).rounded() / 10)
        run.fail(
          source,
          row: row,
          column: column.name,
          zh: "距 \(village) \(shown) 公里，超过 \(shortest(most)) 公里。",
          en: "lies \(shown) km from \(village), more than \(shortest(most)) km."
        )
      }
    }
  }

  /// The distance between two points of the earth, taken for a sphere of radius 6,371 km.
  ///
  /// Formula: haversine. Arguments in degrees.
  static func kilometres(
    _ one: (latitude: Double, longitude: Double),
    _ other: (latitude: Double, longitude: Double)
  ) -> Double {
    let degree = Double.pi / 180
    let north = sin((other.latitude - one.latitude) * degree / 2)
    let east = sin((other.longitude - one.longitude) * degree / 2)
    let square = north * north + cos(one.latitude * degree) * cos(other.latitude * degree) * east * east
    return 2 * 6_371 * asin(min(1, square.squareRoot()))
  }
}
