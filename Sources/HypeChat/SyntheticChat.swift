package import HypeCore

/// Makes up the chat of a stream: ordinary talk with the statistics of real chat, bursts, and things that look like bursts.
///
/// Talk is a Poisson process whose rate wanders (a log-normal Ornstein-Uhlenbeck process). Together with the bursts of
/// ``naturalEvents(seed:over:perHour:)`` counts scatter as in 77 recordings of two large channels: variance over mean of
/// 10 s counts about 16 at 154 messages per minute, of which the wandering makes 5 to 6. Who talks follows Zipf's law, and
/// whoever talked lately is likely to go on. The same seed gives the same chat on every machine.
package struct SyntheticChat: Sendable {
    /// What happens in the stream or is done to its chat.
    package enum Event: Hashable, Sendable {
        /// Something exciting happens; chat reacts after ``Settings/reactionLag`` with a rise to `peak` times the
        /// ordinary rate within some 10 s, half of which is gone 7.5 s later.
        case hype(at: MediaTime, peak: Double = 6)
        /// The chat laughs about something of its own: as a burst, nearly all laughter.
        case laughter(at: MediaTime, peak: Double = 4)
        /// Somebody gives away subscriptions: so many lines of the platform in 8 s.
        case giftStorm(at: MediaTime, gifts: Int = 50)
        /// Another channel sends so many viewers, who all say hello within 40 s.
        case raid(at: MediaTime, viewers: Int = 150)
        /// One user writes so many messages in 20 s.
        case soloFlood(at: MediaTime, messages: Int = 60)
        /// Three users write the same over and over: so many messages in 20 s.
        case spam(at: MediaTime, messages: Int = 60)
        /// So many new accounts write the same text within 2 s.
        case botNet(at: MediaTime, accounts: Int = 40)

        /// When it happens.
        package var time: MediaTime {
            switch self {
            case .hype(let at, _), .laughter(let at, _), .giftStorm(let at, _), .raid(let at, _),
                .soloFlood(let at, _), .spam(let at, _), .botNet(let at, _):
                at
            }
        }
    }

    /// What the chat is like.
    package struct Settings: Hashable, Sendable {
        /// Decides everything that is left to chance.
        package var seed: UInt64
        /// The stretch that gets chat.
        package var interval: MediaInterval
        /// Ordinary messages per minute; channel A had a median of 154, small channels have 2 … 40.
        package var messagesPerMinute = 154.0
        /// Standard deviation of the logarithm of the wandering rate.
        package var variability = 0.48
        /// How fast the rate wanders, in seconds.
        package var variabilitySeconds = 14.0
        /// How many people might talk.
        package var population = 6000
        /// Part of the ordinary messages that are written by somebody who talked just before.
        package var talkativeness = 0.45
        /// Part of a burst's messages that are written by somebody who talked just before.
        package var burstTalkativeness = 0.15
        /// Part of ordinary messages that are laughter.
        package var laughter = 0.16
        /// Time from something exciting to the beginning of the chat's rise: the delay of the stream and of typing.
        package var reactionLag: Duration = .seconds(5)

        /// Creates settings.
        package init(seed: UInt64, interval: MediaInterval) {
            self.seed = seed
            self.interval = interval
        }
    }

    /// What the chat is like.
    package let settings: Settings
    /// What happens.
    package let events: [Event]

    /// Creates a chat to be.
    package init(settings: Settings, events: [Event] = []) {
        self.settings = settings
        self.events = events.sorted { $0.time < $1.time }
    }

    /// The chat, by time; times are whole milliseconds.
    package func messages() -> [ChatMessage] {
        var generator = SyntheticTalk(settings)
        let start = settings.interval.start
        let seconds = Int(settings.interval.duration.nanoseconds / 1_000_000_000)
        for second in 0..<max(0, seconds) {
            let time = start + .seconds(second)
            let bursts = events.compactMap { burst($0, at: time + .milliseconds(500)) }
            generator.talk(at: time, bursts: bursts)
        }
        for event in events where settings.interval.contains(event.time) { generator.add(event) }
        return generator.messages.filter { settings.interval.contains($0.time) }.sortedByTime()
    }

    /// Bursts as they happen in the course of a stream.
    ///
    /// Their peaks are log-normal with a median of 6.6 times the ordinary rate and 80 % between 3.5 and 12.6, as the
    /// strongest bursts of a real channel; their distances are exponential.
    /// - Parameters:
    ///   - seed: Decides everything that is left to chance.
    ///   - interval: Where they happen.
    ///   - perHour: How many on average, above 0.
    /// - Returns: The bursts by time.
    package static func naturalEvents(seed: UInt64, over interval: MediaInterval, perHour: Double = 2.2) -> [Event] {
        var random = SplitMix64(seed: seed ^ 0x6e61_7475_7261_6c)
        var events: [Event] = []
        let chance = perHour / 3600
        for second in 0..<Int(interval.duration.inSeconds) where random.happens(chance) {
            let peak = 6.6 * SplitMix64.exponential(0.5 * random.normal())
            events.append(.hype(at: interval.start + .seconds(second), peak: peak))
        }
        return events
    }

    /// How much a burst adds to the rate at an instant, in ordinary rates; nil where nothing.
    private func burst(_ event: Event, at time: MediaTime) -> (height: Double, laughter: Double)? {
        let (at, peak, laughter): (MediaTime, Double, Double)
        switch event {
        case .hype(let start, let height): (at, peak, laughter) = (start, height, settings.laughter * 1.5)
        case .laughter(let start, let height): (at, peak, laughter) = (start, height, 0.9)
        default: return nil
        }
        let height = Self.burstShape(seconds: (time - at - settings.reactionLag).inSeconds) * (peak - 1)
        return height > 0.01 ? (height, laughter) : nil
    }

    /// The course of a burst, 0…1: up by a smooth step, down by halves.
    ///
    /// From 10 to 90 % in 10 s, then half every 7.5 s, as the median burst of two real channels.
    /// - Parameter seconds: Time since the rise began.
    /// - Returns: 1 at the peak, 0 before the rise.
    package static func burstShape(seconds: Double) -> Double {
        let rise = 16.4
        guard seconds > 0 else { return 0 }
        if seconds < rise {
            let part = seconds / rise
            return part * part * (3 - 2 * part)
        }
        return SplitMix64.exponential(-(min(seconds, 200) - rise) / 7.5 * 0.693_147_180_559_945)
    }
}
