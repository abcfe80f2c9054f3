/// How long things are kept; nil switches a limit off.
package struct RetentionSettings: Hashable, Sendable {
    /// Age from which on a clip is deleted.
    package var clipAge: Duration?
    /// Clips that there may be, those to be kept among them; at least 0.
    package var clipCount: Int?
    /// Bytes that files of clips may take, those to be kept among them; at least 0.
    package var clipBytes: Int64?
    /// Bytes of the disk that shall stay free; below that, clips are deleted, the oldest first.
    package var freeBytes: Int64? = 2 << 30
    /// Age up to which a clip is deleted for nothing but a full disk, so that there is time to look at it and keep it.
    package var grace: Duration = .seconds(600)
    /// Whether recordings are kept after their session is over.
    package var keepsRecordings = false
    /// Age from which on events are forgotten; clients that were away for longer miss them.
    package var eventAge: Duration? = .seconds(30 * 86_400)
    /// How often everything is looked at; new clips and ended sessions are looked at when they come.
    package var interval: Duration = .seconds(600)

    /// Creates settings with default values.
    package init() {}
}
