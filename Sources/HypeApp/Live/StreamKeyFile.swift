import Foundation
package import HypeIngest

/// The stream keys of an installation, in a file that only its owner may read.
package struct StreamKeyFile: Sendable {
    /// One key.
    package struct Entry: Codable, Sendable, Hashable {
        /// What it is called.
        package var name: String
        /// What an encoder presents.
        package var key: String
        /// The Twitch channel that belongs to the stream; nil for none.
        package var channel: String?

        /// Creates an entry.
        package init(name: String, key: String, channel: String?) {
            self.name = name
            self.key = key
            self.channel = channel
        }
    }

    /// The name of the key that every installation has.
    package static let firstName = "main"
    /// Most keys that are kept.
    package static let most = 64

    private let path: String
    package private(set) var entries: [Entry]

    /// Reads the file; where there is none, one key is made and kept.
    ///
    /// - Parameter path: Where the file is.
    /// - Throws: ``AppFailure`` where it cannot be read or written.
    package init(path: String) throws {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else {
            entries = [Entry(name: Self.firstName, key: Self.newKey(), channel: nil)]
            try write()
            return
        }
        guard let entries = try? JSONDecoder().decode([Entry].self, from: data) else {
            throw AppFailure(.failed, "\(path) holds no stream keys; repair or remove it")
        }
        self.entries = entries
    }

    /// The entry whose key was presented; nil for a wrong one.
    ///
    /// Takes the same time for every key.
    package func entry(presenting key: StreamKey) -> Entry? {
        entries.reduce(into: nil) { found, entry in
            if StreamKey(entry.key).matches(key) { found = entry }
        }
    }

    /// The entry with a name, or nil.
    package subscript(_ name: String) -> Entry? { entries.first { $0.name == name } }

    /// Adds an entry or replaces the one with its name.
    ///
    /// - Throws: ``AppFailure`` where the file cannot be written; nothing has changed then.
    package mutating func set(_ entry: Entry) throws {
        let before = entries
        entries.removeAll { $0.name == entry.name }
        entries.append(entry)
        entries.sort { $0.name < $1.name }
        do { try write() } catch {
            entries = before
            throw error
        }
    }

    /// Takes an entry away.
    ///
    /// - Throws: ``AppFailure`` where the file cannot be written; nothing has changed then.
    package mutating func remove(_ name: String) throws {
        let before = entries
        entries.removeAll { $0.name == name }
        do { try write() } catch {
            entries = before
            throw error
        }
    }

    /// 120 random bits.
    package static func newKey() -> String { RandomText.make(count: 24) }

    private func write() throws {
        do {
            let partial = path + ".part"
            let data = try JSONEncoder().encode(entries)
            try? FileManager.default.removeItem(atPath: partial)
            guard
                FileManager.default.createFile(
                    atPath: partial,
                    contents: data,
                    attributes: [.posixPermissions: 0o600]
                )
            else { throw CocoaError(.fileWriteUnknown) }
            guard rename(partial, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            throw AppFailure(.failed, "the stream keys cannot be written to \(path): \(error.localizedDescription)")
        }
    }
}
