package import HypeCore
package import HypeMedia
package import HypeWorkerLink

/// Which part of a live stream is dead.
///
/// A pure state machine: it is shown the recorder's status four times a second and says what changed.
package struct LiveHealth: Sendable {
    /// Something to say or to do.
    package enum Finding: Sendable {
        /// A track died or came back.
        case track(LiveTrack, String?)
        /// The open source sends nothing.
        case silent(String)
        /// The source sends again.
        case resumed([StreamInfo], MediaTime)
        /// The source has been silent for too long and is to be opened anew.
        case reopen(String)
    }

    /// Silence of a source or track after which it counts as dead; health names it within 5 s.
    package static let limit: Int64 = 3_000_000_000
    /// Stretch of digital silence after which the sound counts as dead.
    package static let silence = Duration.seconds(4)
    /// Pictures without a key frame before them after which somebody is told: more than a long group.
    package static let keylessPictures = 300

    private let patience: Duration?
    private var isSilent = false
    private var opened: Int64?
    private var pictureReason: String?
    private var soundReason: String?

    /// Creates a state that has seen nothing.
    ///
    /// - Parameter patience: How long the source may be silent before it is opened anew, or nil.
    package init(patience: Duration?) {
        self.patience = patience
    }

    /// Looks at the status at an instant of the monotonic clock, in nanoseconds.
    package mutating func update(_ status: LiveRecorder.Status, sound: SoundGauge, at now: Int64) -> [Finding] {
        guard status.isOpen, !status.isOver else {
            opened = nil
            isSilent = false
            return changes(picture: nil, sound: nil)
        }
        let begin = opened ?? now
        opened = begin
        var findings: [Finding] = []
        let silence = now - max(begin, status.last?.arrival ?? begin)
        if silence > Self.limit {
            if !isSilent { findings.append(.silent("The source sends nothing. Check the program that streams.")) }
            isSilent = true
            if let patience, silence > patience.nanoseconds {
                opened = nil
                isSilent = false
                findings.append(.reopen("The source was silent for too long and is opened anew."))
            }
            return findings
        }
        if isSilent {
            isSilent = false
            findings.append(.resumed(status.streams, status.front ?? .zero))
        }
        findings += changes(
            picture: picture(status, since: begin, now: now),
            sound: self.sound(status, sound, since: begin, now: now)
        )
        return findings
    }

    private func picture(_ status: LiveRecorder.Status, since begin: Int64, now: Int64) -> String? {
        guard status.streams.contains(where: { $0.kind == .video }) else { return "the stream has no picture" }
        if status.picturesBeforeKeyFrame >= Self.keylessPictures {
            return "the stream sends no key frame: set a key frame interval of 2 s in the program that streams"
        }
        let arrival = max(begin, status.arrivals[.picture] ?? begin)
        return now - arrival > Self.limit ? "no picture comes: check the program that streams" : nil
    }

    private func sound(_ status: LiveRecorder.Status, _ gauge: SoundGauge, since begin: Int64, now: Int64) -> String? {
        guard status.streams.contains(where: { $0.kind == .audio }) else { return "the stream has no sound" }
        let arrival = max(begin, status.arrivals[.sound] ?? begin)
        if now - arrival > Self.limit { return "no sound comes: check the program that streams" }
        if let since = gauge.silentSince, let until = gauge.heardUntil, until - since >= Self.silence {
            return "the sound is silent: is the microphone muted?"
        }
        return nil
    }

    private mutating func changes(picture: String?, sound: String?) -> [Finding] {
        var findings: [Finding] = []
        if picture != pictureReason { findings.append(.track(.picture, picture)) }
        if sound != soundReason { findings.append(.track(.sound, sound)) }
        pictureReason = picture
        soundReason = sound
        return findings
    }
}
