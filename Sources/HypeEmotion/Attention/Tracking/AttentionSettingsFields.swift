import HypeCore

extension AttentionSettings {
    /// A setting, for checks, forms and documents.
    package struct Field: Sendable {
        /// Its name in ``AttentionSettings``.
        package let name: String
        /// Values it may have, in its unit.
        package let range: ClosedRange<Double>
        /// Its unit; empty for plain numbers.
        package let unit: String
        /// Reads it, in its unit.
        package let value: @Sendable (AttentionSettings) -> Double
    }

    /// All settings.
    package static let fields: [Field] = [
        seconds("window", 10...300) { $0.window },
        Field(name: "closed", range: 0.5...0.95, unit: "") { $0.closed },
        Field(name: "reopened", range: 0.3...0.95, unit: "") { $0.reopened },
        Field(name: "drowsy", range: 0.02...0.9, unit: "") { $0.drowsy },
        Field(name: "awake", range: 0.01...0.9, unit: "") { $0.awake },
        Field(name: "knownShare", range: 0.1...1, unit: "") { $0.knownShare },
        seconds("microsleepAfter", 0.2...10) { $0.microsleepAfter },
        Field(name: "yawn", range: 0.2...1.5, unit: "") { $0.yawn },
        Field(name: "yawnEnd", range: 0.1...1.5, unit: "") { $0.yawnEnd },
        seconds("yawnAfter", 0.5...10) { $0.yawnAfter },
        Field(name: "gazeLimit", range: 5...80, unit: "°") { $0.gazeLimit },
        Field(name: "gazeEnd", range: 3...80, unit: "°") { $0.gazeEnd },
        seconds("gazeAfter", 0.5...30) { $0.gazeAfter },
        seconds("faceLostAfter", 0.5...60) { $0.faceLostAfter },
        seconds("release", 0...5) { $0.release },
        seconds("tolerance", 0...60) { $0.tolerance },
        seconds("maximumGap", 0.05...2) { $0.maximumGap },
        seconds("eyeCalibration", 1...60) { $0.eyeCalibration },
        seconds("gazeCalibration", 1...120) { $0.gazeCalibration },
        seconds("memory", 10...3600) { $0.memory },
    ]

    private static func seconds(
        _ name: String,
        _ range: ClosedRange<Double>,
        _ value: @escaping @Sendable (AttentionSettings) -> Duration
    ) -> Field {
        Field(name: name, range: range, unit: "s") { value($0).inSeconds }
    }
}
