// swift-tools-version: 6.2
import PackageDescription

// Layers, lowest first; a target imports only what stands here (Tests/ArchitectureTests checks it).
// Siblings on a layer do not import each other.
let strict: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "mingcha",
  products: [
    .executable(name: "mingcha", targets: ["mingcha"]),
    // Estimation in another program: docs/library.md.
    .library(name: "SurveyEstimation", targets: ["SurveyData", "TabularFiles", "SurveyDesign", "SurveyEstimation"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.0.0"),
  ],
  targets: [
    // 0: system libraries
    .systemLibrary(name: "CGSL", providers: [.apt(["libgsl-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CXlsxWriter", providers: [.apt(["libxlsxwriter-dev"])]),
    .systemLibrary(name: "CMinizip", providers: [.apt(["libminizip-dev"])]),
    .systemLibrary(name: "CExpat", providers: [.apt(["libexpat1-dev"])]),
    .systemLibrary(name: "CReadStat", providers: [.apt(["libreadstat-dev"])]),
    // bytes of text, looked at sixteen at a time
    .target(name: "CTextScan"),
    // 1: foundations
    .target(name: "StatisticalFunctions", dependencies: ["CGSL"], swiftSettings: strict),
    .target(name: "SurveyData", swiftSettings: strict),
    .target(name: "Documents", dependencies: ["CXlsxWriter", "CMinizip", "CReadStat"], swiftSettings: strict),
    // 2: files and designs
    .target(
      name: "TabularFiles",
      dependencies: ["SurveyData", "CMinizip", "CExpat", "CReadStat", "CTextScan"],
      swiftSettings: strict
    ),
    .target(
      name: "SurveyDesign",
      dependencies: ["SurveyData", "StatisticalFunctions"],
      swiftSettings: strict
    ),
    // 3: drawing and estimating
    .target(
      name: "SampleDrawing",
      dependencies: ["SurveyData", "SurveyDesign", "StatisticalFunctions", "CCrypto"],
      swiftSettings: strict
    ),
    .target(
      name: "SurveyEstimation",
      dependencies: ["SurveyData", "SurveyDesign", "StatisticalFunctions"],
      swiftSettings: strict
    ),
    // 4: simulation and assessment
    .target(
      name: "SurveySimulation",
      dependencies: [
        "SurveyData", "SurveyDesign", "StatisticalFunctions", "SampleDrawing", "SurveyEstimation",
      ],
      swiftSettings: strict
    ),
    .target(
      name: "PovertyAssessment",
      dependencies: ["SurveyData", "SurveyDesign", "StatisticalFunctions", "SurveyEstimation"],
      swiftSettings: strict
    ),
    .target(
      name: "FieldChecks",
      dependencies: ["SurveyData", "SurveyDesign", "StatisticalFunctions"],
      swiftSettings: strict
    ),
    // forms that ask for the answers
    .target(name: "Questionnaires", dependencies: ["SurveyData", "Documents"], swiftSettings: strict),
    // 5 and 6: reports
    .target(
      name: "SurveyReporting",
      dependencies: [
        "SurveyData", "SurveyDesign", "SampleDrawing", "SurveyEstimation", "FieldChecks", "Documents",
      ],
      swiftSettings: strict
    ),
    .target(
      name: "AssessmentReporting",
      dependencies: [
        "SurveyData", "SurveyEstimation", "PovertyAssessment", "SurveyReporting", "Documents",
      ],
      swiftSettings: strict
    ),
    // 7: one function per user step
    .target(
      name: "MingchaWorkflow",
      dependencies: [
        "SurveyData", "StatisticalFunctions", "TabularFiles", "SurveyDesign", "SampleDrawing",
        "SurveyEstimation", "SurveySimulation", "PovertyAssessment", "FieldChecks", "Questionnaires",
        "Documents", "SurveyReporting", "AssessmentReporting", yams,
      ],
      swiftSettings: strict
    ),
    // 8: the command
    .target(
      name: "MingchaCLI",
      dependencies: ["MingchaWorkflow", "SurveyDesign", "SurveyData", "TabularFiles", argumentParser],
      swiftSettings: strict
    ),
    .executableTarget(name: "mingcha", dependencies: ["MingchaCLI"], swiftSettings: strict),
    // reference results against our own: a sibling of the workflow
    .target(
      name: "ReferenceChecks",
      dependencies: [
        "SurveyData", "StatisticalFunctions", "TabularFiles", "SurveyDesign", "SampleDrawing", "SurveyEstimation",
      ],
      swiftSettings: strict
    ),
    .executableTarget(
      name: "reference-check",
      dependencies: ["ReferenceChecks", "SurveyData", "StatisticalFunctions", "SurveyDesign", "SampleDrawing"],
      swiftSettings: strict
    ),
    // times selection in process; no product
    .executableTarget(
      name: "selection-bench",
      dependencies: ["SurveyData", "SurveyDesign", "SampleDrawing", "TabularFiles"],
      swiftSettings: strict
    ),
    // times estimates in process; no product
    .executableTarget(
      name: "estimation-bench",
      dependencies: ["SurveyData", "SurveyDesign", "SurveyEstimation", "TabularFiles"],
      swiftSettings: strict
    ),
    // tries the intervals on rounds whose truth is known; no product
    .executableTarget(
      name: "interval-study",
      dependencies: ["SurveyData", "SurveySimulation", "TabularFiles"],
      swiftSettings: strict
    ),
    // tests, by kind
    .target(name: "TestSupport", dependencies: ["SurveyData"], path: "Tests/TestSupport", swiftSettings: strict),
    .testTarget(
      name: "SurveyDesignTests",
      dependencies: ["SurveyDesign", "SurveyData", "TestSupport"],
      swiftSettings: strict
    ),
    .testTarget(name: "SurveyDataTests", dependencies: ["SurveyData", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "StatisticalFunctionsTests",
      dependencies: ["StatisticalFunctions"],
      swiftSettings: strict
    ),
    .testTarget(name: "DocumentsTests", dependencies: ["Documents"], swiftSettings: strict),
    .testTarget(
      name: "TabularFilesTests",
      dependencies: ["TabularFiles", "SurveyData", "TestSupport"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "SampleDrawingTests",
      dependencies: ["SampleDrawing", "SurveyDesign", "SurveyData", "TestSupport"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "SurveyEstimationTests",
      dependencies: ["SurveyEstimation", "SurveyDesign", "SurveyData", "StatisticalFunctions", "TestSupport"],
      swiftSettings: strict
    ),
    // Sees what another package sees: the code of docs/library.md.
    .testTarget(
      name: "LibraryTests",
      dependencies: ["SurveyData", "TabularFiles", "SurveyDesign", "SurveyEstimation"],
      packageAccess: false,
      swiftSettings: strict
    ),
    .testTarget(
      name: "SurveySimulationTests",
      dependencies: ["SurveySimulation", "StatisticalFunctions", "SurveyData", "TestSupport"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "PovertyAssessmentTests",
      dependencies: ["PovertyAssessment", "SurveyEstimation", "SurveyData", "TestSupport"],
      swiftSettings: strict
    ),
    .testTarget(name: "QuestionnairesTests", dependencies: ["Questionnaires", "SurveyData"], swiftSettings: strict),
    .testTarget(
      name: "FieldChecksTests",
      dependencies: ["FieldChecks", "SurveyDesign", "SurveyData", "TestSupport"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ReportingTests",
      dependencies: [
        "SurveyReporting", "AssessmentReporting", "SurveyEstimation", "SampleDrawing", "SurveyDesign",
        "PovertyAssessment", "Documents", "SurveyData", "TestSupport",
      ],
      swiftSettings: strict
    ),
    .testTarget(
      name: "ConformanceTests",
      dependencies: ["ReferenceChecks", "SurveyData", "reference-check"],
      swiftSettings: strict
    ),
    .testTarget(
      name: "StatisticalTests",
      dependencies: [
        "MingchaWorkflow", "SurveySimulation", "SampleDrawing", "SurveyEstimation", "SurveyDesign",
        "TabularFiles", "SurveyData", "StatisticalFunctions", "TestSupport",
      ],
      swiftSettings: strict
    ),
    .testTarget(name: "CommandLineTests", dependencies: ["TestSupport", "mingcha"], swiftSettings: strict),
    .testTarget(
      name: "MingchaWorkflowTests",
      dependencies: [
        "MingchaWorkflow", "PovertyAssessment", "SampleDrawing", "SurveyEstimation", "SurveyDesign", "SurveyData",
      ],
      swiftSettings: strict
    ),
    .testTarget(name: "ArchitectureTests", dependencies: ["TestSupport"], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
