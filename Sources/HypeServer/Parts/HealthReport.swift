/// How the server and its parts are.
package struct HealthReport: Hashable, Sendable, Codable {
    /// How a part is.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Works.
        case ok
        /// Works in part, or is about to fail.
        case degraded
        /// Does not work or was never set up.
        case missing
    }

    /// A part of the server.
    package enum Part: String, Hashable, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
        case chat, camera, mic, store, worker, predict, disk, models
    }

    /// How one part is.
    package struct Entry: Hashable, Sendable, Codable {
        /// How it is.
        package var state: State
        /// Why it is not ``State/ok``, with the remedy; nil otherwise.
        package var reason: String?

        /// Creates an entry.
        package init(_ state: State, _ reason: String? = nil) {
            self.state = state
            self.reason = reason
        }
    }

    /// The worst of the parts that every installation needs: store, worker, disk and models.
    package var status: State
    /// The version of the program.
    package var version: String
    /// Seconds since the start.
    package var uptime: Double
    /// Sessions that run.
    package var sessions: Int
    /// Each part.
    package var parts: [Part: Entry]

    /// Creates a report; ``status`` follows from the parts.
    package init(version: String, uptime: Double, sessions: Int, parts: [Part: Entry]) {
        self.version = version
        self.uptime = uptime
        self.sessions = sessions
        self.parts = parts
        let needed = [Part.store, .worker, .disk, .models].compactMap { parts[$0]?.state }
        status = needed.contains(.missing) ? .missing : needed.contains(.degraded) ? .degraded : .ok
    }
}

/// Knows how the server is.
package protocol HealthSource: Sendable {
    /// How everything is now; quick enough to be asked every second.
    func health() async -> HealthReport
}
