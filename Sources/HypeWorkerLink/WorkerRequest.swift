package import HypeCore

/// What the control plane asks of a worker.
///
/// Every request carries all that is needed to answer it, so it can be repeated on a fresh worker after a crash.
package enum WorkerRequest: Hashable, Sendable, Codable {
    /// Opens a conversation; must be the first message.
    case hello(WorkerHello)
    /// Asks what a media file contains. Answered with ``WorkerResult/media(_:)``.
    case probe(path: String)
    /// Looks for the webcam inset, and for what the face in it is like. Answered with ``WorkerResult/camera(_:)``.
    ///
    /// With a region only the face in it is looked at; without one the whole picture is searched.
    case findCamera(path: String, region: PixelRegion?)
    /// Listens to the whole recording. Emits voice observations and speech intervals.
    case listen(path: String)
    /// Looks at the face in a stretch of the recording. Emits face observations.
    case watch(WatchRequest)
    /// Cuts a clip by stream copy. Answered with ``WorkerResult/clip(_:)``.
    case cut(CutRequest)
    /// Watches a live stream. Emits ``WorkerEvent/live(_:)``, voice observations and speech intervals, and face
    /// observations where they are continuous; answered with ``WorkerResult/done`` when the stream is over for good.
    case live(LiveRequest)
    /// Looks at the face in a stretch of the live stream. Emits face observations.
    case watchLive(LiveWatchRequest)
    /// Cuts a clip of the live stream by stream copy. Answered with ``WorkerResult/clip(_:)``.
    case cutLive(LiveCutRequest)
    /// Takes a picture. Answered with ``WorkerResult/picture(_:)``.
    case picture(PictureRequest)
    /// Reads the emotion of files. Emits a ``WorkerEvent/prediction(_:)`` for each subject, and is answered with
    /// ``WorkerResult/predicted(_:)``.
    case predict(PredictRequest)
    /// Loads the nets that read emotions and runs each once, so that the first file is read as fast as the others. Answered
    /// with ``WorkerResult/done``.
    case warmUp
    /// Computes features of a file's sound. Answered with ``WorkerResult/features(_:)``.
    case features(FeaturesRequest)
    /// Asks which nets name emotions and from which confidence on. Answered with ``WorkerResult/predicted(_:)``.
    case emotionModels(PredictWish)
    /// Reports what the worker runs on. Answered with ``WorkerResult/diagnosis(_:)``.
    case diagnose
    /// Gives up a request; it is answered with a failure of code ``WorkerFailure/Code/cancelled``.
    case cancel(request: UInt64)
}

/// The first message of a conversation.
package struct WorkerHello: Hashable, Sendable, Codable {
    /// Version of the messages; both sides must have the same.
    package var protocolVersion: Int
    /// Folders that hold model files, searched in order.
    package var modelFolders: [String]
    /// Threads that a net may use for one inference, at least 1.
    package var inferenceThreads: Int

    /// The version spoken by this build.
    package static let currentVersion = 2

    /// Creates the first message.
    package init(protocolVersion: Int = Self.currentVersion, modelFolders: [String], inferenceThreads: Int = 1) {
        self.protocolVersion = protocolVersion
        self.modelFolders = modelFolders
        self.inferenceThreads = inferenceThreads
    }
}

/// Asks for the face observations of one stretch.
package struct WatchRequest: Hashable, Sendable, Codable {
    /// The file with the camera picture.
    package var path: String
    /// The stretch, aligned to the grid of face segments.
    package var interval: MediaInterval
    /// Length of a segment of the grid, which starts at time zero; each segment is analysed by itself.
    package var segment: Duration
    /// Where the camera is in the picture, or nil to look at the whole picture.
    package var camera: PixelRegion?
    /// Whether the whole picture is searched where no face is in the camera's place.
    package var maySearch: Bool
    /// Ordinary arousal of the face, 0…1, as ``CameraReport/ordinaryArousal`` gave it.
    package var ordinaryArousal: Double?

    /// Creates a request.
    package init(
        path: String,
        interval: MediaInterval,
        segment: Duration,
        camera: PixelRegion?,
        maySearch: Bool,
        ordinaryArousal: Double?
    ) {
        self.path = path
        self.interval = interval
        self.segment = segment
        self.camera = camera
        self.maySearch = maySearch
        self.ordinaryArousal = ordinaryArousal
    }
}

/// Asks for one clip.
package struct CutRequest: Hashable, Sendable, Codable {
    /// The recording.
    package var path: String
    /// What the clip should show; its start is moved to the frame that is on screen then.
    package var interval: MediaInterval
    /// Where the clip is written; it appears there only when it is complete.
    package var output: String

    /// Creates a request.
    package init(path: String, interval: MediaInterval, output: String) {
        self.path = path
        self.interval = interval
        self.output = output
    }
}

/// Asks for one picture of a recording.
package struct PictureRequest: Hashable, Sendable, Codable {
    /// The recording or a clip.
    package var path: String
    /// When the picture is on screen.
    package var time: MediaTime
    /// Longest side in pixels; smaller pictures are not enlarged.
    package var longestSide: Int

    /// Creates a request.
    package init(path: String, time: MediaTime, longestSide: Int) {
        self.path = path
        self.time = time
        self.longestSide = longestSide
    }
}
