/// Which track of a stream something belongs to.
///
/// A stream has at most one picture, and sound tracks in the order of their importance: the mix first, which is what
/// most players play, then the clean microphone.
package struct TrackID: Hashable, Sendable {
    /// Picture or sound.
    package var kind: StreamInfo.Kind
    /// Number among the tracks of its kind, from 0 on.
    package var number: Int

    /// Creates an identity.
    package init(_ kind: StreamInfo.Kind, number: Int = 0) {
        self.kind = kind
        self.number = number
    }

    /// The picture.
    package static let picture = TrackID(.video)
    /// The first sound track: what viewers hear.
    package static let sound = TrackID(.audio)
    /// The second sound track: the voice by itself.
    package static let microphone = TrackID(.audio, number: 1)

    /// Position among a stream's tracks: the picture 0, the sound tracks from 1 on.
    var order: Int { kind == .video ? 0 : 1 + number }
}
