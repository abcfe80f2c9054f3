import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// Listens to a live stream on a thread of its own: voice observations, speech and loudness as they come.
///
/// The clean microphone is listened to where the stream has one. Where there is no sound, or nobody to judge it,
/// observations are missing and say why; the rest of the session goes on.
final class LiveListening: Sendable {
    /// Time between two rounds.
    private static let pause = Duration.milliseconds(100)
    /// Bytes of sound that may wait: minutes, more than any net takes to load.
    private static let patience = 8 << 20

    private let job: Job
    private let shelf: Shelf
    private let session: LiveSession
    private let tap: LiveTap

    init(job: Job, shelf: Shelf, session: LiveSession) {
        self.job = job
        self.shelf = shelf
        self.session = session
        tap = session.recorder.tap([.audio], limit: Self.patience)
    }

    func run(until interrupt: MediaInterrupt) {
        var ear = Ear(job: job, session: session, analyzer: makeAnalyzer())
        var isStopped = false
        while !isStopped {
            do throws(MediaError) {
                try interrupt.pause(for: Self.pause)
            } catch {
                isStopped = true
            }
            ear.take(tap.drain().items)
            if isStopped { ear.finish() }
            ear.report()
        }
    }

    /// The analyzer, or nil where a net cannot be loaded.
    private func makeAnalyzer() -> VoiceAnalyzer? {
        do {
            return try Listening(job: job, shelf: shelf).makeAnalyzer()
        } catch {
            let failure = WorkerFailure(describing: error)
            session.updateSound { $0.reason = failure.message }
            if failure.code != .cancelled { job.emit(.warning("Voices are not judged: \(failure.message)")) }
            return nil
        }
    }
}

/// What ``LiveListening`` knows about the sound so far; lives on its thread.
private struct Ear {
    /// Level below which a stream is silent, in dBFS; that of ``VoiceSettings/silenceLevel``.
    static let silence = -75.0
    /// Time between two levels.
    static let levelSpan = Duration.milliseconds(250)
    /// How late sound may be before it counts as missing.
    static let lateness = Duration.seconds(2)

    let job: Job
    let session: LiveSession
    var analyzer: VoiceAnalyzer?
    private var decoder: LiveSound?
    private var track = TrackID.sound
    private var problem: String?
    private var cells: MissingCells
    private var meter = LevelMeter(span: Ear.levelSpan)
    private var lastReport = ContinuousClock.now

    init(job: Job, session: LiveSession, analyzer: VoiceAnalyzer?) {
        self.job = job
        self.session = session
        self.analyzer = analyzer
        cells = MissingCells(from: session.clock.now)
    }

    mutating func take(_ items: [LiveTap.Item]) {
        var packets: [Packet] = []
        for item in items {
            switch item {
            case .tracks(let streams, _):
                hear(packets)
                packets = []
                change(to: streams)
            case .packet(let packet) where packet.trackID == track:
                packets.append(packet)
            case .packet:
                break
            }
        }
        hear(packets)
    }

    /// Hears what is left, when the stream is over.
    mutating func finish() {
        if let decoder { hear(decoder.finish()) }
        judge { try $0.finish() }
        sendSpeech()
    }

    /// Says how loud it is, and what is missing.
    mutating func report() {
        let status = session.recorder.status
        let now = ContinuousClock.now
        // Where nothing comes at all, the session's clock tells how much is missing.
        let isFlowing = status.last.map { SessionClock.monotonic - $0.arrival < 1_000_000_000 } ?? false
        let front = status.front ?? .zero
        let horizon = isFlowing ? front : max(front, session.clock.now)
        let why = reason(isFlowing: isFlowing)
        let missing = cells.missing(until: horizon - Self.lateness, because: why)
        if !missing.isEmpty {
            judge { try $0.finish() }
            job.emit(.observations(missing))
        }
        guard now - lastReport >= Self.levelSpan else { return }
        lastReport = now
        let heard = session.sound.heardUntil
        let isHeard = heard.map { horizon - $0 < .seconds(1) } ?? false
        let level = LiveLevel(
            time: isHeard ? heard ?? horizon : horizon,
            loudness: isHeard ? meter.decibels : nil,
            isSpeech: isHeard && analyzer?.openSpeech != nil
        )
        job.emit(.live(.level(level)))
    }

    private func reason(isFlowing: Bool) -> String {
        if let problem { return problem }
        if !isFlowing { return "the stream is interrupted" }
        return decoder == nil ? "the stream has no sound" : "the sound is interrupted"
    }

    private mutating func change(to streams: [StreamInfo]) {
        if let decoder { hear(decoder.finish()) }
        decoder = nil
        problem = analyzer == nil ? "voices are not judged here" : nil
        let chosen = streams.first { $0.id == .microphone } ?? streams.first { $0.id == .sound }
        guard let chosen else { return }
        track = chosen.id
        do {
            decoder = try LiveSound(chosen)
        } catch {
            problem = error.message
        }
    }

    private mutating func hear(_ packets: [Packet]) {
        guard let decoder, !packets.isEmpty else { return }
        do {
            hear(try decoder.push(packets))
        } catch {
            problem = error.message
        }
    }

    private mutating func hear(_ blocks: [AudioBlock]) {
        for block in blocks {
            meter.push(block.samples)
            let isSilent = (meter.decibels ?? Self.silence) <= Self.silence
            session.updateSound { sound in
                sound.heardUntil = block.end
                sound.silentSince = isSilent ? sound.silentSince ?? block.start : nil
            }
            judge { try $0.push(block) }
        }
        sendSpeech()
    }

    /// Asks the analyzer, and sends what it says; what was reported as missing already is not said twice.
    private mutating func judge(_ body: (VoiceAnalyzer) throws -> [Observation]) {
        guard let analyzer else { return }
        do {
            let found = try body(analyzer).map(Listening.centred).compactMap { cells.accept($0) }
            if !found.isEmpty { job.emit(.observations(found)) }
        } catch {
            // A net that fails once will fail again; the session does better without it.
            problem = "voices are not judged here"
            self.analyzer = nil
            session.updateSound { $0.reason = "\(error)" }
            job.emit(.warning("Voices are not judged any more: \(error)"))
        }
    }

    private func sendSpeech() {
        guard let analyzer, let last = analyzer.speech.last else { return }
        job.emit(.speech(analyzer.speech))
        analyzer.forgetSpeech(before: last.end + .nanoseconds(1))
    }
}
