package import HypeCore
package import HypeWorkerLink

/// How the parts of a live session are, judged by what is heard of them and by silence.
package struct LiveParts: Sendable {
    /// A source without a packet for so long counts as dead, and so does a worker that says nothing.
    package static let longestSilence: Duration = .seconds(3)

    /// How long packets of a source that left may be on their way through the processes.
    private static let onTheWay: Duration = .milliseconds(500)

    private var parts: [Session.Part.Name: Session.Part]
    /// When the last packet came; nil before the first and once the source is gone.
    private var lastPacket: Int64?
    /// Packets that came until then do not mean that the source is back.
    private var leftAt = Int64.min
    private var lastReport: Int64?

    /// Creates the parts of a session that begins.
    ///
    /// - Parameter chat: Why there is no chat yet, for a person.
    package init(chat: String) {
        parts = [
            .source: Session.Part(.source, .missing, "waiting for the stream"),
            .picture: Session.Part(.picture, .missing, "no picture yet"),
            .sound: Session.Part(.sound, .missing, "no sound yet"),
            .chat: Session.Part(.chat, .missing, chat),
            .worker: Session.Part(.worker, .degraded, "being started"),
            .spool: Session.Part(.spool, .ok),
        ]
    }

    /// All parts, in the order of their names' cases.
    package var all: [Session.Part] { Session.Part.Name.allCases.compactMap { parts[$0] } }

    /// How one part is.
    package subscript(_ name: Session.Part.Name) -> Session.Part {
        parts[name] ?? Session.Part(name, .missing)
    }

    /// Sets how a part is.
    package mutating func set(_ name: Session.Part.Name, _ state: Session.Part.State, _ reason: String? = nil) {
        parts[name] = Session.Part(name, state, state == .ok ? nil : reason)
    }

    /// The worker died and is being started again.
    package mutating func workerDied() {
        set(.worker, .degraded, "the media worker ended and is being started again")
        lastReport = nil
    }

    /// The source went away.
    ///
    /// - Parameters:
    ///   - reason: Why, for a person.
    ///   - monotonic: When, in nanoseconds of the monotonic clock.
    package mutating func sourceLeft(_ reason: String, at monotonic: Int64) {
        lastPacket = nil
        leftAt = monotonic + Self.onTheWay.nanoseconds
        set(.source, .missing, reason)
    }

    /// Takes what the worker says.
    ///
    /// - Parameters:
    ///   - report: What it says.
    ///   - monotonic: When, in nanoseconds of the monotonic clock.
    package mutating func take(_ report: LiveReport, at monotonic: Int64) {
        lastReport = monotonic
        set(.worker, .ok)
        switch report {
        case .opened(let media, _):
            lastPacket = monotonic
            set(.source, .ok)
            set(.picture, media.video == nil ? .missing : .ok, "the stream has no picture")
            set(.sound, media.audio == nil ? .missing : .ok, "the stream has no sound")
        case .waiting(let reason):
            lastPacket = nil
            set(.source, .missing, reason)
        case .clock(let sample):
            guard sample.arrival > max(lastPacket ?? .min, leftAt) else { break }
            lastPacket = sample.arrival
            set(.source, .ok)
        case .track(let track, let reason):
            let name: Session.Part.Name = track == .picture ? .picture : .sound
            set(name, reason == nil ? .ok : .missing, reason)
        case .spool(_, _, let reason):
            set(.spool, reason == nil ? .ok : .degraded, reason)
        case .level, .attention:
            break
        }
    }

    /// Judges silence.
    ///
    /// - Parameter monotonic: The present instant in nanoseconds of the monotonic clock.
    package mutating func tick(at monotonic: Int64) {
        if let lastPacket, monotonic - lastPacket > Self.longestSilence.nanoseconds, self[.source].state == .ok {
            set(.source, .degraded, "no packets for more than \(Self.longestSilence.components.seconds) s")
        }
        if let lastReport, monotonic - lastReport > Self.longestSilence.nanoseconds, self[.worker].state == .ok {
            set(.worker, .degraded, "the media worker has said nothing for a while")
        }
    }
}
