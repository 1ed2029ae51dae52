/// Checks every case of a reference folder against the estimators.
func checkEstimation(folder: String, into tally: inout Tally) throws {
  tally.skip("estimation")
}
