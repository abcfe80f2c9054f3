package import HypeChat
package import HypeCore
package import HypeMoments
package import HypeWorkerLink

/// What a live session knows and decides, without any clock, socket or file.
///
/// ``LiveRun`` tells it what happened and when, and does what it answers.
package struct LiveCore: Sendable {
    /// What a session begins with.
    package struct Options: Sendable {
        /// Thresholds, with the chat lag of the channel.
        package var moments: MomentSettings
        /// What is taken for a spike, with the ordinary level where the channel is known.
        package var chat = SpikeDetector.Settings()
        /// Monotonic instant of media time zero in nanoseconds.
        package var origin: Int64
        /// Why there is no chat yet, for a person.
        package var chatReason: String

        /// Creates options.
        package init(moments: MomentSettings, origin: Int64, chatReason: String) {
            self.moments = moments
            self.origin = origin
            self.chatReason = chatReason
        }
    }

    /// Something to be done.
    package enum Effect: Sendable {
        /// Tell what a detector saw.
        case observation(Observation)
        /// Tell how loud it is.
        case level(LiveLevel)
        /// Carry out what the director orders.
        case order(LiveDirector.Order)
        /// A part became better or worse.
        case parts([Session.Part])
    }

    /// By how much the rule's clock is behind the stream: what the detectors need to see the present.
    private static let ruleDelay: Duration = .seconds(2)

    private var clock: LiveClock
    private var chat: LiveChat
    private var director: LiveDirector
    private var parts: LiveParts
    private var told: [Session.Part] = []

    /// Creates a session that has seen nothing.
    package init(_ options: Options) {
        clock = LiveClock(origin: options.origin)
        chat = LiveChat(missing: options.chatReason, settings: options.chat)
        director = LiveDirector(settings: options.moments)
        parts = LiveParts(chat: options.chatReason)
    }

    /// The stream's present media time.
    ///
    /// - Parameter monotonic: The present instant in nanoseconds.
    /// - Returns: Zero before the first packet.
    package func position(at monotonic: Int64) -> MediaTime {
        clock.isRunning ? max(.zero, clock.media(at: monotonic)) : .zero
    }
    /// How late chat reacts, as it is assumed now.
    package var chatLag: Duration { director.chatLag }
    /// How much faster the sender's clock runs, in parts per million; nil until that is known.
    package var drift: Double? { clock.drift }
    /// The ordinary level of the chat, to be remembered for the channel; nil until it is known.
    package var chatPrior: SpikeDetector.BaselinePrior? { chat.prior }
    /// How each part is.
    package var health: [Session.Part] { parts.all }

    /// A number for a clip that a person asked for.
    package mutating func takeClipNumber() -> Int { director.takeClipNumber() }

    /// Time passes; to be called a few times per second.
    package mutating func tick(at monotonic: Int64) -> [Effect] {
        parts.tick(at: monotonic)
        // Before the first packet nobody knows what media time it is.
        guard clock.isRunning else { return partsIfChanged() }
        let now = position(at: monotonic)
        var effects = chat.advance(to: now).flatMap { see($0) }
        effects += director.advance(to: now - Self.ruleDelay).map(Effect.order)
        return effects + partsIfChanged()
    }

    /// A detector of the worker saw something.
    package mutating func take(_ observations: [Observation]) -> [Effect] {
        observations.flatMap { see($0) }
    }

    /// Somebody spoke.
    package mutating func heard(_ speech: [MediaInterval]) { director.heard(speech) }

    /// The worker says how the stream is.
    package mutating func take(_ report: LiveReport, at monotonic: Int64) -> [Effect] {
        parts.take(report, at: monotonic)
        var effects: [Effect] = []
        switch report {
        case .clock(let sample): clock.add(media: sample.media, arrival: sample.arrival)
        case .level(let level): effects.append(.level(level))
        case .opened, .waiting, .track, .attention, .spool: break
        }
        return effects + partsIfChanged()
    }

    /// The worker died; what it had said stays said.
    package mutating func workerDied() -> [Effect] {
        parts.workerDied()
        return partsIfChanged()
    }

    /// The encoder went away; packets that come mean that it is back.
    ///
    /// - Parameters:
    ///   - reason: Why, for a person.
    ///   - monotonic: When, in nanoseconds of the monotonic clock.
    /// - Returns: What follows.
    package mutating func source(isGone reason: String, at monotonic: Int64) -> [Effect] {
        parts.sourceLeft(reason, at: monotonic)
        return partsIfChanged()
    }

    /// Lines of chat came.
    ///
    /// - Parameters:
    ///   - events: The lines.
    ///   - wall: Nanoseconds since 1970 when they came.
    ///   - monotonic: The same instant on the monotonic clock, in nanoseconds.
    package mutating func take(_ events: [ChatEvent], wall: Int64, monotonic: Int64) {
        guard clock.isRunning else { return }
        for event in events { chat.take(event, wall: wall, monotonic: monotonic, stream: clock) }
    }

    /// The chat came or went.
    ///
    /// - Parameter part: How it is; anything but missing counts as there.
    /// - Returns: What follows.
    package mutating func chat(is part: Session.Part) -> [Effect] {
        parts.set(.chat, part.state, part.reason)
        if part.state == .missing {
            chat.disconnect(part.reason ?? "the chat is away")
        } else {
            chat.connect()
        }
        return partsIfChanged()
    }

    /// The stream is over: what waits is decided with what is known.
    package mutating func finish(at monotonic: Int64) -> [Effect] {
        guard clock.isRunning else { return [] }
        let end = position(at: monotonic)
        var effects = chat.advance(to: end + LiveChat.grace).flatMap { see($0) }
        effects += director.finish(at: end).map(Effect.order)
        return effects
    }

    private mutating func see(_ observation: Observation) -> [Effect] {
        [.observation(observation)] + director.ingest(observation).map(Effect.order)
    }

    private mutating func partsIfChanged() -> [Effect] {
        guard parts.all != told else { return [] }
        told = parts.all
        return [.parts(told)]
    }
}
