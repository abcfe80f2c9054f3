package import Foundation
package import HypeChat
import HypeCore

/// What was learned of a channel: how late its chat reacts, and how lively it usually is.
///
/// One small JSON file for each channel, so that the next session need not learn it anew. What cannot be read or written is
/// as if nothing had been learned.
package struct ChannelMemory: Sendable {
    /// What is known of a channel.
    package struct Entry: Hashable, Sendable, Codable {
        /// How late chat reacts, in seconds.
        package var lag: Double?
        /// Distinct users per window and how they scatter.
        package var users: [Double]?
        /// Lines per window and how they scatter.
        package var lines: [Double]?
        /// When it was written.
        package var updatedAt: Date

        /// The ordinary level of the chat, or nil.
        package var prior: SpikeDetector.BaselinePrior? {
            guard let users, let lines, users.count == 2, lines.count == 2 else { return nil }
            guard (users + lines).allSatisfy({ $0.isFinite && $0 >= 0 }) else { return nil }
            return SpikeDetector.BaselinePrior(
                uniqueUsers: users[0],
                dispersion: users[1],
                lines: lines[0],
                lineDispersion: lines[1]
            )
        }

        /// Creates an entry.
        package init(lag: Duration?, prior: SpikeDetector.BaselinePrior?, updatedAt: Date) {
            self.lag = lag.map(\.inSeconds)
            users = prior.map { [$0.uniqueUsers, $0.dispersion] }
            lines = prior.map { [$0.lines, $0.lineDispersion] }
            self.updatedAt = updatedAt
        }
    }

    /// Levels that are older than this are forgotten; a channel grows and shrinks.
    private static let longestPrior: TimeInterval = 30 * 86_400

    private let folder: String

    /// Creates a memory.
    ///
    /// - Parameter folder: Where the files lie; made when something is first remembered.
    package init(folder: String) {
        self.folder = folder
    }

    /// What is known of a channel.
    ///
    /// - Parameters:
    ///   - channel: Its name in any case.
    ///   - now: The wall clock.
    /// - Returns: Nil where nothing is known.
    package func recall(_ channel: String, now: Date = Date()) -> Entry? {
        guard let data = FileManager.default.contents(atPath: path(of: channel)),
            var entry = try? JSONDecoder().decode(Entry.self, from: data)
        else { return nil }
        if now.timeIntervalSince(entry.updatedAt) > Self.longestPrior {
            entry.users = nil
            entry.lines = nil
        }
        return entry
    }

    /// Remembers what is known of a channel; fields that are nil stay as they were.
    package func remember(_ entry: Entry, of channel: String) {
        var entry = entry
        let before = recall(channel)
        entry.lag = entry.lag ?? before?.lag
        entry.users = entry.users ?? before?.users
        entry.lines = entry.lines ?? before?.lines
        guard let data = try? JSONEncoder().encode(entry) else { return }
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try? data.write(to: URL(filePath: path(of: channel)), options: .atomic)
    }

    /// Letters, digits and underscores stay; what else a name may have becomes its number, so that no name leads elsewhere.
    private func path(of channel: String) -> String {
        let name = channel.lowercased().unicodeScalars.map { scalar in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_")
                ? String(scalar) : "-" + String(scalar.value, radix: 16)
        }
        return folder + "/" + name.joined().prefix(200) + ".json"
    }
}
