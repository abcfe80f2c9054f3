package import Foundation
package import HypeCore

/// What a worker says about a request; a ``finished(_:)`` or ``failed(_:)`` is the last word on it.
package enum WorkerEvent: Hashable, Sendable, Codable {
    /// How far the request has come. Sent at least every second while work goes on, so that silence means a hang.
    case progress(WorkerProgress)
    /// Detector output in order of time.
    case observations([Observation])
    /// Stretches of speech found so far, in order of time.
    case speech([MediaInterval])
    /// What one of the files to predict expresses.
    case prediction(FilePrediction)
    /// Attention of the face of a film or a live stream rose or fell past a limit.
    case attention(AttentionAlert)
    /// How the live stream is.
    case live(LiveReport)
    /// Something a person should know that did not stop the work.
    case warning(String)
    /// The request is done.
    case finished(WorkerResult)
    /// The request cannot be done.
    case failed(WorkerFailure)
}

/// How far a request has come.
package struct WorkerProgress: Hashable, Sendable, Codable {
    /// Position in the recording up to which the work is done.
    package var position: MediaTime
    /// Where the work will end, where that is known.
    package var end: MediaTime?
    /// Position of the subject in a ``PredictRequest``; nil in other requests.
    package var subject: Int?

    /// Creates a progress report.
    package init(position: MediaTime, end: MediaTime? = nil, subject: Int? = nil) {
        self.position = position
        self.end = end
        self.subject = subject
    }
}

/// The answer to a request.
package enum WorkerResult: Hashable, Sendable, Codable {
    /// The greeting is accepted.
    case welcome(WorkerIdentity)
    /// What the file contains.
    case media(MediaInfo)
    /// Where the camera is.
    case camera(CameraReport)
    /// Everything was emitted.
    case done
    /// The clip is on disk.
    case clip(CutReport)
    /// A picture, or nil where nothing is on screen then.
    case picture(Picture?)
    /// The models that name emotions: those that answered for the files, or all where no files were given.
    case predicted([ModelIdentity])
    /// The features are computed, and the files that were asked for are on disk.
    case features(FeaturesReport)
    /// What the worker runs on.
    case diagnosis([DiagnosisLine])
}

/// Who answers at the other end.
package struct WorkerIdentity: Hashable, Sendable, Codable {
    /// Version of the messages it speaks.
    package var protocolVersion: Int
    /// Its process identifier.
    package var processID: Int32

    /// Creates an identity.
    package init(protocolVersion: Int, processID: Int32) {
        self.protocolVersion = protocolVersion
        self.processID = processID
    }
}

/// Where the streamer's camera is in the picture.
package struct CameraReport: Hashable, Sendable, Codable {
    /// The part of the picture to look at for faces, or nil where no face was found.
    package var region: PixelRegion?
    /// What was found, as a sentence for a person.
    package var summary: String
    /// Ordinary arousal of the face that was found, 0…1; nil where too few pictures show it.
    package var ordinaryArousal: Double?

    /// Creates a report.
    package init(region: PixelRegion?, summary: String, ordinaryArousal: Double?) {
        self.region = region
        self.summary = summary
        self.ordinaryArousal = ordinaryArousal
    }
}

/// A clip as it was written.
package struct CutReport: Hashable, Sendable, Codable {
    /// What the clip shows, on the recording's clock.
    package var interval: MediaInterval
    /// Where it was written; the ending follows the container.
    package var path: String
    /// Size of the file.
    package var bytes: Int64
    /// SHA-256 of the file, 64 hexadecimal digits.
    package var sha256: String
    /// Whether damaged packets lie in the clip.
    package var damaged: Bool
    /// The picture that was wanted with it; nil where none was, or none can be decoded.
    package var picture: Picture?

    /// Creates a report.
    package init(
        interval: MediaInterval,
        path: String,
        bytes: Int64,
        sha256: String,
        damaged: Bool,
        picture: Picture? = nil
    ) {
        self.interval = interval
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
        self.damaged = damaged
        self.picture = picture
    }
}

/// A JPEG picture.
package struct Picture: Hashable, Sendable, Codable {
    /// The file's content.
    package var jpeg: Data
    /// SHA-256 of the content, 64 hexadecimal digits.
    package var sha256: String

    /// Creates a picture.
    package init(jpeg: Data, sha256: String) {
        self.jpeg = jpeg
        self.sha256 = sha256
    }
}

/// One finding about the worker's surroundings.
package struct DiagnosisLine: Hashable, Sendable, Codable {
    /// How well it is.
    package enum Status: String, Sendable, Codable {
        /// `optional` is something that may be missing, and is.
        case ok, degraded, missing, optional
    }

    /// What was looked at.
    package var subject: String
    /// How well it is.
    package var status: Status
    /// What was found, and the remedy where there is something to mend.
    package var detail: String

    /// Creates a finding.
    package init(subject: String, status: Status, detail: String) {
        self.subject = subject
        self.status = status
        self.detail = detail
    }
}

/// Why a request could not be done.
package struct WorkerFailure: Error, Hashable, Sendable, Codable {
    /// What kind of failure it is, which decides what the control plane does.
    package enum Code: String, Sendable, Codable {
        /// The input cannot be read as media.
        case unreadableInput
        /// A model file is missing or broken.
        case model
        /// The output cannot be written.
        case output
        /// The control plane gave the request up.
        case cancelled
        /// The two sides speak different versions.
        case version
        /// The worker died or stopped answering while it worked on the request.
        case crashed
        /// Anything else.
        case other
    }

    /// What kind of failure it is.
    package var code: Code
    /// What happened and what to do about it, for a person.
    package var message: String

    /// Creates a failure.
    package init(code: Code, message: String) {
        self.code = code
        self.message = message
    }
}

extension WorkerFailure: CustomStringConvertible {
    /// The message.
    package var description: String { message }
}
