/// The version of the tool: printed by `--version`, written into receipts and reports.
package enum ToolVersion {
  package static let number = "0.1.0"
  /// Name and version, as records hold them.
  package static let text = "mingcha " + number
}
