import FieldChecks
import SurveyData
import Testing

@Suite struct InterviewTests {
  @Test("too short, too long, backwards, at night, two at once; a zone and milliseconds do no harm")
  func times() {
    let checked = Checked([
      .responses(
        "household,interviewer,start,end\n"
          + "a,W,2018-12-03T09:00:00.000+08:00,2018-12-03T09:30:00.000+08:00\nb,W,2018-12-03T09:29:00,2018-12-03T10:00:00\n"
          + "c,W,2018-12-03T10:00:00,2018-12-03T10:09:00\nd,W,2018-12-03T10:30:00,2018-12-03T15:00:00\n"
          + "e,L,2018-12-03T09:00:00,2018-12-03T08:30:00\nf,L,2018-12-03T22:00:00,2018-12-03T22:20:00\n"
          + "g,L,2018-12-03T21:20:00,2018-12-03T21:59:00\n"
      )
    ])
    #expect(checked.rows("interview-overlap") == [3])
    #expect(checked.rows("interview-short") == [4])
    #expect(checked.rows("interview-long") == [5])
    #expect(checked.rows("interview-order") == [6])
    #expect(checked.rows("interview-night") == [7])
  }

  @Test("dates in another form than the others are refused, whatever they may mean")
  func dates() {
    var settings = CheckSettings()
    settings.schema = ["households": ["visited": ColumnSchema(kind: .date)]]
    let checked = Checked(
      [
        .responses(
          "household,visited\na,2018-12-03\nb,2018-12-04\nc,2018/12/4\nd,20181204\ne,43438\nf,2018年12月\ng,3/4/2018\nh,2018-02-29\n"
        )
      ],
      settings: settings
    )
    #expect(checked.rows("date-form") == [4, 5, 6, 7, 8, 9])
  }

  @Test(
    "moments are read as written",
    arguments: [
      ("2018-08-13", 17_756, -1), ("2018/8/13 9:05", 17_756, 545), ("20180813", 17_756, -1), ("2018年8月13日", 17_756, -1),
      ("2020-02-29T23:59:59.999Z", 18_321, 1_439), ("1970-01-01", 0, -1),
    ]
  )
  func moments(text: String, day: Int, minute: Int) throws {
    let moment = try #require(Moment(text))
    #expect(moment.day == day && (moment.minute ?? -1) == minute)
  }

  @Test(
    "what is no date is none",
    arguments: ["", "2018-13-01", "2019-02-29", "2018-08-13 25:00", "八月", "2018-08", "1"]
  )
  func noMoments(text: String) { #expect(Moment(text) == nil) }

  @Test("a scale answered in one straight line")
  func straightLine() {
    var settings = CheckSettings()
    settings.scales = ["households": [["q1", "q2", "q3", "q4", "q5"]]]
    let checked = Checked(
      [.responses("household,q1,q2,q3,q4,q5\na,5,5,5,5,5\nb,5,5,4,5,5\nc,3,3,3,3,\n")],
      settings: settings
    )
    #expect(checked.rows("straight-line") == [2])
  }

  @Test("an interview far from its village, by the great circle; the coordinates stay hidden")
  func distance() {
    let villages = CheckedSource(
      name: "villages",
      kind: .frame,
      tables: [textTable("code,latitude,longitude\nv1,40.00,111.00\n")],
      id: "code"
    )
    // A degree of latitude is 6371 π / 180 = 111.19 km.
    let checked = Checked([
      villages,
      .responses("household,village_code,latitude,longitude\na,v1,40.044,111.0\nb,v1,40.046,111.0\nc,v1,41.0,111.0\n"),
    ])
    #expect(checked.rows("distance") == [3, 4])
    #expect(checked.problems("distance")[1].message.en.contains("111.2 km"))
    #expect(checked.problems("distance").allSatisfy { $0.value == nil && !$0.message.en.contains("41.0") })
  }

  @Test("one interviewer who rounds and one whose answers lie apart, among seven who do not")
  func interviewers() {
    var text = "household,village_code,interviewer,income_per_head,satisfaction\n"
    for interviewer in 0..<9 {
      for number in 0..<40 {
        let noise = (number * 7_919 + interviewer * 104_729) % 1_000
        let income = interviewer == 3 ? 3_000 + number % 5 * 1_000 : 3_001 + noise * 7
        let satisfaction = interviewer == 5 ? 5 : 1 + (noise + interviewer) % 5
        text += "h\(interviewer)-\(number),15012110020\(interviewer),W\(interviewer),\(income),\(satisfaction)\n"
      }
    }
    let checked = Checked([.responses(text)])
    #expect(checked.problems("interviewer-heaping").map(\.value) == ["W3"])
    #expect(checked.problems("interviewer-mean").compactMap(\.value).contains("W5"))
    #expect(Set(checked.problems("interviewer-mean").compactMap(\.value)).isSubset(of: ["W3", "W5"]))
  }

  /// Thirty answers 0 to 4 that differ from household to household.
  private static func answers(_ number: Int) -> [Int] {
    (0..<30).map { item -> Int in
      var value = UInt64(number * 64 + item + 1)
      for _ in 0..<3 {
        value = value &* 0x9E37_79B9_7F4A_7C15
        value ^= value >> 29
      }
      return Int(value >> 40) % 5
    }
  }

  @Test("near duplicates are found within a county, and answers with few columns are left alone")
  func nearDuplicates() {
    var text = "household,county_code,interviewer," + (0..<30).map { "q\($0)" }.joined(separator: ",") + "\n"
    for number in 0..<200 {
      text +=
        "h\(number),15010\(number % 2),W\(number % 4)," + Self.answers(number).map(String.init).joined(separator: ",")
        + "\n"
    }
    let base = Checked([.responses(text)])
    #expect(base.rows("near-duplicate").isEmpty)
    // The same answers but for three of thirty, by somebody else of the same county, and of the other county.
    let changed = Self.answers(10).enumerated().map { $0.offset < 3 ? $0.element ^ 1 : $0.element }.map(String.init)
    let same = text + "copy,150100,W9," + changed.joined(separator: ",") + "\n"
    let found = Checked([.responses(same)]).problems("near-duplicate")
    #expect(found.map(\.row) == [12])
    #expect(found.first?.message.en.contains("90 %") == true)
    #expect(found.first?.message.en.contains("W9") == true)
    let away = text + "copy,150101,W9," + changed.joined(separator: ",") + "\n"
    #expect(Checked([.responses(away)]).rows("near-duplicate").isEmpty)
    let few = Checked([.responses("household,q1,q2\na,1,2\nb,2,1\nc,1,2\nd,2,1\n")])
    #expect(few.rows("near-duplicate").isEmpty)
  }
}
