package import HypeCore

/// Lets through what a recording can go on with: nothing twice, nothing from the past, no picture before its key frame.
///
/// A pure state machine over packets in order of arrival. A source that is opened again may repeat what was there
/// before, as a relay does with the group of pictures in progress; the repetition is dropped and the rest joins on.
package struct PacketGate: Sendable {
    private var latest: [TrackID: MediaTime]
    private var hasKeyFrame = false
    /// Pictures that were dropped since the source was opened because no key frame had come.
    package private(set) var picturesBeforeKeyFrame = 0

    /// Creates a gate.
    ///
    /// - Parameter latest: The decoding time of each track's last packet that is already recorded.
    package init(after latest: [TrackID: MediaTime] = [:]) {
        self.latest = latest
    }

    /// Takes note that the source was opened anew or its tracks changed: the next picture must be a key frame.
    package mutating func reopen() {
        hasKeyFrame = false
        picturesBeforeKeyFrame = 0
    }

    /// Whether a packet is recorded.
    package mutating func admits(_ packet: Packet) -> Bool {
        guard let time = packet.decodingTime else { return false }
        // Without a decoding time, a picture's place in the order is not known.
        let isOrdered = packet.kind == .audio || packet.dts != nil
        let isNew = latest[packet.trackID].map { time > $0 || !isOrdered } ?? true
        if packet.kind == .video {
            // A key frame that is recorded already serves the pictures after it just as well.
            if packet.isKey {
                hasKeyFrame = true
                picturesBeforeKeyFrame = 0
            }
            guard hasKeyFrame else {
                picturesBeforeKeyFrame += 1
                return false
            }
        }
        guard isNew else { return false }
        latest[packet.trackID] = time
        return true
    }
}
