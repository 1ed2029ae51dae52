import Foundation
import Testing

@Suite("estimate: a survey folder calibrates its weights")
struct SurveyCalibrationTests {
  private static let schools = repositoryPath + "/Surveys/california-schools"
  private static let totals = "term,total\n(intercept),6194\napi99,3914069\n"

  private func survey(_ calibrate: String) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: Self.schools, toPath: folder.path + "/s")
    let path = folder.path + "/s/survey.yaml"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("responses:\n", with: "responses:\n  \(calibrate)\n")
      .write(toFile: path, atomically: true, encoding: .utf8)
    _ = try folder.write(Self.totals, to: "s/totals.csv")
    return folder
  }

  @Test func `the survey file says the same as the options, and names the totals among its inputs`() throws {
    let folder = try survey("calibrate: {to: totals.csv, method: raking, bounds: [0.3, 3]}")
    func first(_ arguments: [String]) throws -> ([String: Any], [String: Any]) {
      let run = try CommandRun(["estimate"] + arguments + ["--format", "json"])
      try #require(run.status == 0, "\(run.messages)")
      let root = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      let part = try #require((root["parts"] as? [[String: Any]])?.first)
      return (try #require((part["estimates"] as? [[String: Any]])?.first), root)
    }
    let (own, root) = try first([folder.path + "/s"])
    let (loose, _) = try first([
      Self.schools + "/data/apiclus2.csv", "--psu", "dnum,snum", "--fpc", "fpc1,fpc2", "--mean", "api00", "--calibrate",
      folder.path + "/s/totals.csv", "--distance", "raking", "--bounds", "0.3,3",
    ])
    for key in ["estimate", "standard_error"] { #expect(own[key] as? Double == loose[key] as? Double) }
    // Uncalibrated: 670.8 with a standard error of 30.1.
    #expect((own["standard_error"] as? Double ?? 99) < 5)
    let inputs = (root["inputs"] as? [[String: Any]] ?? []).compactMap { $0["file"] as? String }
    #expect(inputs.contains("totals.csv"), "\(inputs)")
  }

  @Test(
    arguments: [
      ("calibrate: {to: totals.csv, method: rake}", "linear, raking, logit"),
      ("calibrate: {to: totals.csv, bounds: [3]}", "bounds"),
      ("calibrate: {to: totals.csv, unit: pupils}", "unit"), ("calibrate: {method: linear}", "to"),
      ("calibrate: {to: nowhere.csv}", "nowhere.csv"),
    ])
  func `what is wrong is named`(calibrate: String, named: String) throws {
    let folder = try survey(calibrate)
    let run = try CommandRun(["estimate", folder.path + "/s", "--lang", "en"])
    #expect(run.status == 65 || run.status == 66, "\(run.messages)")
    #expect(run.messages.contains(named), "\(run.messages)")
  }
}
