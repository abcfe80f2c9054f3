/// What went wrong with a recording or a clip, in words for the person who gave it.
package struct MediaError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that callers tell apart.
    package enum Code: String, Hashable, Sendable, Codable {
        /// Nothing exists at the path.
        case notFound
        /// The path is a directory.
        case directory
        /// The path is a pipe, socket or device.
        case notRegularFile
        /// The file may not be read.
        case permission
        /// The file has no bytes.
        case empty
        /// No known container, or one that would open other files.
        case notMedia
        /// A container without picture and sound.
        case noStreams
        /// The file has no picture track.
        case noVideo
        /// The file has no sound track.
        case noAudio
        /// Reading failed for another reason.
        case cannotOpen
        /// No decoder for a track, or the decoder refused it.
        case cannotDecode
        /// No encoder for a track that has to be converted, or the encoder failed.
        case cannotEncode
        /// The wanted stretch has no packets.
        case nothingToCut
        /// The output could not be written.
        case cannotWrite
        /// The output's disk is full.
        case diskFull
        /// A live source broke off, or is not there yet; it can be tried again.
        case sourceLost
        /// The work was cancelled through its ``MediaInterrupt``.
        case cancelled
    }

    /// Kind of failure.
    package let code: Code
    /// What happened, and what to do about it.
    package let message: String
    /// What the operating system or FFmpeg said, where it said something.
    package let cause: String?

    /// Creates an error.
    package init(_ code: Code, _ message: String, cause: String? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message with its cause, for a log line.
    package var description: String {
        cause.map { "\(message) (\($0))" } ?? message
    }

    /// The error that cancelled work ends with.
    package static let cancelled = MediaError(.cancelled, "The work on the media file was cancelled.")
}
