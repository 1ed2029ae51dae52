internal import SurveyData
internal import SurveySimulation

/// The synthetic population of a survey folder, and where its files belong.
///
/// The survey file names three frames: `counties` and `villages` (real lists) and `households`. The village list
/// with synthetic sizes and marks goes where the frame `villages` expects it; the real one stands beside it
/// without `-synthetic` in its name. Registers go to the folder of the frame `households`, one file a county.
struct SyntheticRound {
  let folder: SurveyFolder
  let seed: String
  let population: Population
  let villages: Table
  /// Where the frame `villages` expects its file.
  let villagePath: String
  let registerFolder: String

  /// - Parameters:
  ///   - folder: the survey folder.
  ///   - seed: `nil` takes the seed of the population made before.
  /// - Throws: an `InputRefusal` for missing frames, and for no seed or another one than before.
  init(folder: SurveyFolder, seed: String?) throws {
    self.folder = folder
    let file = folder.path + "/survey.yaml"
    guard let counties = folder.survey.frame("counties"), let villages = folder.survey.frame("villages"),
      let households = folder.survey.frame("households"), let villageFile = villages.files.first,
      villageFile.hasSuffix(SyntheticFiles.ending), let registers = households.files.first
    else {
      throw InputRefusal(
        Finding(
          "synthesis-frames",
          file: file,
          column: "frames",
          message: LocalizedText(
            zh: "合成总体需要抽样框 counties、villages（文件名以 -synthetic.csv 结尾）与 households。",
            en:
              "a synthetic population needs frames counties, villages (a file ending in -synthetic.csv) and households."
          ),
          fix: LocalizedText(
            zh: "请从模板 inner-mongolia-2018 开始。",
            en: "Start from the template inner-mongolia-2018."
          )
        )
      )
    }
    villagePath = folder.path(of: villageFile)
    registerFolder = NewFolder.parent(of: folder.path(of: registers))
    let seedPath = NewFolder.parent(of: villagePath) + "/" + SyntheticFiles.seed
    self.seed = try Self.seed(given: seed, recordedIn: seedPath)
    let source = String(villagePath.dropLast(SyntheticFiles.ending.count)) + ".csv"
    self.villages = try Self.table([source])
    population = try Population(
      model: .innerMongolia2018,
      seed: self.seed,
      counties: try Self.table(try folder.paths(of: counties.files)),
      villages: self.villages
    )
  }

  /// Where a file beside the village list goes.
  func path(beside name: String) -> String { NewFolder.parent(of: villagePath) + "/" + name }

  private static func table(_ paths: [String]) throws -> Table {
    // Notes on encodings are for the draw to tell, which reads the same files.
    try Table.concatenated(paths.map { try FrameFile.read($0) })
  }

  private static func seed(given: String?, recordedIn path: String) throws -> String {
    let recorded = (try? readBytes(path)).map { String(decoding: $0.filter { $0 != 10 }, as: UTF8.self) }
    guard let seed = given ?? recorded, !seed.isEmpty, !seed.utf8.contains(10) else {
      throw InputRefusal(
        Finding(
          "synthesis-seed",
          file: path,
          message: LocalizedText(zh: "还没有合成总体的种子。", en: "there is no seed of a synthetic population yet."),
          fix: LocalizedText(zh: "请给出 --seed 一行文本。", en: "Give --seed, one line of text.")
        )
      )
    }
    if let recorded, recorded != seed {
      throw InputRefusal(
        Finding(
          "synthesis-seed",
          file: path,
          value: seed,
          message: LocalizedText(
            zh: "已用另一种子“\(recorded)”合成。",
            en: "the population was made from another seed, \"\(recorded)\"."
          ),
          fix: LocalizedText(
            zh: "请沿用该种子，或另建文件夹。",
            en: "Use that seed, or start another folder."
          )
        )
      )
    }
    return seed
  }
}
