internal import HypeCore
package import NIOCore

/// What a session keeps of its stream and what its one reader gets; a pure state machine.
///
/// The stream is a row of epochs, one for each set of tracks. A reader is served one epoch and then closed; it comes
/// back for the next. An epoch that is over stays until a reader had all of it, as far as the bytes allow. A new reader
/// begins with the oldest epoch's first group that is kept.
package struct RelayCore: Sendable {
    /// What the shell has to do for the reader.
    package enum Action: Hashable, Sendable {
        /// Send bytes.
        case write(ByteBuffer)
        /// Close the connection once everything is sent, and say ``RelayCore/readerLeft(hadEverything:)``.
        case finish
    }

    private let limits: RelayLimits
    private var epochs = [RelayEpoch()]
    private var facts = StreamFacts()
    private var metadata: AMF0Value?
    private var hasReader = false
    /// Whether the reader was told everything up to now of the first epoch.
    private var isServed = false
    /// Packets that were dropped before any reader had them, for their bytes.
    package private(set) var lostPackets = 0

    /// Creates an empty relay.
    package init(limits: RelayLimits = RelayLimits()) {
        self.limits = limits
    }

    /// Bytes that are kept.
    package var keptBytes: Int { epochs.reduce(0) { $0 + $1.cost } }
    /// The tracks of the stream now.
    package var tracks: TrackSet { epochs[epochs.count - 1].tracks }
    /// Whether the tracks of the stream are all known.
    package var isSettled: Bool { epochs[epochs.count - 1].isSettled }

    /// Takes what the publisher says of its stream; it goes into the headers of epochs that begin after it.
    package mutating func take(_ metadata: AMF0Value) {
        self.metadata = metadata
        facts = StreamFacts(metadata)
    }

    /// Takes a decoder's configuration; a changed one begins an epoch.
    package mutating func take(_ track: TrackSet.Track) -> [Action] {
        if last.accepts(track) {
            epochs[epochs.count - 1].add(track)
            return settle()
        }
        return beginEpoch(with: track)
    }

    /// Takes a packet.
    package mutating func take(_ packet: MediaPacket) -> [Action] {
        var actions: [Action] = []
        let known = last.tracks[isVideo: packet.codec.isVideo]
        if known?.codec != packet.codec {
            // A frame that nothing can decode: its configuration has not come.
            guard !packet.codec.needsConfiguration else { return [] }
            actions += take(TrackSet.Track(codec: packet.codec))
        }
        if let bytes = epochs[epochs.count - 1].append(packet) {
            if isServed, epochs.count == 1 { actions.append(.write(bytes)) }
        } else {
            actions += settle()
        }
        evict()
        return actions
    }

    /// Notes that a reader is there.
    ///
    /// - Returns: What it gets at once.
    package mutating func readerCame() -> [Action] {
        hasReader = true
        isServed = false
        return serve()
    }

    /// Notes that the reader is gone.
    ///
    /// - Parameter hadEverything: Whether all bytes before ``Action/finish`` were taken over by the system.
    package mutating func readerLeft(hadEverything: Bool) {
        if hadEverything, isServed, epochs.count > 1 { epochs.removeFirst() }
        hasReader = false
        isServed = false
    }

    private var last: RelayEpoch { epochs[epochs.count - 1] }

    private mutating func beginEpoch(with track: TrackSet.Track) -> [Action] {
        // The other track goes on with its configuration: encoders send it once.
        var tracks = last.tracks
        tracks[isVideo: track.codec.isVideo] = track
        let former = last
        let next = RelayEpoch(tracks: tracks)
        guard former.isSettled, !former.isEmpty || isServed else {
            epochs[epochs.count - 1] = next
            return []
        }
        epochs.append(next)
        return isServed && epochs.count == 2 ? [.finish] : []
    }

    private mutating func settle() -> [Action] {
        let wait = limits.settle.nanoseconds / 1_000_000
        guard epochs[epochs.count - 1].settle(facts: facts, metadata: metadata, wait: wait) else { return [] }
        return epochs.count == 1 && hasReader ? serve() : []
    }

    private mutating func serve() -> [Action] {
        guard let first = epochs.first, let header = first.header else { return [] }
        isServed = true
        let actions = [.write(header)] + first.packets.map(Action.write)
        return epochs.count > 1 ? actions + [.finish] : actions
    }

    private mutating func evict() {
        if isServed, epochs.count == 1 {
            _ = epochs[0].evict(span: limits.span.nanoseconds / 1_000_000, bytes: limits.bytes)
        }
        while keptBytes > limits.bytes {
            let allowed = limits.bytes - (keptBytes - epochs[0].cost)
            let isUnread = !isServed
            let lost = epochs[0].evict(span: nil, bytes: max(0, allowed))
            if isUnread { lostPackets += lost }
            guard epochs.count > 1 else { break }
            guard epochs[0].isEmpty, !isServed else { break }
            epochs.removeFirst()
        }
    }
}
