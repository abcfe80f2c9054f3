import HypeCore
import HypeUploads

/// An upload as clients see it.
struct UploadDocument: Encodable, Sendable {
    /// Names the upload in other requests.
    var uploadId: String
    /// `audio`, `video`, `image`, `chat` or `unknown`.
    var kind: String
    /// The client's name for the file.
    var name: String
    /// Size.
    var bytes: Int64
    /// SHA-256 of the content, 64 hexadecimal digits.
    var sha256: String
    /// Media type of the content.
    var mediaType: String
    /// Length in seconds; nil where it has none or nobody could look.
    var durationSeconds: Double?
    /// What it contains; nil where it is no media or nobody could look.
    var media: MediaInfo?

    /// Describes an upload.
    init(_ upload: Upload, media: MediaInfo? = nil, isChat: Bool = false) {
        uploadId = upload.id
        kind = isChat ? "chat" : upload.kind.rawValue
        name = upload.name
        bytes = upload.bytes
        sha256 = upload.sha256
        mediaType = upload.mediaType
        durationSeconds = media?.interval.duration.inSeconds
        self.media = media
    }
}
