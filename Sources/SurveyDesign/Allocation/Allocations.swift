/// The allocation rules, in the order in which help and documents name them.
package enum Allocations {
  /// Every rule there is.
  package static let all: [any AllocationRule] = [
    EqualAllocation(), ProportionalAllocation(), SquareRootAllocation(), PowerAllocation(), NeymanAllocation(),
    CostOptimalAllocation(),
  ]

  /// The rule of a survey file's name for it, if there is one.
  package static func named(_ name: String) -> (any AllocationRule)? {
    all.first { $0.name.utf8.elementsEqual(name.utf8) }
  }
}
