/// How much a client may send, and how long that may take.
package struct UploadLimits: Hashable, Sendable {
    /// Size of one file in bytes, at least 1.
    package var bytes: Int64 = 16 << 30
    /// Bytes that stay free on the disk whatever a client sends, at least 0.
    package var reserve: Int64 = 512 << 20
    /// Parts of one form, at least 1.
    package var parts = 16
    /// Bytes of one part's headers, at least 64.
    package var headerBytes = 8 << 10
    /// Bytes of all text fields of one form together, at least 0.
    package var fieldBytes = 64 << 10
    /// How long a sender may be silent; above 0.
    package var idle = Duration.seconds(30)
    /// How long one request may take from its first to its last byte; above 0.
    package var whole = Duration.seconds(3600)
    /// Requests that send a file at the same time, at least 1; each takes up to 1.1 MiB of memory.
    package var simultaneous = 16
    /// Resumable uploads that are not finished, at least 1.
    package var unfinished = 64
    /// How long a resumable upload is kept after its last byte; above 0.
    package var lifetime = Duration.seconds(24 * 3600)

    /// The limits that are right for one streamer's machine.
    package init() {}
}
