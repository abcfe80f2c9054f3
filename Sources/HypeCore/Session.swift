package import Foundation

/// One stream that is watched: a recording that is played through, or a live source.
package struct Session: Hashable, Sendable, Codable, Identifiable {
    /// Where the pictures and the sound come from.
    package struct Source: Hashable, Sendable, Codable {
        /// What kind of source it is.
        package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
            /// A file that was uploaded.
            case recording
            /// A program such as OBS that sends its stream here by RTMP.
            case rtmp
            /// A stream that is fetched from an address.
            case url
            /// Screen, microphone and camera of this machine.
            case capture

            /// Whether it goes on until somebody ends it, and cannot be read again.
            package var isLive: Bool { self != .recording }
        }

        /// What kind of source it is.
        package var kind: Kind
        /// Name for people, such as the file name that the client gave.
        package var name: String
        /// Identifier of the upload that is played; nil where nothing was uploaded.
        package var upload: String?

        /// Creates a source.
        package init(kind: Kind, name: String, upload: String? = nil) {
            self.kind = kind
            self.name = name
            self.upload = upload
        }
    }

    /// How one part of a live session is.
    package struct Part: Hashable, Sendable, Codable {
        /// Which part.
        package enum Name: String, Hashable, Sendable, Codable, CaseIterable {
            /// Where packets come from.
            case source
            /// The picture.
            case picture
            /// The sound.
            case sound
            /// The chat.
            case chat
            /// The process that reads the stream.
            case worker
            /// What is kept on disk.
            case spool
        }

        /// How it is.
        package enum State: String, Hashable, Sendable, Codable, CaseIterable {
            /// Works.
            case ok
            /// Works in part, or is being mended.
            case degraded
            /// Does not work; the session goes on without it.
            case missing
        }

        /// Which part.
        package var name: Name
        /// How it is.
        package var state: State
        /// Why it is not ``State/ok``, with the remedy; nil otherwise.
        package var reason: String?

        /// Creates a description.
        package init(_ name: Name, _ state: State, _ reason: String? = nil) {
            self.name = name
            self.state = state
            self.reason = reason
        }
    }

    /// How late chat reacts on the channel.
    package struct ChatLag: Hashable, Sendable, Codable {
        /// In seconds.
        package var seconds: Double
        /// How sure that is, 0 (a default) … 1.
        package var confidence: Double

        /// Creates a lag.
        package init(seconds: Double, confidence: Double) {
            self.seconds = seconds
            self.confidence = confidence
        }
    }

    /// How fast a recording is played.
    package enum Pace: String, Hashable, Sendable, Codable, CaseIterable {
        /// As a viewer would see it; events appear when they would have happened.
        case realtime
        /// As fast as the machine can.
        case fast
    }

    /// What the session is doing.
    package enum State: String, Hashable, Sendable, Codable, CaseIterable {
        /// Getting ready: opening the source, finding the camera.
        case starting
        /// Signals are being watched.
        case running
        /// The source ended and everything was cut.
        case finished
        /// Somebody stopped it.
        case stopped
        /// It ended before its time; ``Session/reason`` says why.
        case failed

        /// Whether nothing more will happen.
        package var isOver: Bool { self == .finished || self == .stopped || self == .failed }
    }

    /// Identifier, unguessable and unique.
    package var id: String
    /// Chat channel or name of the streamer; nil where none was given.
    package var channel: String?
    /// Where the pictures and the sound come from.
    package var source: Source
    /// How fast a recording is played.
    package var pace: Pace
    /// What it is doing.
    package var state: State
    /// Why it failed or what a person should know; nil where nothing is to say.
    package var reason: String?
    /// When it was started, on the wall clock.
    package var startedAt: Date
    /// When it was over, on the wall clock; nil while it goes on.
    package var endedAt: Date?
    /// How much of the preparation is done, 0…1; nil once it runs.
    package var progress: Double?
    /// How far it has come on the media clock.
    package var position: MediaTime
    /// Length of the source in seconds; nil where it is not known.
    package var duration: Double?
    /// Clips that were saved.
    package var clips: Int
    /// What a person should know about the input.
    package var warnings: [String]
    /// How each part of a live session is; nil for recordings.
    package var parts: [Part]?
    /// How late chat reacts; nil for recordings.
    package var chatLag: ChatLag?
    /// How much faster the sender's clock runs than ours, in parts per million; nil until that is known.
    package var drift: Double?

    /// Creates a session that is getting ready.
    package init(id: String, channel: String?, source: Source, pace: Pace, startedAt: Date) {
        self.id = id
        self.channel = channel
        self.source = source
        self.pace = pace
        self.startedAt = startedAt
        state = .starting
        progress = 0
        position = .zero
        clips = 0
        warnings = []
    }
}
