/// What a streamer should change in the encoder, or know.
package enum IngestWarning: Hashable, Sendable {
    /// What it is about; each is given once per publisher.
    package enum Kind: String, Hashable, Sendable {
        case longKeyFrameInterval, noKeyFrame, audioOnly, videoOnly, unsupportedCodec, damagedMessages, timestampLeap
    }

    /// Key frames are further apart than 4 s.
    case longKeyFrameInterval(Duration)
    /// No key frame came in 12 s.
    case noKeyFrame
    /// There is no picture.
    case audioOnly
    /// There is no sound.
    case videoOnly
    /// A track is left out for its codec.
    case unsupportedCodec(String)
    /// Sound or picture messages could not be read.
    case damagedMessages
    /// The encoder's time stamps leapt; they were mended.
    case timestampLeap

    /// What it is about.
    package var kind: Kind {
        switch self {
        case .longKeyFrameInterval: .longKeyFrameInterval
        case .noKeyFrame: .noKeyFrame
        case .audioOnly: .audioOnly
        case .videoOnly: .videoOnly
        case .unsupportedCodec: .unsupportedCodec
        case .damagedMessages: .damagedMessages
        case .timestampLeap: .timestampLeap
        }
    }
}

extension IngestWarning: CustomStringConvertible {
    /// Where OBS hides the setting; its simple mode has none and takes 250 pictures (8 s at 30 per second).
    private static let remedy = "In OBS choose Settings, Output, Output Mode: Advanced, and Keyframe Interval: 2 s."

    /// A sentence for the streamer, with what to do.
    package var description: String {
        switch self {
        case .longKeyFrameInterval(let interval):
            "The key frame interval is \(interval.components.seconds) s: clips begin late and a restart loses more. "
                + Self.remedy
        case .noKeyFrame:
            "The encoder sends no key frames: nothing can be cut. " + Self.remedy
        case .audioOnly: "The stream has no picture."
        case .videoOnly: "The stream has no sound: screams and laughs cannot be heard."
        case .unsupportedCodec(let codec): "\(codec) is not supported and left out. Set H.264 and AAC in the encoder."
        case .damagedMessages: "Parts of the stream are damaged and left out."
        case .timestampLeap: "The encoder's clock leapt; the recording goes on without a gap."
        }
    }
}
