public import ArgumentParser
public import SurveyData

extension Language: ExpressibleByArgument {}

/// `--lang`, in every command.
struct LanguageOption: ParsableArguments {
  @Option(
    name: .customLong("lang"),
    help: ArgumentHelp(
      words(zh: "消息的语言：zh 或 en。", en: "Language of messages: zh or en."),
      valueName: "zh|en"
    )
  )
  var language: Language = .chinese
}

/// The words of the language asked for, for help texts that exist before the arguments are parsed.
func words(zh: String, en: String) -> String {
  LocalizedText(zh: zh, en: en).text(in: requestedLanguage)
}

/// What `--lang` says on this command line; Chinese where it says nothing.
///
/// The environment has no say.
let requestedLanguage: Language = language(in: CommandLine.arguments)

func language(in arguments: [String]) -> Language {
  for (place, argument) in arguments.enumerated() {
    if argument == "--" { break }
    if argument == "--lang", place + 1 < arguments.count {
      return Language(rawValue: arguments[place + 1]) ?? .chinese
    }
    if argument.hasPrefix("--lang=") { return Language(rawValue: String(argument.dropFirst(7))) ?? .chinese }
  }
  return .chinese
}
