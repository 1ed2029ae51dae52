import MingchaWorkflow
import SurveyData
import SurveyDesign
import SurveyEstimation
import Testing

@Suite("what an estimation is asked for")
struct EstimationQuestionTests {
  private func question(_ change: (inout EstimationQuestion) -> Void) -> EstimationQuestion {
    var question = EstimationQuestion()
    question.files = ["r.csv"]
    question.means = ["y"]
    question.isUnweighted = true
    change(&question)
    return question
  }

  private func problems(_ change: (inout EstimationQuestion) -> Void) -> [String] {
    do {
      _ = try question(change).order()
      return []
    } catch let refusal as InputRefusal {
      return refusal.findings.compactMap(\.column)
    } catch {
      return ["\(error)"]
    }
  }

  @Test(
    arguments: [
      ("a,b", ",", ["a", "b"]), (" a , b ", ",", ["a", "b"]), ("x in ['p', 'q'],b", ",", ["x in ['p', 'q']", "b"]),
      ("f(a, b), c", ",", ["f(a, b)", "c"]), ("h;h2", ";", ["h", "h2"]), ("`a,b`,c", ",", ["`a,b`", "c"]),
      ("", ",", []),
    ])
  func `lists split outside brackets and quotes`(text: String, separator: String, parts: [String]) {
    #expect(listParts(text, separator: Character(separator)) == parts)
  }

  @Test func `entries of strata are stages, joined columns are one stratum`() throws {
    let design = try question {
      $0.units = ["c", "v"]
      $0.strata = ["a,b", "none"]
      $0.populationSizes = ["none", "n2"]
    }.order().design
    #expect(design.stages.map(\.strata) == [["a", "b"], []])
    #expect(design.stages.map(\.unit) == [.column("c"), .column("v")])
    #expect(design.stages.map(\.populationSize) == [nil, "n2"])
  }

  @Test func `rows are units, and sizes at every stage are weights enough`() throws {
    let order = try question {
      $0.isUnweighted = false
      $0.populationSizes = ["n"]
    }.order()
    #expect(order.design.stages.map(\.unit) == [.row])
    guard case .populationSizes = order.design.weights else {
      Issue.record("not N / n")
      return
    }
  }

  @Test func `what nobody said has its documented value and is named`() throws {
    let order = try question { $0.level = 0.9 }.order()
    #expect(order.request.level == 0.9)
    #expect(order.request.plannedCorrelation == 0.02)
    #expect(order.request.domainVariance == .withinUnit && order.request.domainFreedom == .domain)
    #expect(order.request.deff == .withoutReplacement && order.request.dropsMissing)
    #expect(order.design.lonelyUnits == .fail)
    #expect(!order.defaulted.contains("level") && order.defaulted.contains("lonely-psu"))
  }

  @Test func `the whole sample is always a domain`() throws {
    let order = try question { $0.by = ["a", "a,b"] }.order()
    #expect(order.request.domains == [[], ["a"], ["a", "b"]])
  }

  @Test(
    arguments: [
      ("<=0.02", Limit(.atMost, 0.02)), ("<= 2%", Limit(.atMost, 0.02)), (">=90%", Limit(.atLeast, 0.9)),
      ("≥ 0.9", Limit(.atLeast, 0.9)),
    ])
  func `limits are written as people write them`(text: String, limit: Limit) throws {
    #expect(try question { $0.limit = text }.order().request.indicators[0].limit == limit)
  }

  @Test(arguments: ["0.02", "<=2", "<0.02", "<=x%", ""])
  func `what is no limit is refused`(text: String) {
    #expect(problems { $0.limit = text } == ["--limit"])
  }

  @Test func `a question asked twice is answered once`() throws {
    #expect(try question { $0.means = ["y", "y"] }.order().request.indicators.count == 1)
  }

  @Test func `without weights or sizes the user is asked to say so`() {
    #expect(problems { $0.isUnweighted = false } == ["--weights"])
    #expect(
      problems {
        $0.isUnweighted = false
        $0.units = ["c", "v"]
        $0.populationSizes = ["n"]
      } == ["--weights"]
    )
  }
}
