internal import Documents
internal import SampleDrawing
package import SurveyData
internal import SurveyReporting

/// The shifts of a rotating sample and the overlap to expect.
package struct RotationPlan: Sendable {
  private let population: Int
  private let sample: Int
  private let overlap: Double
  private let rounds: Int

  /// - Parameters:
  ///   - population: N.
  ///   - sample: n of each round.
  ///   - overlap: the share that a round keeps of the round before.
  ///   - rounds: how many.
  package init(population: Int, sample: Int, overlap: Double, rounds: Int) {
    self.population = population
    self.sample = sample
    self.overlap = overlap
    self.rounds = rounds
  }

  /// From which round on units come back, where the rounds reach round the whole population.
  package var notes: [Finding] {
    let step = Double(sample) * (1 - overlap) / Double(population)
    let share = Double(sample) / Double(population)
    guard let first = (0..<rounds).first(where: { Double($0) * step + share > 1 }) else { return [] }
    return [
      Finding(
        "rotation-returns",
        severity: .note,
        message: LocalizedText(
          zh: "从第 \(first + 1) 轮起，轮换一周，最早各轮的单元会再次抽中。",
          en: "from round \(first + 1) on the turn is complete and units of the first rounds come back."
        ),
        fix: LocalizedText("")
      )
    ]
  }

  /// One row a round: shift, expected overlap with the round before and with the first.
  package func report(_ language: Language) -> TableReport {
    func word(_ zh: String, _ en: String) -> String { LocalizedText(zh: zh, en: en).text(in: language) }
    let shifts = (0..<rounds).map {
      rotationShift(round: $0, population: population, sample: sample, overlap: overlap)
    }
    func kept(_ before: Int, _ now: Int) -> Cell {
      let turn = shifts[now] - shifts[before]
      return .number(
        expectedOverlap(population: population, before: sample, now: sample, turn: turn < 0 ? turn + 1 : turn)
      )
    }
    let none = Cell.empty(reason: nil)
    let table = DocumentTable(
      key: "rounds",
      title: word("轮换", "Rotation"),
      columns: [
        DocumentColumn("round", word("轮", "Round"), .integer),
        DocumentColumn("shift", word("位移", "Shift"), .decimal(6)),
        DocumentColumn("kept", word("与上一轮期望重叠", "Expected overlap with the round before"), .decimal(2)),
        DocumentColumn("kept_of_first", word("与第一轮期望重叠", "Expected overlap with the first round"), .decimal(2)),
      ],
      rows: shifts.indices.map { round in
        [
          .integer(round + 1), .number(shifts[round]), round == 0 ? none : kept(round - 1, round),
          round == 0 ? none : kept(0, round),
        ]
      },
      notes: [
        word(
          "N = \(population)，n = \(sample)；期望以位移间单元数服从二项分布计。",
          "N = \(population), n = \(sample); expected over the binomial number of units that a shift passes."
        )
      ]
    )
    return TableReport(
      document: Document(
        title: word("轮换样本的位移", "Shifts of a rotating sample"),
        language: language.forDocuments,
        blocks: [.table(table)]
      )
    )
  }
}
