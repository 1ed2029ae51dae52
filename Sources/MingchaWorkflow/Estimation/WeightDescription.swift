// Foundation is here for its JSON coder alone.
import Foundation
internal import SurveyData

/// What the JSON file beside written weights says: which columns they are and how replicates become a variance.
struct WeightDescription: Decodable {
  struct Replicates: Decodable {
    var prefix: String
    var count: Int
    var scale: Double
    var rscales: [Double]
    var mse: Bool
    var method: String?
  }

  var format: String
  var weight: String
  var replicates: Replicates?

  static let format = "mingcha-weights-1"

  /// - Throws: a refusal for a file that is none, or that does not agree with itself.
  init(path: String) throws(InputRefusal) {
    let bytes = try readBytes(path)
    do {
      self = try JSONDecoder().decode(WeightDescription.self, from: Data(bytes))
    } catch {
      throw Self.refusal(path, zh: "不是权数说明文件。", en: "describes no weights.")
    }
    guard format == Self.format else {
      throw Self.refusal(path, zh: "版本“\(format)”无法识别。", en: "has a version that is not known, \"\(format)\".")
    }
    guard let replicates else { throw Self.refusal(path, zh: "其中没有重复权数。", en: "its file has no replicate weights.") }
    let factors = replicates.rscales + [replicates.scale]
    guard replicates.count >= 2, replicates.rscales.count == replicates.count,
      factors.allSatisfy({ $0.isFinite && $0 >= 0 })
    else {
      throw Self.refusal(
        path,
        zh: "重复 \(replicates.count) 个，系数 \(replicates.rscales.count) 个，或系数为负。",
        en: "names \(replicates.count) replicates and \(replicates.rscales.count) factors, or one that is negative."
      )
    }
  }

  /// The names of the replicates' columns.
  var columns: [String] {
    guard let replicates else { return [] }
    return (0..<replicates.count).map { replicate in
      let number = String(replicate + 1)
      let zeros = max(0, String(replicates.count).count - number.count)
      return replicates.prefix + String(repeating: "0", count: zeros) + number
    }
  }

  private static func refusal(_ path: String, zh: String, en: String) -> InputRefusal {
    InputRefusal(
      Finding(
        "weights-description",
        file: path,
        message: LocalizedText(zh: zh, en: en),
        fix: LocalizedText(
          zh: "请使用 --write-weights 写出的 .json。",
          en: "Use the .json that --write-weights wrote."
        )
      )
    )
  }
}
