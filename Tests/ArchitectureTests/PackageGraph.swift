import Foundation

/// The targets that Package.swift declares, read from its text.
///
/// Asking the package manager itself from inside its own test run would wait for the build lock for ever.
struct PackageGraph {
  struct Target {
    var name: String
    /// `target`, `executableTarget`, `testTarget` or `systemLibrary`.
    var kind: String
    /// Modules it may import: targets and products of other packages.
    var dependencies: Set<String>
    /// Its folder from the repository's root.
    var folder: String
  }

  private(set) var targets: [String: Target] = [:]

  init(manifest: String) {
    let plain = manifest.split(separator: "\n").filter {
      !$0.drop { $0 == " " }.hasPrefix("//")
    }.joined(separator: "\n")
    let products = Self.products(in: plain)
    for kind in ["target", "executableTarget", "testTarget", "systemLibrary"] {
      for call in Self.calls(of: kind, in: plain) {
        guard let name = Self.string(after: "name:", in: call) else { continue }
        var dependencies = Set<String>()
        if let list = Self.list(after: "dependencies:", in: call) {
          dependencies = Set(Self.strings(in: list))
          let words = list.split { !($0.isLetter || $0.isNumber || $0 == "\"") }.map(String.init)
          for word in words { if let product = products[word] { dependencies.insert(product) } }
        }
        let home = kind == "testTarget" ? "Tests" : "Sources"
        targets[name] = Target(
          name: name,
          kind: kind,
          dependencies: dependencies,
          folder: Self.string(after: "path:", in: call) ?? "\(home)/\(name)"
        )
      }
    }
  }

  /// Whether a target reaches itself over what it declares.
  func isOnCycle(_ name: String) -> Bool {
    var seen = Set<String>()
    var open = Array(targets[name]?.dependencies ?? [])
    while let next = open.popLast() {
      if next == name { return true }
      if seen.insert(next).inserted { open += targets[next]?.dependencies ?? [] }
    }
    return false
  }

  // `let yams = Target.Dependency.product(name: "Yams", …)`: the constant's name and the product's.
  private static func products(in text: String) -> [String: String] {
    var products = [String: String]()
    for line in text.split(separator: "\n") where line.contains("Target.Dependency.product(") {
      let words = line.split(separator: " ")
      guard words.count > 1, let product = string(after: "name:", in: String(line)) else { continue }
      products[String(words[1])] = product
    }
    return products
  }

  // The arguments of every `.kind(…)`, up to the bracket that closes it.
  private static func calls(of kind: String, in text: String) -> [String] {
    var calls = [String]()
    var rest = text[...]
    while let start = rest.range(of: ".\(kind)(") {
      var depth = 1
      var end = start.upperBound
      while end < rest.endIndex, depth > 0 {
        if rest[end] == "(" { depth += 1 }
        if rest[end] == ")" { depth -= 1 }
        end = rest.index(after: end)
      }
      calls.append(String(rest[start.upperBound..<end]))
      rest = rest[end...]
    }
    return calls
  }

  private static func list(after label: String, in call: String) -> String? {
    guard let label = call.range(of: label), let open = call[label.upperBound...].firstIndex(of: "["),
      let close = call[open...].firstIndex(of: "]")
    else { return nil }
    return String(call[call.index(after: open)..<close])
  }

  private static func string(after label: String, in call: String) -> String? {
    guard let label = call.range(of: label) else { return nil }
    return strings(in: String(call[label.upperBound...])).first
  }

  private static func strings(in text: String) -> [String] {
    text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map {
      String($0.element)
    }
  }
}
