internal import SampleDrawing
internal import SurveyData
internal import SurveyDesign
internal import TabularFiles

/// The earlier draws that a command names, and the seeds with which their lists can be compared.
struct EarlierDraws {
  /// The seeds given for earlier draws, each with the files it came from: one file may hold a declared seed or the
  /// only contribution of a ceremony.
  private let seeds: [(forms: [Seed], files: String)]
  /// The seed of the draw itself, which a series of rounds shares.
  private let own: Seed?

  /// - Parameters:
  ///   - seedFiles: a declared seed's file each; the contributions of a ceremony are joined by commas in their order.
  ///   - own: the seed of the draw itself.
  /// - Throws: an `InputRefusal` for a file that is missing or no seed.
  init(seedFiles: [String], own: Seed?) throws(InputRefusal) {
    // Whether a seed was strong enough was asked when that draw was made.
    let reason = "seed of an earlier draw"
    var seeds = [(forms: [Seed], files: String)]()
    for files in seedFiles {
      let paths = files.split(separator: ",").map(String.init)
      var forms = [try SeedSource.contributions(files: paths).seed(weakReason: reason)]
      if paths.count == 1 { forms.append(try SeedSource.declared(file: paths[0]).seed(weakReason: reason)) }
      seeds.append((forms, files))
    }
    self.seeds = seeds
    self.own = own
  }

  /// Whether the fieldwork record beside a receipt is read.
  enum Fieldwork {
    case none, whereThere, required
  }

  /// An earlier draw, from its receipt or the folder that holds it, with the list beside the receipt.
  /// - Throws: an `InputRefusal` where the receipt, its list or the fieldwork record asked for cannot be read.
  func read(_ path: String, fieldwork: Fieldwork = .none) throws -> EarlierDraw {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    let file = isFolder(trimmed) ? trimmed + "/" + DrawFiles.receipt : path
    let receipt = try Receipt(json: try readBytes(file), file: file)
    let beside = NewFolder.parent(of: file) + "/" + DrawFiles.list
    let list = exists(beside) ? try readList(beside).table : nil
    let record = NewFolder.parent(of: file) + "/" + FieldworkFile.name
    var visited: [EarlierDraw.VisitedUnit]?
    if fieldwork == .required, !exists(record) { throw InputRefusal(missingFieldwork(record)) }
    if fieldwork != .none, exists(record) {
      visited = try FieldworkFile.read(record).map { EarlierDraw.VisitedUnit(stage: $0.stage, unit: $0.unit) }
    }
    let candidates = seeds.flatMap(\.forms) + (own.map { [$0] } ?? [])
    return EarlierDraw(
      receipt: receipt,
      file: file,
      list: list,
      seed: candidates.first { $0.commitment.hex == receipt.seedCommitment },
      fieldwork: visited
    )
  }

  private func missingFieldwork(_ path: String) -> Finding {
    Finding(
      "exclusion-fieldwork-missing",
      file: path,
      message: LocalizedText(
        zh: "没有现场记录，无法知道哪些备选用上了。",
        en: "there is no fieldwork record, which would tell the reserves in use."
      ),
      fix: LocalizedText(
        zh: "请用 mingcha field 记录，或去掉 exclude-used-reserves。",
        en: "Record it by mingcha field, or take out exclude-used-reserves."
      )
    )
  }

  /// Refuses a seed that belongs to none of the earlier draws.
  func checkSeeds(against draws: [EarlierDraw]) throws(InputRefusal) {
    let stray = seeds.filter { seed in
      !draws.contains { draw in seed.forms.contains { draw.receipt.seedCommitment == $0.commitment.hex } }
    }
    if stray.isEmpty { return }
    throw InputRefusal(
      stray.map { seed in
        Finding(
          "seed-differs",
          file: seed.files,
          message: LocalizedText(
            zh: "这不是任何一份此前回执所承诺的种子。",
            en: "this is not the seed that any of the earlier receipts committed to."
          ),
          fix: LocalizedText(zh: "请使用该轮抽样时的种子。", en: "Use the seed of that draw.")
        )
      }
    )
  }
}

/// Refuses a draw by a seed that an earlier receipt has made public: anyone could work out the list.
///
/// - Parameters:
///   - seed: of the draw.
///   - earlier: the earlier draws at hand.
///   - reason: why it is accepted nonetheless; the receipt records it.
/// - Throws: `seed-revealed`.
func refuseRevealedSeed(_ seed: Seed, earlier: [EarlierDraw], reason: String?) throws(InputRefusal) {
  if reason != nil { return }
  let revealing = earlier.filter {
    $0.receipt.state == .revealed && $0.receipt.seedCommitment == seed.commitment.hex
  }
  if revealing.isEmpty { return }
  throw InputRefusal(
    revealing.map { draw in
      Finding(
        "seed-revealed",
        file: draw.file,
        message: LocalizedText(
          zh: "该回执已公开，其中就有这个种子：任何人都能算出这次的名单。",
          en: "this receipt is revealed and holds this seed: anyone could work out the list of this draw."
        ),
        fix: LocalizedText(
          zh: "请用新的种子；确要使用须以 --public-seed-reason 说明理由，理由写入回执。",
          en: "Take a new seed; or give a reason by --public-seed-reason, which the receipt records."
        )
      )
    }
  )
}
