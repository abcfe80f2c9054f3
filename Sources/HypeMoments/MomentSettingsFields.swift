import HypeCore

extension MomentSettings {
    /// A place to read and write, which may be shared between tasks.
    typealias Place<Root, Value> = any WritableKeyPath<Root, Value> & Sendable

    /// One setting: its name in documents, its meaning and its range.
    package struct Field: Sendable {
        /// Where the value lives.
        enum Path: Sendable {
            case span(Place<MomentSettings, Duration>)
            case level(Place<MomentSettings, Double>)
            case gateSpan(Place<MomentSettings, GateSettings>, Place<GateSettings, Duration>)
            case gateLevel(Place<MomentSettings, GateSettings>, Place<GateSettings, Double>)
        }

        /// Name in JSON and in configuration, such as `chat.open`.
        package let key: String
        /// Smallest and largest value, in ``unit``.
        package let range: ClosedRange<Double>
        /// What it does, as a sentence for a person.
        package let summary: String
        let path: Path

        /// Unit of the value: `s` for seconds, empty for scores.
        package var unit: String {
            switch path {
            case .span, .gateSpan: "s"
            case .level, .gateLevel: ""
            }
        }

        /// The value that a settings struct without changes has, in ``unit``.
        package var standard: Double { value(in: MomentSettings()) }

        /// Reads the value, in ``unit``.
        package func value(in settings: MomentSettings) -> Double {
            switch path {
            case .span(let path): settings[keyPath: path].inSeconds
            case .level(let path): settings[keyPath: path]
            case .gateSpan(let gate, let path): settings[keyPath: gate][keyPath: path].inSeconds
            case .gateLevel(let gate, let path): settings[keyPath: gate][keyPath: path]
            }
        }

        /// Writes the value, in ``unit``; seconds are kept to the nanosecond.
        package func set(_ value: Double, in settings: inout MomentSettings) {
            let span = MediaTime(seconds: value) - MediaTime.zero
            switch path {
            case .span(let path): settings[keyPath: path] = span
            case .level(let path): settings[keyPath: path] = value
            case .gateSpan(let gate, let path): settings[keyPath: gate][keyPath: path] = span
            case .gateLevel(let gate, let path): settings[keyPath: gate][keyPath: path] = value
            }
        }

        func mistake(in settings: MomentSettings) -> String? {
            let value = value(in: settings)
            guard !range.contains(value) else { return nil }
            let suffix = unit.isEmpty ? "" : " \(unit)"
            return "\(key) is \(value)\(suffix), but must lie in \(range.lowerBound)...\(range.upperBound)\(suffix)."
        }
    }

    /// All settings, in the order in which the reference lists them.
    package static let fields: [Field] =
        gateFields("chat", \.chat) + gateFields("voice", \.voice) + gateFields("face", \.face) + [
            span("window", 0...30, .span(\.window), "Largest gap between two signals that still agree."),
            span("nearWindow", 0...120, .span(\.nearWindow), "Two signals within this are noted as a near miss."),
            span("coolDown", 0...600, .span(\.coolDown), "Time around a moment in which no other may begin."),
            span("lateness", 0...120, .span(\.lateness), "How late after an event its last signal may become known."),
            span("chatLag", 0...60, .span(\.chatLag), "How long chat takes to react."),
            span("chatReach", 0...60, .span(\.chatReach), "Longest stretch that a chat signal adds to a moment."),
            span("longestMoment", 1...600, .span(\.longestMoment), "Longest moment; longer ones are cut there."),
            level("strong", .level(\.strong), "Score from which a signal that stays alone is noted as a near miss."),
            span("preRoll", 0...120, .span(\.preRoll), "Time before the moment that belongs to the clip."),
            span("postRoll", 0...60, .span(\.postRoll), "Time after the moment that belongs to the clip."),
            span("shortestClip", 1...600, .span(\.shortestClip), "Shortest clip, where the recording allows it."),
            span("longestClip", 2...600, .span(\.longestClip), "Longest clip."),
            span("snap", 0...10, .span(\.snap), "How far start and end may move to fall into a speech pause."),
            span("faceSegment", 0.5...60, .span(\.faceSegment), "Grid cell in which faces are analysed on demand."),
        ]

    private static func gateFields(_ name: String, _ gate: Place<MomentSettings, GateSettings>) -> [Field] {
        [
            level("\(name).open", .gateLevel(gate, \.open), "Score at which a \(name) signal opens."),
            level("\(name).close", .gateLevel(gate, \.close), "Score below which a \(name) signal calms down."),
            span("\(name).minimum", 0...30, .gateSpan(gate, \.minimum), "Shortest \(name) signal that counts."),
            span("\(name).rearm", 0.1...60, .gateSpan(gate, \.rearm), "Calm that ends a \(name) signal."),
            span("\(name).longest", 1...600, .gateSpan(gate, \.longest), "Longest \(name) signal."),
            level("\(name).plateau", .gateLevel(gate, \.plateau), "Part of the peak that extends a \(name) signal."),
        ]
    }

    private static func span(
        _ key: String,
        _ range: ClosedRange<Double>,
        _ path: Field.Path,
        _ summary: String
    ) -> Field {
        Field(key: key, range: range, summary: summary, path: path)
    }

    private static func level(_ key: String, _ path: Field.Path, _ summary: String) -> Field {
        Field(key: key, range: 0...1, summary: summary, path: path)
    }
}

extension MomentSettings: Codable {
    /// Reads an object of setting names to numbers, seconds for times; what is not named keeps its default.
    ///
    /// - Throws: `DecodingError` for a name that no setting has, so that a typing error does not go unnoticed.
    package init(from decoder: any Decoder) throws {
        self.init()
        let container = try decoder.container(keyedBy: SettingKey.self)
        for key in container.allKeys {
            guard let field = Self.fields.first(where: { $0.key == key.stringValue }) else {
                throw DecodingError.dataCorrupted(
                    .init(codingPath: [key], debugDescription: "There is no setting named \(key.stringValue).")
                )
            }
            field.set(try container.decode(Double.self, forKey: key), in: &self)
        }
    }

    /// Writes an object of all setting names to numbers, seconds for times.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: SettingKey.self)
        for field in Self.fields {
            try container.encode(field.value(in: self), forKey: SettingKey(stringValue: field.key))
        }
    }

    private struct SettingKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
