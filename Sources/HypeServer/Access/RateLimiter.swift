/// Counts what each address does and says when it is too much: a token bucket per address.
///
/// A pure state machine: the shell tells it the time. The table is bounded; where it is full, the address that has been quiet the
/// longest is forgotten, which can only be to the benefit of that address.
package struct RateLimiter: Sendable {
    private struct Bucket {
        /// Deeds that are still allowed, 0…burst.
        var level: Double
        /// When ``level`` was computed.
        var time: Duration
    }

    /// How often at once.
    package let burst: Double
    /// How often per second in the long run.
    package let perSecond: Double
    /// Addresses that are remembered.
    package let capacity: Int
    private var buckets: [String: Bucket] = [:]

    /// Creates a limiter.
    package init(_ rate: ServerSettings.Rate, capacity: Int = 4096) {
        burst = Double(max(1, rate.burst))
        perSecond = rate.perMinute / 60
        self.capacity = max(1, capacity)
    }

    /// How many addresses are remembered.
    package var count: Int { buckets.count }

    /// Asks for one deed.
    ///
    /// - Parameters:
    ///   - address: Who wants to do it.
    ///   - now: Time since any fixed instant; never goes back.
    /// - Returns: Nil where it is allowed, else how many seconds to wait, at least 1.
    package mutating func take(_ address: String, at now: Duration) -> Int? {
        var bucket = buckets[address] ?? Bucket(level: burst, time: now)
        let passed = max(0, (now - bucket.time) / .seconds(1))
        bucket.level = min(burst, bucket.level + passed * perSecond)
        bucket.time = now
        defer { remember(bucket, for: address, at: now) }
        guard bucket.level >= 1 else { return max(1, Int(((1 - bucket.level) / perSecond).rounded(.up))) }
        bucket.level -= 1
        return nil
    }

    private mutating func remember(_ bucket: Bucket, for address: String, at now: Duration) {
        if buckets[address] == nil, buckets.count >= capacity {
            let (burst, perSecond) = (burst, perSecond)
            buckets = buckets.filter { $0.value.level + ((now - $0.value.time) / .seconds(1)) * perSecond < burst }
            if buckets.count >= capacity, let quietest = buckets.min(by: { $0.value.time < $1.value.time }) {
                buckets[quietest.key] = nil
            }
        }
        buckets[address] = bucket
    }
}
