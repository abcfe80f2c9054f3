package import HypeCore

/// How late chat reacts to what happens, as far as it is known.
package struct ChatLag: Hashable, Sendable, Codable {
    /// The lag that is assumed where nothing is known.
    ///
    /// Watching, laughing and typing take viewers some 4 s; players add their own delay on top of it.
    package static let defaultLag: Duration = .seconds(4)
    /// The lags that make sense.
    package static let range: ClosedRange<Duration> = .zero ... .seconds(60)

    /// How long chat takes to react.
    package var lag: Duration
    /// How sure the estimate is, 0 (a default) … 1.
    package var confidence: Double
    /// How many chat bursts it was estimated from.
    package var bursts: Int

    /// Creates a lag, moved into ``range``.
    package init(lag: Duration = ChatLag.defaultLag, confidence: Double = 0, bursts: Int = 0) {
        self.lag = min(max(lag, Self.range.lowerBound), Self.range.upperBound)
        self.confidence = confidence
        self.bursts = bursts
    }

    private enum CodingKeys: String, CodingKey { case lag, confidence, bursts }

    /// Reads an object with the lag in seconds.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            lag: MediaTime(seconds: try container.decode(Double.self, forKey: .lag)) - MediaTime.zero,
            confidence: try container.decode(Double.self, forKey: .confidence),
            bursts: try container.decode(Int.self, forKey: .bursts)
        )
    }

    /// Writes an object with the lag in seconds.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(lag.inSeconds, forKey: .lag)
        try container.encode(confidence, forKey: .confidence)
        try container.encode(bursts, forKey: .bursts)
    }

    /// The stretch of the event that chat talks about.
    package func corrected(_ interval: MediaInterval) -> MediaInterval {
        MediaInterval(start: interval.start - lag, end: interval.end - lag)
    }
}
