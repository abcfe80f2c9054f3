package import Foundation
package import HypeCore

/// Everything that went into the rule and came out of it, so that the decisions can be made again.
///
/// Stored as JSON lines: first a header with the settings, then one line for each entry. Times are seconds of media time.
package struct DecisionLog: Hashable, Sendable {
    /// One thing that happened.
    package enum Entry: Hashable, Sendable {
        /// The rule was given an observation.
        case observation(Observation)
        /// The chat lag was changed.
        case chatLag(Duration)
        /// Media time passed.
        case advance(MediaTime)
        /// The stream ended.
        case finish(MediaTime)
        /// The rule said something.
        case action(MomentRule.Action)
    }

    /// What the first line names as its format.
    package static let format = "hypeclip-decisions"
    /// The version of the format that is written, and the only one that is read.
    package static let version = 1

    /// The thresholds of the rule.
    package var settings: MomentSettings
    /// What happened, in order.
    package var entries: [Entry]

    /// Creates a log.
    package init(settings: MomentSettings, entries: [Entry] = []) {
        self.settings = settings
        self.entries = entries
    }

    /// What the rule said when the log was made.
    package var actions: [MomentRule.Action] {
        entries.compactMap { entry in
            guard case .action(let action) = entry else { return nil }
            return action
        }
    }

    /// Gives a new rule the same input, and returns what it says.
    package func replay() -> [MomentRule.Action] {
        var rule = MomentRule(settings: settings)
        var actions: [MomentRule.Action] = []
        for entry in entries {
            switch entry {
            case .observation(let observation): actions += rule.ingest(observation)
            case .chatLag(let lag): rule.chatLag = lag
            case .advance(let time): actions += rule.advance(to: time)
            case .finish(let time): actions += rule.finish(at: time)
            case .action: break
            }
        }
        return actions
    }
}

extension DecisionLog {
    private struct Header: Codable {
        var format: String
        var version: Int
        var settings: MomentSettings
    }

    /// The first line of the file, with a line feed.
    package func header() throws(MomentError) -> Data {
        try Self.line(Header(format: Self.format, version: Self.version, settings: settings))
    }

    /// The whole file.
    package func data() throws(MomentError) -> Data {
        var data = try header()
        for entry in entries { data += try Self.line(entry) }
        return data
    }

    /// One line of the file, with a line feed.
    package static func line(_ entry: Entry) throws(MomentError) -> Data {
        try line(entry as any Encodable)
    }

    /// Reads a file.
    ///
    /// - Parameter data: JSON lines; empty lines are skipped.
    /// - Throws: ``MomentError`` with code ``MomentError/Code/log`` that names the first line that cannot be read.
    package init(data: Data) throws(MomentError) {
        let lines = data.split(separator: UInt8(ascii: "\n"))
        guard let first = lines.first else { throw MomentError(.log, "The decision log is empty.") }
        let header: Header = try Self.read(first, number: 1)
        guard header.format == Self.format, header.version == Self.version else {
            throw MomentError(
                .log,
                "The decision log is \(header.format) version \(header.version); this program reads \(Self.format) "
                    + "version \(Self.version)."
            )
        }
        settings = header.settings
        entries = []
        for (index, line) in lines.dropFirst().enumerated() {
            entries.append(try Self.read(line, number: index + 2))
        }
    }

    private static func line(_ value: any Encodable) throws(MomentError) -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        do {
            return try encoder.encode(value) + Data("\n".utf8)
        } catch {
            throw MomentError(.log, "A decision cannot be written to the log.", cause: error)
        }
    }

    private static func read<Value: Decodable>(_ line: Data, number: Int) throws(MomentError) -> Value {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        do {
            return try decoder.decode(Value.self, from: line)
        } catch {
            throw MomentError(.log, "Line \(number) of the decision log cannot be read.", cause: error)
        }
    }
}

extension DecisionLog.Entry: Codable {
    private enum CodingKeys: String, CodingKey {
        case observation, chatLag, advance, finish
    }

    /// Reads an object that has the entry under the name of its case; an action lies flat.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if container.contains(.observation) {
            self = .observation(try container.decode(Observation.self, forKey: .observation))
        } else if container.contains(.chatLag) {
            let seconds = try container.decode(Double.self, forKey: .chatLag)
            self = .chatLag(MediaTime(seconds: seconds) - MediaTime.zero)
        } else if container.contains(.advance) {
            self = .advance(try container.decode(MediaTime.self, forKey: .advance))
        } else if container.contains(.finish) {
            self = .finish(try container.decode(MediaTime.self, forKey: .finish))
        } else {
            self = .action(try MomentRule.Action(from: decoder))
        }
    }

    /// Writes an object that has the entry under the name of its case; an action lies flat.
    package func encode(to encoder: any Encoder) throws {
        if case .action(let action) = self {
            try action.encode(to: encoder)
            return
        }
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .observation(let observation): try container.encode(observation, forKey: .observation)
        case .chatLag(let lag): try container.encode(lag.inSeconds, forKey: .chatLag)
        case .advance(let time): try container.encode(time, forKey: .advance)
        case .finish(let time): try container.encode(time, forKey: .finish)
        case .action: break
        }
    }
}
