import SampleDrawing
import Testing

@Test("days are counted in the Gregorian calendar, and what is no date has none")
func isoDays() {
  #expect(isoDay("1970-01-01") == 0)
  #expect(isoDay("1969-12-31") == -1)
  #expect(isoDay("2000-03-01") == 11_017)
  #expect(isoDay("2018-12-01") == 17_866)
  #expect(isoDay("2018-12-01T08:00") == 17_866)
  #expect(isoDay("2024-02-29") == 19_782)
  for text in ["2023-02-29", "2018-13-01", "2018-00-10", "2018-1-1", "1 December", "", "2018-12-011", "2018-12-32"] {
    #expect(isoDay(text) == nil, "\(text)")
  }
}

@Test("visits, gaps in draws and in days, and units never visited are counted, dates before the order given")
func burdenCounts() throws {
  let rounds = [
    BurdenRound(name: "third", date: "2018-12-01", units: ["a", "c"]),
    BurdenRound(name: "first", date: "2018-01-10", units: ["a", "b"]),
    BurdenRound(name: "second", date: "2018-02-09", units: ["a", "z", "a"]),
    BurdenRound(name: "fourth", date: "2018-12-31", units: ["b"]),
  ]
  let burden = Burden(rounds: rounds, frame: ["a", "b", "c", "d"])
  #expect(burden.isByDate && burden.rounds.map(\.name) == ["first", "second", "third", "fourth"])
  #expect(burden.frameCount == 4)
  #expect(burden.units.map(\.id) == ["a", "b", "c", "d", "z"])
  #expect(burden.units.map(\.times) == [3, 2, 1, 0, 1])
  #expect(burden.units.map(\.leastGap) == [1, 3, nil, nil, nil])
  #expect(burden.units.map(\.leastDays) == [30, 355, nil, nil, nil])
  #expect(burden.units[0].rounds == [0, 1, 2])
  var undated = rounds
  undated[3].date = "at the year's end"
  let given = Burden(rounds: undated, frame: [])
  #expect(!given.isByDate && given.rounds.map(\.name) == ["third", "first", "second", "fourth"])
  #expect(given.units.map(\.id) == ["a", "b", "c", "z"])
  // a: third, first, second in the order given; between the draws that have dates the days still count.
  #expect(given.units[0].leastGap == 1 && given.units[0].leastDays == 30)
  #expect(given.units[1].leastDays == nil)
}
