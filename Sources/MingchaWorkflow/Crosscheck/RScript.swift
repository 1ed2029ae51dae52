internal import SurveyData
internal import SurveyDesign
internal import SurveyEstimation
internal import SurveyReporting

/// A program that can repeat our figures.
package enum CrosscheckLanguage: String, Sendable, CaseIterable {
  case r, stata
}

extension EstimationReport {
  /// A script that repeats the figures of an estimation from loose files, and says where it finds another.
  ///
  /// - Parameters:
  ///   - language: the program that is to repeat them.
  ///   - order: what was estimated.
  /// - Returns: the script's text.
  package func script(_ language: CrosscheckLanguage, _ order: EstimationOrder) -> String {
    guard let part = parts.first else { return "" }
    switch language {
    case .r:
      var script = RScript(part: part, order: order, inputs: inputs)
      return script.text()
    case .stata:
      var script = StataScript(part: part, order: order, inputs: inputs)
      return script.text()
    }
  }
}

/// The script for R survey.
///
/// Columns that it makes begin with `mc_`.
struct RScript {
  let part: EstimationReport.Part
  let order: EstimationOrder
  let inputs: [AnnexDigest]
  /// Columns of the data frame, made before the design.
  private var columns: [String] = []
  private var names: [String: String] = [:]
  /// Checks, made after the design.
  var checks: [String] = []
  private var subsets: [String: String] = [:]

  init(part: EstimationReport.Part, order: EstimationOrder, inputs: [AnnexDigest]) {
    self.part = part
    self.order = order
    self.inputs = inputs
  }

  var design: SampleDesign { part.design }
  var isReplicated: Bool { part.replicates != nil || isJackknife }
  var isJackknife: Bool {
    design.adjustments.contains { if case .replication = $0 { true } else { false } }
  }
  /// Whether R stops an iteration at a tolerance.
  private var isIterated: Bool {
    design.adjustments.contains { step in
      switch step {
      case .raking: true
      case .calibration(let spec): spec.distance != .linear || spec.lower != nil || spec.upper != nil
      default: false
      }
    }
  }

  mutating func text() -> String {
    let design = designLines()
    addFigures()
    addQuantiles()
    addFunctions()
    addResults()
    addWeights()
    let head = """
      # Repeats the figures of `mingcha estimate` in R survey (written for version 4.1).
      # Rscript THIS_SCRIPT [DATA_FILE]
      # Prints one line a figure; ends with status 1 where one differs.
      \(inputs.map { "# \($0.file): SHA-256 \($0.sha256)" }.joined(separator: "\n"))
      suppressPackageStartupMessages(library(survey))
      options(survey.lonely.psu = \(quoted(self.design.lonelyUnits.rawValue)), \
      survey.adjust.domain.lonely = \(self.design.adjustsLonelyDomains ? "TRUE" : "FALSE"))
      """
    return [
      head, Self.helpers(tolerance: isIterated ? "1e-5" : "1e-8"), reading, columns.joined(separator: "\n"), design,
    ]
    .joined(separator: "\n\n") + "\n\n" + checks.joined(separator: "\n") + "\n\n" + Self.ending + "\n"
  }

