internal import ArgumentParser

/// What a draw or its verification is told of earlier draws.
struct EarlierOptions: ParsableArguments {
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

  @Option(
    help: ArgumentHelp(
      words(
        zh: "此前抽样的种子文件，用以核对其名单；仪式的各方文本以逗号相连。",
        en: "Seed file of an earlier draw, to compare its list; a ceremony's files joined by commas."
      ),
      valueName: "file"
    )
  )
  var earlierSeedFile: [String] = []
}
