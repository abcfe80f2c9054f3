package import Foundation

/// How far a resumable upload is.
package struct TusState: Hashable, Sendable {
    /// Names the upload, before and after it is finished.
    package let id: String
    /// Bytes that are here, 0…`length`.
    package let offset: Int64
    /// Bytes of the whole file.
    package let length: Int64
    /// The client's metadata as it came, nil where it sent none or the upload is finished.
    package let metadata: String?
    /// When it goes if nobody goes on with it; nil once finished.
    package let expiresAt: Date?
    /// The upload, once finished.
    package let upload: Upload?
}
