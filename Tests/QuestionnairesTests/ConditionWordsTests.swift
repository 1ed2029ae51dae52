import Questionnaires
import SurveyData
import Testing

@Suite("conditions in words")
struct ConditionWordsTests {
  private func form() -> Questionnaire {
    let place = SourcePlace(path: "q", line: 1)
    let words = FormText(zh: "题", en: "Question")
    func question(_ name: String, _ type: QuestionType, _ list: String? = nil) -> Question {
      var question = Question(name: name, type: type, label: words, place: place)
      question.choices = list
      return question
    }
    var line = question("line", .calculate)
    line.setting = 2995
    let codes = [("1", "达到", "Met"), ("2", "未达到", "Not met")].map {
      ChoiceList.Choice(code: $0.0, label: FormText(zh: $0.1, en: $0.2), place: place)
    }
    return Questionnaire(
      id: "small",
      title: LocalizedText("Small"),
      file: "small.yaml",
      lists: [ChoiceList(name: "met", choices: codes, place: place)],
      sections: [
        Section(
          name: "a",
          label: words,
          relevance: nil,
          questions: [question("food", .selectOne, "met"), line],
          place: place
        ),
        Section(
          name: "b",
          label: words,
          relevance: nil,
          questions: [question("said", .note), question("persons", .integer), question("income", .decimal)],
          place: place
        ),
      ],
      place: place
    )
  }

  @Test(
    "questions go by their numbers on paper, codes by their words, figures by their value",
    arguments: [
      ("food == '2'", "A1 为 2（未达到）", "A1 is 2 (Not met)"),
      ("food == 2", "A1 为 2（未达到）", "A1 is 2 (Not met)"),
      ("food in ['1', '2']", "A1 为 1（达到） 或 2（未达到）", "A1 is 1 (Met) or 2 (Not met)"),
      ("income / persons < line", "B2 ÷ B1 < 2995", "B2 ÷ B1 < 2995"),
      (
        "persons >= 3 and (food != '1' or income > 0)", "B1 ≥ 3 且 （A1 不为 1（达到） 或 B2 > 0）",
        "B1 ≥ 3 and (A1 is not 1 (Met) or B2 > 0)"
      ),
      ("not (persons == 1)", "并非（B1 = 1）", "not (B1 = 1)"),
    ]
  )
  func words(source: String, chinese: String, english: String) throws {
    let expression = try Expression(parsing: source)
    #expect(ConditionWords(form(), language: .chinese).condition(expression) == chinese)
    #expect(ConditionWords(form(), language: .english).condition(expression) == english)
  }

  @Test("notes and figures of the survey file take no number")
  func numbers() {
    #expect(form().paperNumbers == ["food": "A1", "persons": "B1", "income": "B2"])
    #expect(Questionnaire.letter(25) == "Z" && Questionnaire.letter(26) == "AA")
  }
}
