import Questionnaires
import SurveyData
import Testing

/// A form with a question of every kind that conditions speak of.
private func smallForm() -> Questionnaire {
  let place = SourcePlace(path: "q", line: 1)
  let words = FormText(zh: "题", en: "Question")
  func question(_ name: String, _ type: QuestionType, _ list: String? = nil) -> Question {
    var question = Question(name: name, type: type, label: words, place: place)
    question.choices = list
    return question
  }
  let codes = ["1", "2", "P2", "a"].map { ChoiceList.Choice(code: $0, label: words, place: place) }
  return Questionnaire(
    id: "small",
    title: LocalizedText("Small"),
    file: "small.yaml",
    lists: [ChoiceList(name: "codes", choices: codes, place: place)],
    sections: [
      Section(
        name: "s",
        label: words,
        relevance: nil,
        questions: [
          question("food", .selectOne, "codes"), question("class", .selectOne, "codes"),
          question("kinds", .selectMultiple, "codes"), question("persons", .integer), question("income", .decimal),
          question("words", .text),
        ],
        place: place
      )
    ],
    place: place
  )
}

@Suite("our expressions in a form's XPath")
struct XPathTests {
  let form = smallForm()

  @Test(
    "a condition keeps its meaning, a missing answer included",
    arguments: [
      ("class == 'P2' and persons > 0", "${class} = 'P2' and ${persons} > 0"),
      ("food == 2 or persons >= 3", "(${food} = 2 or ${persons} >= 3)"),
      ("food in ['1', '2']", "(${food} = '1' or ${food} = '2')"),
      // Empty differs from 'P2' in XPath; with us a comparison with a missing answer is false.
      ("class != 'P2'", "(${class} != '' and ${class} != 'P2')"),
      ("persons != 2", "(${persons} != '' and ${persons} != 2)"),
      ("not (food == '2')", "not(${food} = '2')"),
      ("kinds == 'a'", "selected(${kinds}, 'a')"),
      ("kinds != 'a'", "(${kinds} != '' and not(selected(${kinds}, 'a')))"),
      ("kinds in ['a', '1']", "(selected(${kinds}, 'a') or selected(${kinds}, '1'))"),
      ("income / 12 > persons * 200", "${income} div 12 > ${persons} * 200"),
      ("income / persons < 2995", "${income} div if(${persons} = 0, '', ${persons}) < 2995"),
      ("words == \"it's\"", "${words} = \"it's\""),
      ("income > -0.5", "${income} > -0.5"),
    ]
  )
  func condition(source: String, wanted: String) throws {
    #expect(try XPath(of: form).condition(Expression(parsing: source)) == wanted)
  }

  @Test("in a constraint the question's own answer is a point")
  func own() throws {
    let text = try XPath(of: form, own: "persons").condition(Expression(parsing: "persons <= income and persons != 7"))
    #expect(text == ". <= ${income} and (. != '' and . != 7)")
  }

  @Test("a calculation without its answers has no value, and the first case that holds decides")
  func calculation() throws {
    func cases(_ pairs: [(String?, String)]) throws -> String {
      try XPath(of: form).calculation(
        pairs.map {
          Question.Case(condition: try $0.map { try Expression(parsing: $0) }, value: try Expression(parsing: $1))
        }
      )
    }
    #expect(
      try cases([(nil, "income / persons")])
        == "if(${income} != '' and ${persons} != '', ${income} div if(${persons} = 0, '', ${persons}), '')"
    )
    #expect(try cases([(nil, "food == '2'")]) == "if(${food} = '2', 1, 0)")
    #expect(
      try cases([("class == 'P2'", "persons"), ("food == 1", "0")])
        == "if(${class} = 'P2', ${persons}, if(${food} = 1, 0, ''))"
    )
  }

  @Test(
    "what a form cannot say is refused",
    arguments: ["words < 'b'", "persons", "words * 2 > 1", "kinds > 1", "income > 1e-9", "class == 'a' and persons"]
  )
  func untranslatable(source: String) throws {
    let expression = try Expression(parsing: source)
    #expect(throws: Untranslatable.self) { try XPath(of: form).condition(expression) }
  }
}
