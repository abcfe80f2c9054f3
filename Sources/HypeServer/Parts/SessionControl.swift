package import HypeCore

/// Starts and stops sessions on behalf of clients.
package protocol SessionControl: Sendable {
    /// Starts a session; returns as soon as it is known, not when it is ready.
    ///
    /// - Throws: ``RequestFailure`` where it cannot be started, such as for an unknown upload.
    func start(_ request: SessionRequest) async throws -> Session
    /// Starts chat tracking for a channel.
    ///
    /// - Parameter channel: Name of the channel; nil for that of the user who is logged in.
    /// - Returns: The session.
    /// - Throws: ``RequestFailure`` where chat cannot be tracked.
    func startMonitoring(channel: String?) async throws -> Session
    /// The latest state of a session that may still run; nil where the store knows better or nothing is known.
    func running(_ id: String) async -> Session?
    /// The latest signals of a session, the oldest first; none where it is over.
    ///
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/notFound``.
    func signals(_ id: String) async throws -> [SignalReport]
    /// Stops a session; what is being cut is finished first. A session that is over stays as it is.
    ///
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/notFound``.
    func stop(_ id: String) async throws -> Session
    /// Cuts a clip around the session's present position.
    ///
    /// - Returns: Identifier of the clip; events tell how it goes on.
    /// - Throws: ``RequestFailure`` where the session is unknown or over.
    func trigger(_ id: String, _ request: TriggerRequest) async throws -> String
}

/// What a client wants to be watched: exactly one of ``upload``, ``rtmp``, ``url`` and ``capture``.
package struct SessionRequest: Sendable, Codable {
    /// Devices of the server's own machine.
    package struct Capture: Sendable, Codable, Hashable {
        /// The screen, such as `:0`; nil for none.
        package var screen: String?
        /// The microphone, such as `default`; nil for none.
        package var microphone: String?
        /// What the machine plays; nil for none.
        package var desktopSound: String?
        /// The webcam, such as `/dev/video0`; nil for none.
        package var camera: String?
        /// Frames per second, 1…60; 30 where nil.
        package var frameRate: Int?

        /// Creates a wish.
        package init(
            screen: String? = nil,
            microphone: String? = nil,
            desktopSound: String? = nil,
            camera: String? = nil,
            frameRate: Int? = nil
        ) {
            self.screen = screen
            self.microphone = microphone
            self.desktopSound = desktopSound
            self.camera = camera
            self.frameRate = frameRate
        }
    }

    /// Where faces are looked at in a live stream.
    package enum Faces: String, Sendable, Codable, CaseIterable {
        /// Around chat and voice.
        case onDemand
        /// All the time, with a gauge.
        case continuous
        /// All the time, and attention and drowsiness are measured too.
        case attentive
    }

    /// Identifier of the uploaded recording.
    package var upload: String?
    /// Name of the stream key with which an encoder will send.
    package var rtmp: String?
    /// Address of a stream to be fetched.
    package var url: String?
    /// Devices of this machine.
    package var capture: Capture?
    /// Identifier of the uploaded chat log of a recording, or nil.
    package var chat: String?
    /// Channel or name of the streamer, for the clips; of a live stream the Twitch channel whose chat is read.
    ///
    /// At most 64 characters.
    package var channel: String?
    /// How fast a recording is played; `fast` where nil.
    package var pace: Session.Pace?
    /// Where the camera is: `x,y,w,h` in pixels of the picture; nil to search.
    package var camera: String?
    /// Where faces are looked at in a live stream; the setting where nil.
    package var faces: Faces?

    /// How many sources are named; right is one.
    package var sources: Int {
        [upload != nil, rtmp != nil, url != nil, capture != nil].count { $0 }
    }

    /// Creates a request for a recording.
    package init(
        upload: String? = nil,
        chat: String? = nil,
        channel: String? = nil,
        pace: Session.Pace? = nil,
        camera: String? = nil
    ) {
        self.upload = upload
        self.chat = chat
        self.channel = channel
        self.pace = pace
        self.camera = camera
    }
}

/// "Clip that": a clip that a person wants.
package struct TriggerRequest: Sendable, Codable {
    /// What ``before`` may be, in seconds.
    package static let beforeRange = 1.0...120.0
    /// What ``after`` may be, in seconds.
    package static let afterRange = 0.0...60.0
    /// Longest headline, in characters.
    package static let longestTitle = 200

    /// Seconds before the present position, within ``beforeRange``; the setting's pre-roll where nil.
    package var before: Double?
    /// Seconds after it, within ``afterRange``; the setting's post-roll where nil.
    package var after: Double?
    /// Headline; a general one where nil.
    package var title: String?

    /// Creates a request.
    package init(before: Double? = nil, after: Double? = nil, title: String? = nil) {
        self.before = before
        self.after = after
        self.title = title
    }
}
