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
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let deque = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let tls = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")

/// A product of swift-nio.
func nio(_ name: String) -> Target.Dependency { .product(name: name, package: "swift-nio") }
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "hypeclip",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "hypeclip", targets: ["hypeclip"]),
        .executable(name: "hypeclip-worker", targets: ["hypeclip-worker"]),
        .executable(name: "socketio-conformance-server", targets: ["socketio-conformance-server"]),
        .library(name: "SocketIO", targets: ["SocketIO"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-async-algorithms", exact: "1.1.4"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/swift-server/async-http-client.git", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // C edges: FFmpeg from apt, OpenVINO from its wheel.
        .systemLibrary(
            name: "CFFmpeg",
            pkgConfig: "libavformat libavcodec libswscale libswresample libavutil",
            providers: [
                .apt([
                    "libavformat-dev", "libavcodec-dev", "libavdevice-dev", "libavfilter-dev", "libswscale-dev",
                    "libswresample-dev",
                ])
            ]
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

        // What files are, byte for byte.
        .target(name: "HypeDigest", dependencies: [crypto, systemPackage], swiftSettings: strict),
        .testTarget(
            name: "HypeDigestTests",
            dependencies: ["HypeDigest", systemPackage],
            swiftSettings: strict
        ),

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

        // What tests of several targets need: a clock that they move, a log that they read, a certificate.
        .target(name: "TestSupport", dependencies: [logging, tls], path: "Tests/TestSupport", swiftSettings: strict),

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
        .testTarget(
            name: "HypeMediaTests",
            dependencies: ["CFFmpeg", "HypeCore", "HypeDigest", "HypeMedia"],
            swiftSettings: strict
        ),

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

        // Engine.IO and Socket.IO on NIO; a library of its own.
        .target(
            name: "SocketIO",
            dependencies: [nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"), nio("NIOWebSocket")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "socketio-conformance-server",
            dependencies: ["SocketIO", nio("NIOCore"), nio("NIOPosix")],
            swiftSettings: strict
        ),
        .testTarget(
            name: "SocketIOTests",
            dependencies: ["SocketIO", nio("NIOCore"), nio("NIOPosix"), nio("NIOHTTP1"), nio("NIOWebSocket")],
            swiftSettings: strict
        ),

        // Where clips, sessions and events are kept: in SQLite, or in MongoDB.
        .target(
            name: "HypeStore",
            dependencies: ["HypeCore", systemPackage, .product(name: "GRDB", package: "GRDB.swift")],
            swiftSettings: strict
        ),
        .target(
            name: "CMongo",
            cSettings: [.unsafeFlags(["-I/usr/include/libmongoc-1.0", "-I/usr/include/libbson-1.0"])],
            linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]
        ),
        .target(
            name: "HypeStoreMongo",
            dependencies: ["CMongo", "HypeCore", "HypeStore", nio("NIOPosix")],
            swiftSettings: strict
        ),
        .target(
            name: "ClipStoreContract",
            dependencies: ["HypeCore", "HypeStore"],
            path: "Tests/ClipStoreContract",
            swiftSettings: strict
        ),
        .target(
            name: "StoreDouble",
            dependencies: ["HypeCore", "HypeStore"],
            path: "Tests/StoreDouble",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "store-writer",
            dependencies: ["HypeCore", "HypeStore"],
            path: "Tests/StoreWriter",
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeStoreTests",
            dependencies: [
                "ClipStoreContract", "HypeCore", "HypeStore", "StoreDouble", "store-writer",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeStoreMongoTests",
            dependencies: ["ClipStoreContract", "HypeCore", "HypeStore", "HypeStoreMongo"],
            exclude: ["mongo-double"],
            swiftSettings: strict
        ),

        // Files that clients send, and files that they are sent.
        .target(name: "HypeUploads", dependencies: [nio("NIOCore"), nio("NIOPosix"), crypto], swiftSettings: strict),
        .testTarget(
            name: "HypeUploadsTests",
            dependencies: ["HypeCore", "HypeUploads", "TestSupport", crypto, nio("NIOCore"), nio("NIOPosix")],
            swiftSettings: strict
        ),

        // The event log, and whom it tells.
        .target(
            name: "HypeEvents",
            dependencies: [
                "HypeCore", "HypeStore", crypto, deque, lifecycle, logging, nio("NIOCore"), nio("NIOHTTP1"),
                nio("NIOPosix"), tls,
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeEventsTests",
            dependencies: [
                "HypeCore", "HypeEvents", "HypeStore", "StoreDouble", "TestSupport", lifecycle, logging, nio("NIOCore"),
                nio("NIOHTTP1"), nio("NIOPosix"), tls,
            ],
            swiftSettings: strict
        ),

        // Clips with their files, and how long they are kept.
        .target(
            name: "HypeLibrary",
            dependencies: ["HypeCore", "HypeDigest", "HypeEvents", "HypeStore", lifecycle, logging],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeLibraryTests",
            dependencies: [
                "HypeCore", "HypeEvents", "HypeLibrary", "HypeStore", "StoreDouble", "TestSupport", logging,
            ],
            swiftSettings: strict
        ),

        // The HTTP server and what it asks of the program around it.
        .target(name: "CHypeAssets"),
        .target(
            name: "HypeServer",
            dependencies: [
                "CHypeAssets", "HypeCore", "HypeEvents", "HypeStore", "HypeUploads", "SocketIO", crypto, lifecycle,
                logging,
                nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"), tls,
                .product(name: "AsyncAlgorithms", package: "swift-async-algorithms"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
            ],
            exclude: ["Dashboard", "openapi.json"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeServerTests",
            dependencies: [
                "HypeCore", "HypeEvents", "HypeServer", "HypeStore", "HypeUploads", "StoreDouble", "TestSupport",
                lifecycle, logging, nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"), tls,
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
            ],
            swiftSettings: strict
        ),

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
            dependencies: [
                "HypeCatalogue", "HypeCore", "HypeDSP", "HypeDigest", "HypeEmotion", "HypeInference", "HypeMedia",
                "HypeWorkerLink",
            ],
            swiftSettings: strict
        ),
        .executableTarget(name: "hypeclip-worker", dependencies: ["HypeWorker"], swiftSettings: strict),

        .testTarget(
            name: "HypeWorkerTests",
            dependencies: [
                "CFFmpeg", "HypeCatalogue", "HypeCore", "HypeDSP", "HypeDigest", "HypeEmotion", "HypeInference",
                "HypeMedia", "HypeWorker", "HypeWorkerLink", "hypeclip-worker",
            ],
            swiftSettings: strict
        ),

        // Streams that encoders push by RTMP.
        .target(
            name: "HypeIngest",
            dependencies: ["HypeCore", nio("NIOCore"), nio("NIOPosix"), logging],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeIngestTests",
            dependencies: ["HypeCore", "HypeIngest", nio("NIOCore"), nio("NIOPosix"), logging],
            swiftSettings: strict
        ),

        // Twitch: logging in, the chats of channels, its own clips.
        .target(
            name: "HypeTwitch",
            dependencies: [
                "HypeCore", "HypeChat", nio("NIOCore"), nio("NIOHTTP1"), nio("NIOPosix"), nio("NIOWebSocket"), logging,
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeTwitchTests",
            dependencies: [
                "HypeCore", "HypeChat", "HypeTwitch", logging, nio("NIOCore"), nio("NIOHTTP1"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            swiftSettings: strict
        ),

        // The control plane.
        .target(
            name: "HypeApp",
            dependencies: [
                "HypeCatalogue", "HypeCore", "HypeChat", "HypeEvaluation", "HypeEvents", "HypeLibrary", "HypeMoments",
                "HypeIngest", "HypeReport", "HypeServer", "HypeStore", "HypeStoreMongo", "HypeTwitch", "HypeUploads",
                "HypeWorkerLink", crypto, lifecycle, logging, nio("NIOPosix"), systemPackage,
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Configuration", package: "swift-configuration"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "HypeAppTests",
            dependencies: [
                "HypeApp", "HypeCatalogue", "HypeChat", "HypeCore", "HypeIngest", "HypeMoments", "HypeServer",
                "HypeWorkerLink", crypto,
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
            dependencies: [
                "HypeCore", "HypeChat", "HypeDSP", "HypeEmotion", "HypeInference", "HypeMedia", "HypeStore",
                "HypeUploads", nio("NIOCore"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Benchmarks/hypeclip-bench",
            swiftSettings: strict
        )
    )
}
