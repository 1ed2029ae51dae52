package import SurveyData
package import SurveyDesign

/// Sums what an estimation needs over the rows of a survey file, then turns the sums into estimates.
///
/// One pass: tables (chunks of one file, or of several) are added in any order and by any number of
/// workers; the accumulators are then brought together. The result has the same bits however the rows
/// were ordered, split or shared out, because every sum is exact before it is rounded once.
package struct Estimator: Sendable {
  /// - Throws: a refusal naming contradictions of request and design.
  package init(_ request: EstimationRequest, design: SampleDesign) throws(InputRefusal) {
    fatalError("in work")
  }

  /// The columns that the file must have: whether each is wanted as text (codes) or as a number.
  package var columns: [(name: String, isNumber: Bool)] { [] }

  package func makeAccumulator() -> EstimationAccumulator { EstimationAccumulator() }

  /// Adds the rows of a table.
  /// - Throws: a refusal with every row that cannot be used (weights, population sizes, missing codes, …).
  package func add(_ table: Table, to accumulator: inout EstimationAccumulator) throws(InputRefusal) {}

  /// Brings the accumulators together.
  /// - Throws: a refusal naming lonely units, population sizes that contradict the sample, and so on.
  package func estimation(from accumulators: [EstimationAccumulator]) throws(InputRefusal) -> Estimation {
    fatalError("in work")
  }
}

/// The sums over some of the rows.
package struct EstimationAccumulator: Sendable {}

/// Estimates from one table: ``Estimator`` in one call.
package func estimate(
  _ table: Table, design: SampleDesign, request: EstimationRequest
) throws(InputRefusal) -> Estimation {
  let estimator = try Estimator(request, design: design)
  var accumulator = estimator.makeAccumulator()
  try estimator.add(table, to: &accumulator)
  return try estimator.estimation(from: [accumulator])
}
