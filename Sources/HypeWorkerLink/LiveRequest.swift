package import HypeCore

/// Asks a worker to watch a live stream until it ends or the request is given up.
///
/// One worker watches one stream. The worker keeps the last packets in memory and all of them in a spool on disk; after
/// its death the next worker gets the same request, finds the spool, and goes on where the dead one stopped.
package struct LiveRequest: Hashable, Sendable, Codable {
    /// Where faces are looked at.
    package enum Faces: String, Hashable, Sendable, Codable, CaseIterable {
        /// Around chat and voice, when ``WorkerRequest/watchLive(_:)`` asks for it.
        case onDemand
        /// All the time; observations are emitted without being asked for.
        case continuous
        /// All the time, and attention and drowsiness are measured too.
        case attentive
    }

    /// Where packets come from.
    package var source: LiveSource
    /// The instant of the machine's monotonic clock that is media time zero, in nanoseconds (`CLOCK_MONOTONIC`).
    ///
    /// Sources with a clock of their own are placed by the arrival of their first packet, again after each interruption.
    package var origin: Int64
    /// Folder of the spool, which is this session's alone.
    package var spool: String
    /// Bytes that the spool may have on disk; the oldest part goes first.
    package var spoolBytes: Int64
    /// Media time that is kept in memory at least, as far as ``ringBytes`` allows.
    package var ringSpan: Duration
    /// Bytes of packets in memory that are never exceeded.
    package var ringBytes: Int
    /// Where faces are looked at.
    package var faces: Faces
    /// Where the camera is in the picture; nil to look for it.
    package var camera: PixelRegion?
    /// Whether an address may lead into a private network or to this machine.
    package var allowsPrivateHosts: Bool

    /// Creates a request.
    package init(
        source: LiveSource,
        origin: Int64,
        spool: String,
        spoolBytes: Int64 = 8 << 30,
        ringSpan: Duration = .seconds(90),
        ringBytes: Int = 128 << 20,
        faces: Faces = .onDemand,
        camera: PixelRegion? = nil,
        allowsPrivateHosts: Bool = false
    ) {
        self.source = source
        self.origin = origin
        self.spool = spool
        self.spoolBytes = spoolBytes
        self.ringSpan = ringSpan
        self.ringBytes = ringBytes
        self.faces = faces
        self.camera = camera
        self.allowsPrivateHosts = allowsPrivateHosts
    }
}

/// Where the packets of a live stream come from.
package enum LiveSource: Hashable, Sendable, Codable {
    /// The relay of the RTMP front: FLV or Matroska at a Unix socket, with time stamps on the session's clock already.
    case relay(socket: String)
    /// A stream to be pulled: HLS, MPEG-TS over UDP, SRT, RTMP or HTTP.
    case url(String)
    /// A file that is played at real speed, once.
    case file(path: String)
    /// Devices of this machine.
    case capture(CaptureRequest)
}

/// Which devices of this machine are recorded together.
package struct CaptureRequest: Hashable, Sendable, Codable {
    /// The screen, such as `:0` (X11) or `1` (macOS); nil for none.
    package var screen: String?
    /// The microphone, such as `default` or `alsa:hw:1`; nil for none.
    package var microphone: String?
    /// What the machine plays, such as `@DEFAULT_MONITOR@`; nil for none.
    package var desktopSound: String?
    /// The webcam, such as `/dev/video0` or `0`; nil for none.
    package var camera: String?
    /// Frames per second, 1…60.
    package var frameRate: Int

    /// Creates a request.
    package init(
        screen: String? = nil,
        microphone: String? = nil,
        desktopSound: String? = nil,
        camera: String? = nil,
        frameRate: Int = 30
    ) {
        self.screen = screen
        self.microphone = microphone
        self.desktopSound = desktopSound
        self.camera = camera
        self.frameRate = frameRate
    }
}

/// Asks for the face observations of a stretch of the live stream.
///
/// Answered from what is held in memory; where a stretch is no longer there, its observations are missing and say so.
package struct LiveWatchRequest: Hashable, Sendable, Codable {
    /// The stretch, aligned to the grid of face segments; the worker waits until it is complete.
    package var interval: MediaInterval
    /// Length of a segment of the grid, which starts at time zero; each segment is analysed by itself.
    package var segment: Duration

    /// Creates a request.
    package init(interval: MediaInterval, segment: Duration) {
        self.interval = interval
        self.segment = segment
    }
}

/// Asks for a clip of the live stream.
package struct LiveCutRequest: Hashable, Sendable, Codable {
    /// What the clip should show; its start is moved to the frame that is on screen then.
    package var interval: MediaInterval
    /// Whether to wait until the stream has reached the end of the interval; else the clip ends with what is there.
    ///
    /// The wait ends early where the stream does.
    package var waits: Bool
    /// Where the clip is written; it appears there only when it is complete.
    package var output: String
    /// Instant of which a picture is wanted too, moved into the clip; nil for none.
    package var picture: MediaTime?
    /// Longest side of the picture in pixels.
    package var longestSide: Int

    /// Creates a request.
    package init(
        interval: MediaInterval,
        waits: Bool,
        output: String,
        picture: MediaTime? = nil,
        longestSide: Int = 640
    ) {
        self.interval = interval
        self.waits = waits
        self.output = output
        self.picture = picture
        self.longestSide = longestSide
    }
}
