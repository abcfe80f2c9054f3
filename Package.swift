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

let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "hypeclip",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "hypeclip", targets: ["hypeclip"]),
        .executable(name: "hypeclip-worker", targets: ["hypeclip-worker"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
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

        // Which model files there are, and where they lie.
        .target(name: "HypeCatalogue", swiftSettings: strict),
        .testTarget(name: "HypeCatalogueTests", dependencies: ["HypeCatalogue"], swiftSettings: strict),

        // Signal processing: spectra, mel bands, loudness, pitch.
        .target(name: "HypeDSP", dependencies: ["HypeCore", "CFFmpeg"], swiftSettings: strict),
        .testTarget(
            name: "HypeDSPTests",
            dependencies: ["HypeCore", "HypeDSP"],
            resources: [.copy("Fixtures")],
            swiftSettings: strict
        ),

        // Neural nets on the CPU.
        .target(
            name: "HypeInference",
            dependencies: ["HypeCore", "HypeCatalogue", "COpenVINO"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeInferenceTests",
            dependencies: ["HypeCatalogue", "HypeCore", "HypeInference"],
            swiftSettings: strict
        ),

        // What a face and a voice express.
        .target(name: "HypeEmotion", dependencies: ["HypeCore", "HypeDSP", "HypeInference"], swiftSettings: strict),
        .testTarget(
            name: "HypeEmotionTests",
            dependencies: ["HypeCore", "HypeDSP", "HypeEmotion", "HypeInference"],
            resources: [.copy("Voice/Fixtures"), .copy("Parity")],
            swiftSettings: strict
        ),

        // Demultiplexing, the replay ring, decoding, clips.
        .target(name: "HypeMedia", dependencies: ["HypeCore", "CFFmpeg"], swiftSettings: strict),
        .testTarget(name: "HypeMediaTests", dependencies: ["HypeCore", "HypeMedia"], swiftSettings: strict),

        // Chat logs and spikes.
        .target(name: "HypeChat", dependencies: ["HypeCore"], swiftSettings: strict),
        .testTarget(
            name: "HypeChatTests",
            dependencies: ["HypeChat", "HypeCore"],
            resources: [.copy("Fixtures")],
            swiftSettings: strict
        ),

        // Pure decisions: signals, rule, clip plans.
        .target(name: "HypeMoments", dependencies: ["HypeCore"], swiftSettings: strict),
        .testTarget(name: "HypeMomentsTests", dependencies: ["HypeCore", "HypeMoments"], swiftSettings: strict),

        // Labelled files and how well answers fit them (pure).
        .target(name: "HypeEvaluation", dependencies: ["HypeCore"], swiftSettings: strict),
        .testTarget(
            name: "HypeEvaluationTests",
            dependencies: ["HypeCore", "HypeEvaluation"],
            resources: [.copy("Fixtures")],
            swiftSettings: strict
        ),

        // The pages that show what was found and measured.
        .target(name: "HypeReport", dependencies: ["HypeCore", "HypeEvaluation"], swiftSettings: strict),
        .testTarget(
            name: "HypeReportTests",
            dependencies: ["HypeCore", "HypeEvaluation", "HypeReport"],
            swiftSettings: strict
        ),

        // Where clips, sessions and events are kept.
        .target(name: "HypeStore", dependencies: ["HypeCore"], swiftSettings: strict),

        // The HTTP server and what it asks of the program around it.
        .target(name: "HypeServer", dependencies: ["HypeCore"], swiftSettings: strict),

        // Between the two processes.
        .target(
            name: "HypeWorkerLink",
            dependencies: [
                "HypeCore", logging, systemPackage, .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeWorkerLinkTests",
            dependencies: ["HypeCore", "HypeWorkerLink", logging],
            swiftSettings: strict
        ),

        // What the worker does with a message.
        .target(
            name: "HypeWorker",
            dependencies: ["HypeCatalogue", "HypeCore", "HypeEmotion", "HypeInference", "HypeMedia", "HypeWorkerLink"],
            swiftSettings: strict
        ),
        .executableTarget(name: "hypeclip-worker", dependencies: ["HypeWorker"], swiftSettings: strict),

        // The control plane.
        .target(
            name: "HypeApp",
            dependencies: [
                "HypeCatalogue", "HypeCore", "HypeChat", "HypeEvaluation", "HypeMoments", "HypeReport",
                "HypeWorkerLink", logging, systemPackage,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeAppTests",
            dependencies: [
                "HypeApp", "HypeCatalogue", "HypeCore", "HypeMoments",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "hypeclip",
            dependencies: [
                "HypeApp", "HypeCatalogue", "HypeCore", "HypeEvaluation",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),

        // The built binaries, driven as a person drives them.
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "hypeclip", "hypeclip-worker", "HypeCatalogue", "HypeChat", "HypeCore", "HypeWorkerLink", logging,
            ],
            swiftSettings: strict
        ),
    ],
    swiftLanguageModes: [.v6]
)

// Only `make bench` builds the benchmark program.
if Context.environment["HYPECLIP_BENCH"] != nil {
    package.targets.append(
        .executableTarget(
            name: "hypeclip-bench",
            dependencies: ["HypeCore", "HypeChat", "HypeDSP", "HypeMedia"],
            path: "Benchmarks/hypeclip-bench",
            swiftSettings: strict
        )
    )
}
