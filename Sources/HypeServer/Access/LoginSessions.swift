package import Foundation

/// The browsers that are logged in.
///
/// A pure table: the shell tells it the time. It holds digests only, so a copy of the memory logs nobody in.
package struct LoginSessions: Sendable {
    /// How long a log-in lasts, in seconds.
    package let lifetime: Double
    /// How many log-ins are remembered; the oldest goes when there are more.
    package let capacity: Int
    private var expiries: [TokenDigest: Date] = [:]

    /// Creates an empty table.
    package init(lifetime: Duration, capacity: Int = 1024) {
        self.lifetime = Double(lifetime.components.seconds)
        self.capacity = max(1, capacity)
    }

    /// How many log-ins are remembered.
    package var count: Int { expiries.count }

    /// Logs a browser in.
    ///
    /// - Parameters:
    ///   - key: A random key of at least 128 bits, made for this browser alone.
    ///   - now: The time.
    package mutating func add(_ key: String, at now: Date) {
        expiries = expiries.filter { $0.value > now }
        if expiries.count >= capacity, let oldest = expiries.min(by: { $0.value < $1.value }) {
            expiries[oldest.key] = nil
        }
        expiries[TokenDigest(key)] = now.addingTimeInterval(lifetime)
    }

    /// Whether a key belongs to a browser that is logged in.
    package func contains(_ key: String, at now: Date) -> Bool {
        expiries[TokenDigest(key)].map { $0 > now } ?? false
    }

    /// Logs a browser out; nothing happens where it was not logged in.
    package mutating func remove(_ key: String) { expiries[TokenDigest(key)] = nil }
}
