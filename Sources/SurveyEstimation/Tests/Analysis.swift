public import SurveyData

/// A test or a model: what is asked of a sample besides estimates.
///
/// Each is answered in every domain of a request; the design stays that of the whole sample.
public struct Analysis: Sendable {
  package enum Question: Sendable {
    case association(row: String, column: String, statistic: AssociationStatistic)
    /// One mean against a value.
    case mean(Expression, against: Double)
    /// The means of two groups.
    case means(ModelFormula)
    case ranks(ModelFormula, score: RankScore)
    case regression(ModelFormula, family: RegressionFamily)
  }

  package var question: Question
  /// Rows outside are outside the domain; the design keeps them.
  package var filter: Expression?
  /// What was asked, as it was written: `stype × awards`, `api00 ~ ell`.
  public let name: String

  package init(_ question: Question, name: String, filter: Expression? = nil) {
    self.question = question
    self.name = name
    self.filter = filter
  }

  /// The columns that may hold classes.
  package var classColumns: [String] {
    switch question {
    case .association(let row, let column, _): [row, column]
    case .mean(let value, _): value.columns
    case .means(let model), .ranks(let model, _), .regression(let model, _): model.columns
    }
  }
}

extension Analysis {
  /// Whether two columns are independent.
  ///
  /// Source: Rao and Scott (1984), Ann. Statist. 12; Thomas and Rao (1987), J. Amer. Statist. Assoc. 82; R survey's
  /// `svychisq`. Rows that lack either value are left out.
  /// - Parameters:
  ///   - row: the column whose values are the rows of the table.
  ///   - column: the column whose values are its columns.
  ///   - statistic: how the table is judged.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  /// - Returns: a question answered by an ``AssociationTest``.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public static func association(
    of row: String,
    with column: String,
    statistic: AssociationStatistic,
    where condition: String? = nil
  ) throws(InputRefusal) -> Analysis {
    try Analysis(.association(row: row, column: column, statistic: statistic), "\(row) × \(column)", condition)
  }

  /// Whether a mean differs from a value: t = (ȳ − μ) / s, with one degree of freedom less than the design has.
  ///
  /// - Parameters:
  ///   - value: y, a formula over the columns of the table.
  ///   - mean: μ.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  /// - Returns: a question answered by a ``ComparisonTest``.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public static func mean(
    of value: String,
    against mean: Double,
    where condition: String? = nil
  ) throws(InputRefusal) -> Analysis {
    try Analysis(.mean(Expression(parsing: value), against: mean), "\(value) ~ 0", condition)
  }

  /// Whether the means of two groups differ: the slope of a regression on the group.
  ///
  /// Source: R survey's `svyttest` (Lumley 2010).
  /// - Parameters:
  ///   - formula: `y ~ group`; the group is a column with two values.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  /// - Returns: a question answered by a ``ComparisonTest``.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public static func means(_ formula: String, where condition: String? = nil) throws(InputRefusal) -> Analysis {
    try Analysis(.means(ModelFormula(parsing: formula)), formula, condition)
  }

  /// Whether one of two groups ranks higher than the other.
  ///
  /// Source: Lumley and Scott (2013), Biometrika 100.
  /// - Parameters:
  ///   - formula: `y ~ group`; the group is a column with two values.
  ///   - score: what stands for a rank.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  /// - Returns: a question answered by a ``ComparisonTest`` of mean scores.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public static func ranks(
    _ formula: String,
    score: RankScore,
    where condition: String? = nil
  ) throws(InputRefusal) -> Analysis {
    try Analysis(.ranks(ModelFormula(parsing: formula), score: score), formula, condition)
  }

  /// A generalised linear model by pseudo maximum likelihood: Σ w x (y − μ(x'β)) = 0.
  ///
  /// Source: Binder (1983), Int. Statist. Rev. 51; R survey's `svyglm` (Lumley 2010). Rows that lack a value are left
  /// out.
  /// - Parameters:
  ///   - formula: `y ~ a + factor(b)`; a column of texts stands for its values but the first.
  ///   - family: what the mean of y is modelled by.
  ///   - condition: a formula; rows that do not fulfil it are outside the domain, and stay in the design.
  /// - Returns: a question answered by a ``SurveyRegression``.
  /// - Throws: a refusal naming the place in a formula that cannot be read.
  public static func regression(
    _ formula: String,
    family: RegressionFamily,
    where condition: String? = nil
  ) throws(InputRefusal) -> Analysis {
    try Analysis(.regression(ModelFormula(parsing: formula), family: family), formula, condition)
  }

  private init(_ question: Question, _ name: String, _ condition: String?) throws(InputRefusal) {
    var filter: Expression?
    if let condition { filter = try Expression(parsing: condition) }
    self.init(question, name: name, filter: filter)
  }
}

/// What a sample answers to an analysis, in one domain.
public struct AnalysisResult: Sendable {
  /// A test, a model, or why there is none.
  public enum Outcome: Sendable {
    /// Of two columns.
    case association(AssociationTest)
    /// Of a mean, two means, or two groups' ranks.
    case comparison(ComparisonTest)
    /// A fitted model.
    case regression(SurveyRegression)
    /// The domain cannot answer: too few rows, one group only, no degrees of freedom.
    case impossible(Finding)
  }

  /// What was asked.
  public var analysis: Analysis
  /// By-variables and their values; empty for the whole sample.
  public var domain: [DomainValue]
  /// What was found.
  public var outcome: Outcome

  package init(_ analysis: Analysis, domain: [DomainValue], outcome: Outcome) {
    self.analysis = analysis
    self.domain = domain
    self.outcome = outcome
  }
}