  private static func helpers(tolerance: String) -> String {
    """
    num <- function(x) { x[x %in% c("NA", ".")] <- NA; as.numeric(x) }
    over <- function(a, b) ifelse(b == 0, NA, a / b)
    population <- function(size, unit, stratum) {  # also where the file has a sampling fraction
      n <- ave(as.integer(factor(unit)), stratum, FUN = function(u) length(unique(u)))
      ifelse(size <= 1, n / size, size)
    }
    fraction <- function(size, unit, stratum) {
      n <- ave(as.integer(factor(unit)), stratum, FUN = function(u) length(unique(u)))
      ifelse(size > 1, n / size, size)
    }
    student <- function(x, df, level) {
      b <- as.numeric(coef(x)); s <- as.numeric(SE(x)); t <- qt((1 + level) / 2, df)
      c(b, s, b - t * s, b + t * s)
    }
    checked <- 0
    wrong <- 0
    # What Mingcha printed and what R finds; NA: not printed, or without a counterpart.
    check <- function(what, ours, theirs, tolerance = \(tolerance)) {
      theirs <- as.numeric(theirs)
      used <- !is.na(ours)
      floor <- 1e-11 * max(abs(ours[used]), 0)
      same <- abs(ours - theirs)[used] <= (tolerance * pmax(abs(ours), abs(theirs)) + floor)[used]
      same[is.na(same)] <- FALSE
      checked <<- checked + sum(used)
      wrong <<- wrong + sum(!same)
      cat(if (all(same)) "same  " else "DIFFER", what, format(ours[used], digits = 12), "\\n")
      if (!all(same)) cat("  R:  ", format(theirs[used], digits = 12), "\\n")
    }
    """
  }

  private static let ending = """
    cat(checked, "figures compared,", wrong, "differ\\n")
    quit(status = if (wrong > 0) 1 else 0)
    """

  private var reading: String {
    let paths = order.paths.map { quoted($0 == "-" ? "DATA.csv" : $0) }.joined(separator: ", ")
    let isWorkbook = order.paths.contains { $0.lowercased().hasSuffix(".xlsx") || $0.lowercased().hasSuffix(".xlsm") }
    let sheet = order.sheet.map { ", sheet = \(quoted($0))" } ?? ""
    let skip = order.headerRow.map { $0 > 1 ? ", skip = \($0 - 1)" : "" } ?? ""
    let one =
      isWorkbook
      ? "as.data.frame(readxl::read_excel(f, col_types = \"text\"\(sheet)\(skip)))"
      : "read.csv(f, colClasses = \"character\", check.names = FALSE, na.strings = \"\", "
        + "fileEncoding = \"UTF-8-BOM\"\(skip))"
    return """
      files <- if (length(commandArgs(TRUE))) commandArgs(TRUE) else c(\(paths))
      d <- do.call(rbind, lapply(files, function(f) \(one)))
      """
  }

  // MARK: columns

  func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }

  func column(_ name: String) -> String { "d[[\(quoted(name))]]" }

  func code(_ expression: Expression) -> String {
    expression.code(in: .r) { name, isNumber in
      let text = "d[[" + quotedText(name) + "]]"
      return isNumber ? "num(\(text))" : text
    }
  }

  /// The name of a column that holds what some code gives, made once.
  mutating func made(_ prefix: String, _ code: String) -> String {
    let key = prefix + " " + code
    if let known = names[key] { return known }
    let name = "mc_\(prefix)\(names.count + 1)"
    names[key] = name
    columns.append("d$\(name) <- rep(\(code), length.out = nrow(d))")
    return name
  }

  mutating func variable(_ expression: Expression) -> String { made("y", "as.numeric(\(code(expression)))") }

  /// The rows of a domain in a filter, as code; `nil` for all rows.
  func mask(_ domain: [DomainValue], _ filter: Expression?) -> String? {
    var parts = domain.map { "(\(column($0.variable)) %in% \(quoted($0.value)))" }
    if let filter { parts.append("((\(code(filter))) != 0) %in% TRUE") }
    return parts.isEmpty ? nil : parts.joined(separator: " & ")
  }

  /// The design, or the part of it that holds some rows.
  mutating func subset(_ mask: String?) -> String {
    guard let mask else { return "des" }
    if let known = subsets[mask] { return known }
    let name = made("in", mask)
    let subset = "sub_\(subsets.count + 1)"
    subsets[mask] = subset
    checks.append("\(subset) <- subset(des, \(name))")
    return subset
  }

  func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "NA" }
    return shortest(value)
  }

  func numbers(_ values: [Double?]) -> String { "c(" + values.map(number).joined(separator: ", ") + ")" }

  func formula(_ names: [String], prefix: String = "") -> String { prefix + "~" + names.joined(separator: " + ") }
}

private func quotedText(_ text: String) -> String {
  "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
}
