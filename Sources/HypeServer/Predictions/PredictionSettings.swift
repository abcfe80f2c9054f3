/// What may be asked about emotions, and how long answers are kept.
package struct PredictionSettings: Hashable, Sendable {
    /// Most entries of a batch.
    package static let longestBatch = 32
    /// What a deadline may be, in milliseconds.
    package static let deadlines = 1...600_000

    /// Length of media from which on they are read in the background, unless the client says otherwise.
    package var long = Duration.seconds(60)
    /// Files that are smaller are never looked at for their length, in bytes.
    package var small: Int64 = 1 << 20
    /// Media that are read in the background at the same time, at least 1.
    package var parallel = 1
    /// Media that may wait to be read in the background, at least 1.
    package var waiting = 64
    /// How long a result is kept.
    package var lifetime = Duration.seconds(3600)
    /// Most results that are kept, the latest ones.
    package var kept = 256
    /// Most bytes of all results that are kept.
    package var keptBytes = 64 << 20
    /// Forms that are received or answered at the same time for one address.
    package var formsOfOne = 64
    /// Forms that are received or answered at the same time.
    package var forms = 128

    /// The settings that are right for one machine.
    package init() {}
}
