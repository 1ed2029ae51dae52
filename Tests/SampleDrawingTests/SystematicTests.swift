import SampleDrawing
import Testing

@Test("systematic places are n different ones for every N and n up to 60 and every start")
func systematicSizes() {
  for population in 1...60 {
    for sample in 1...population {
      var met = [Int](repeating: 0, count: population)
      for start in 0..<population {
        let places = systematicPlaces(start: UInt64(start), population: population, sample: sample)
        #expect(places.count == sample)
        #expect(zip(places, places.dropFirst()).allSatisfy { $0 < $1 })
        #expect(places.last.map { $0 < population } == true)
        for place in places { met[place] += 1 }
      }
      // Over all N starts every unit is met n times: π = n / N exactly.
      #expect(met.allSatisfy { $0 == sample })
    }
  }
}

@Test("swept over every start, proportional systematic selection takes each unit n·x of X times")
func proportionalInclusion() {
  let sizes: [UInt64] = [3, 1, 4, 1, 5, 2, 6, 5, 3, 5]
  let total = sizes.reduce(0, +)
  for sample in 1...5 where sizes.allSatisfy({ UInt64(sample) * $0 < total }) {
    var met = [UInt64](repeating: 0, count: sizes.count)
    for start in 0..<total {
      let places = proportionalPlaces(start: start, sizes: sizes, total: total, sample: sample)
      #expect(places.count == sample)
      for place in places { met[place] += 1 }
    }
    #expect(met == sizes.map { UInt64(sample) * $0 })
  }
}
