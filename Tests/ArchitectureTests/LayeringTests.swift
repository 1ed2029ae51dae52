import Foundation
import Testing

/// What the toolchain brings; everything else that is imported has to be declared.
private let toolchain: Set<String> = ["Swift", "Foundation", "Glibc", "Synchronization", "Testing", "Dispatch"]

/// From the ground up: a target's dependencies stand on lower lines only.
private let layers: [Set<String>] = [
  ["CGSL", "CCrypto", "CXlsxWriter", "CMinizip", "CExpat", "CReadStat", "CTextScan"],
  ["StatisticalFunctions", "SurveyData", "Documents"],
  ["TabularFiles", "SurveyDesign"],
  ["SampleDrawing", "SurveyEstimation"],
  ["SurveySimulation", "PovertyAssessment", "FieldChecks", "Questionnaires"],
  ["SurveyReporting"],
  ["AssessmentReporting"],
  ["MingchaWorkflow", "ReferenceChecks"],
  ["MingchaCLI"],
]

private let wordsBefore: Set<Substring> = [
  "internal", "package", "public", "private", "fileprivate", "@preconcurrency", "@_exported", "@testable",
]

/// The module that a line imports, if it is an import.
private func importedModule(_ line: Substring) -> String? {
  let words = line.split(separator: " ")
  guard let place = words.firstIndex(of: "import"), place <= 2, place + 1 < words.count,
    words[..<place].allSatisfy({ wordsBefore.contains($0) })
  else { return nil }
  let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
  let name = kinds.contains(words[place + 1]) && place + 2 < words.count ? words[place + 2] : words[place + 1]
  return name.split(separator: ".").first.map(String.init)
}

@Suite struct LayeringTests {
  let graph: PackageGraph

  init() throws {
    graph = PackageGraph(manifest: try SourceTree.text("Package.swift"))
  }

  @Test("the manifest was understood: every folder of Sources and Tests is a target, and the other way round")
  func folders() throws {
    for home in ["Sources", "Tests"] {
      let found = try FileManager.default.contentsOfDirectory(
        at: SourceTree.root.appendingPathComponent(home),
        includingPropertiesForKeys: [.isDirectoryKey]
      ).filter { try $0.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true }.map {
        "\(home)/\($0.lastPathComponent)"
      }.filter { $0 != "Tests/Fixtures" }
      let declared = graph.targets.values.map(\.folder).filter { $0.hasPrefix(home + "/") }
      #expect(Set(found) == Set(declared))
    }
    #expect(graph.targets["MingchaWorkflow"]?.dependencies.contains("Yams") == true)
    #expect(graph.targets["SurveyData"]?.dependencies.isEmpty == true)
  }

  @Test("every import is a declared dependency, or comes with the toolchain")
  func imports() throws {
    var count = 0
    for target in graph.targets.values where target.kind != "systemLibrary" {
      for file in try SourceTree.swiftFiles(in: target.folder) {
        for line in file.lines {
          guard let module = importedModule(line), !toolchain.contains(module) else { continue }
          count += 1
          #expect(target.dependencies.contains(module), "\(file.path) imports \(module)")
        }
      }
    }
    #expect(count > 100, "the check found too few imports to be reading them")
  }

  // The tests run on the release build that is shipped, which is not compiled for testing.
  @Test("tests see what other targets see: package access, no @testable")
  func testable() throws {
    for file in try SourceTree.swiftFiles(in: "Tests") {
      for line in file.lines { #expect(!line.hasPrefix("@testable"), "\(file.path)") }
    }
  }

  @Test("dependencies point to lower layers; siblings do not know each other")
  func layering() {
    var height = [String: Int]()
    for (index, layer) in layers.enumerated() { for name in layer { height[name] = index } }
    for target in graph.targets.values where target.kind == "target" {
      guard let own = height[target.name] else {
        #expect(target.folder.hasPrefix("Tests/"), "\(target.name) stands on no layer")
        continue
      }
      for dependency in target.dependencies {
        guard let other = height[dependency] else { continue }
        #expect(other < own, "\(target.name) depends on \(dependency), which is not below it")
      }
    }
    for name in height.keys { #expect(graph.targets[name] != nil, "\(name) is no target any more") }
  }

  @Test("no target reaches itself")
  func cycles() {
    for name in graph.targets.keys { #expect(!graph.isOnCycle(name)) }
  }

  @Test("no module below the workflow reads files, clocks or the environment through Foundation")
  func foundation() throws {
    let pure = layers.dropLast(2).joined().filter { graph.targets[$0]?.kind == "target" }
    // Receipts are JSON, text normalisation is Unicode's: neither needs the world outside.
    let allowed: Set<String> = ["SampleDrawing"]
    for target in pure where !allowed.contains(target) {
      for file in try SourceTree.swiftFiles(in: "Sources/\(target)") {
        let modules = file.lines.compactMap(importedModule)
        #expect(!modules.contains("Foundation"), "\(file.path)")
      }
    }
  }
}
