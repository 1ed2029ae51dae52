internal import ArgumentParser

/// What a draw is told of earlier draws.
struct ExcludeOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        zh: "排除此前抽样抽中的单元：其回执或所在文件夹，可重复；封存的回执旁须有 list.csv。",
        en: """
          Leave out the units of an earlier draw: its receipt or folder; repeat for more. A sealed receipt needs its \
          list.csv beside it.
          """
      ),
      valueName: "receipt"
    )
  )
  var exclude: [String] = []

  @Flag(
    help: ArgumentHelp(
      words(
        zh: "用上的备选也排除：依据这些回执旁的 fieldwork.csv。",
        en: "Leave out their reserves in use too, by the fieldwork.csv beside those receipts."
      )
    )
  )
  var excludeUsedReserves = false

  /// The options given, by name.
  var given: [String] {
    (exclude.isEmpty ? [] : ["--exclude"]) + (excludeUsedReserves ? ["--exclude-used-reserves"] : [])
  }
}

/// The receipts that a draw to be repeated rests on.
struct EarlierReceiptOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        zh: "此前抽样的回执或所在文件夹，可重复：该次抽样排除了其单元，或是其续抽。",
        en:
          "Receipt or folder of an earlier draw whose units were left out, or of which this is a wave; repeat for more."
      ),
      valueName: "receipt"
    )
  )
  var earlier: [String] = []
}

/// The seeds of earlier draws.
struct EarlierSeedOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      words(
        zh: "此前抽样的种子文件，用以核对其名单或重做；仪式的各方文本以逗号相连。",
        en: "Seed file of an earlier draw, to compare its list or repeat it; a ceremony's files joined by commas."
      ),
      valueName: "file"
    )
  )
  var earlierSeedFile: [String] = []
}
