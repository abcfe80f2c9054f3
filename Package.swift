// swift-tools-version: 6.2
import PackageDescription

/// Where `Scripts/bootstrap` unpacks the wheels that carry OpenVINO and the public models.
let openVINOPrefix =
    Context.environment["OPENVINO_PREFIX"] ?? Context.packageDirectory + "/.deps/openvino"

let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "hypeclip",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // C edges: FFmpeg from apt, OpenVINO from its wheel.
        .systemLibrary(
            name: "CFFmpeg",
            pkgConfig: "libavformat libavcodec libswscale libswresample libavutil",
            providers: [.apt(["libavformat-dev", "libavcodec-dev", "libswscale-dev", "libswresample-dev"])]
        ),
        .target(
            name: "COpenVINO",
            linkerSettings: [
                .unsafeFlags([
                    "-L", openVINOPrefix + "/lib", "-lopenvino_c",
                    "-Xlinker", "-rpath", "-Xlinker", openVINOPrefix + "/lib",
                ])
            ]
        ),

        // Values every other target speaks in.
        .target(name: "HypeCore", swiftSettings: strict),
        .testTarget(name: "HypeCoreTests", dependencies: ["HypeCore"], swiftSettings: strict),

        // Pure decisions: signals, rule, clip plans.
        .target(name: "HypeMoments", dependencies: ["HypeCore"], swiftSettings: strict),
        .testTarget(
            name: "HypeMomentsTests",
            dependencies: ["HypeMoments", "HypeCore"],
            swiftSettings: strict
        ),

        // The page that people look at.
        .target(name: "HypeReport", dependencies: ["HypeCore"], swiftSettings: strict),
        .testTarget(
            name: "HypeReportTests",
            dependencies: ["HypeReport", "HypeCore"],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)
