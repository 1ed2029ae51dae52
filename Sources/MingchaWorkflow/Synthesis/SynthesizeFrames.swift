internal import Documents
internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign
internal import SurveySimulation

/// Which villages get a household register.
package enum RegisterScope: Sendable {
  /// None: only the village frame and the truth are written.
  case none
  /// Every village of the region: about 2.5 million households, some 100 MB.
  case all
  /// The villages that a draw selects before its last stage: as in the field, where registers are fetched
  /// once the villages are known. The draw itself is made later and selects the same ones.
  case drawn(draw: String, seed: SeedSource, weakSeedReason: String?)
}

/// Writes the synthetic village frame, the truth behind it, household registers and their persons by county.
///
/// The same seed gives the same bytes. Files that are there with the same content are left alone; with other
/// content they are refused.
/// - Parameters:
///   - path: the survey folder.
///   - seed: the population's seed text; `nil` takes the one used before.
///   - scope: the villages with a register.
/// - Returns: the paths of what was written.
/// - Throws: an `InputRefusal` for frames that are missing or wrong, a `WritingError`.
package func synthesizeFrames(_ path: String, seed: String?, scope: RegisterScope) throws -> [String] {
  let round = try SyntheticRound(folder: try SurveyFolder(path: path), seed: seed)
  let known = round.population.truth()
  let truth = known.table
  let leagues = Dictionary(round.population.counties.map { ($0.code, $0.leagueCode) }) { first, _ in first }
  var output = SyntheticOutput()
  output.add(Array((round.seed + "\n").utf8), at: round.path(beside: SyntheticFiles.seed))
  output.add(try round.population.synthesize(villages: round.villages), at: round.villagePath)
  output.add(truth, at: round.path(beside: SyntheticFiles.truth + ".csv"))
  output.add(truthJSON(truth, seed: round.seed), at: round.path(beside: SyntheticFiles.truth + ".json"))
  output.add(
    known.registerTotals(leagues: leagues),
    at: round.path(beside: SyntheticFiles.register + SyntheticFiles.ending)
  )
  let frames = try output.write()
  var registers = SyntheticOutput()
  switch scope {
  case .none: return frames
  case .all:
    try round.addRegisters(of: round.population.villages.filter { $0.county != nil }.map(\.code), to: &registers)
  case .drawn(let draw, let seed, let reason):
    try round.addRegisters(of: try round.drawnVillages(draw, seed: seed, weakReason: reason), to: &registers)
  }
  return frames + (try registers.write())
}

private func truthJSON(_ truth: Table, seed: String) -> [UInt8] {
  let records = JSONWriter.records(of: plainTable(truth))
  return Array("{\n\"synthetic_seed\": \(Escaping.json(seed)),\n\"truth\": \(records)\n}\n".utf8)
}

extension SyntheticRound {
  /// One register a county, in the order of the village frame.
  fileprivate func addRegisters(of codes: [String], to output: inout SyntheticOutput) throws {
    var byCounty = [String: [String]]()
    var counties = [String]()
    for code in codes {
      guard let village = population.village(code), let place = population.villages[village].county else { continue }
      let county = population.counties[place].code
      if byCounty[county] == nil { counties.append(county) }
      byCounty[county, default: []].append(code)
    }
    for county in counties {
      output.add(
        try population.register(ofVillages: byCounty[county] ?? []),
        at: registerFolder + "/" + county + SyntheticFiles.ending
      )
    }
    // A register left from another draw would slip into the frame unnoticed.
    let wanted = Set(output.files.map(\.path))
    for name in folderEntries(registerFolder) where name.hasSuffix(SyntheticFiles.ending) {
      let path = registerFolder + "/" + name
      if !wanted.contains(path) { throw WritingError.exists(path: path) }
    }
  }

  /// The villages that the stages before the last one select, in the order of the village frame.
  fileprivate func drawnVillages(_ name: String, seed: SeedSource, weakReason: String?) throws -> [String] {
    let definition = try folder.draw(name)
    let stages = definition.stages.dropLast()
    guard definition.stages.last?.frame == "households", stages.last?.frame == "villages" else {
      throw InputRefusal(
        Finding(
          "synthesis-draw",
          file: folder.path + "/survey.yaml",
          column: "draws",
          value: name,
          message: LocalizedText(
            zh: "该抽样不以 villages、households 两阶段结尾。",
            en: "the draw does not end with the stages villages and households."
          ),
          fix: LocalizedText(zh: "请给出入户抽样。", en: "Name the draw of households.")
        )
      )
    }
    var drawn = [(plan: StagePlan, frame: Table)]()
    for stage in stages {
      guard let source = try folder.frameSource(of: stage) else { continue }
      drawn.append((stage.plan, try source.read().frame.units))
    }
    let draw = try draw(
      stages: drawn,
      seed: try seed.seed(weakReason: weakReason),
      group: folder.group(of: name)
    )
    let selected = Set(draw.stages.last?.cells.flatMap { $0.selected.map(\.id) } ?? [])
    return population.villages.map(\.code).filter { selected.contains($0) }
  }
}
