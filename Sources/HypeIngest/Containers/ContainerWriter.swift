package import NIOCore

/// Writes a stream in the container that its reader understands.
///
/// What is written for a packet depends on that packet alone, so that a reader may begin at any of them.
package enum ContainerWriter: Hashable, Sendable {
    /// FLV, for H.264, AAC and MP3.
    case flv
    /// Matroska, for what FFmpeg 5.1 does not find in FLV.
    case matroska

    /// The container for a set of tracks.
    package init(for tracks: TrackSet) {
        self = tracks.fitsFLV ? .flv : .matroska
    }

    /// What a reader has to get first.
    ///
    /// - Parameters:
    ///   - tracks: The tracks; no others may follow.
    ///   - facts: What the publisher said of them.
    ///   - metadata: The publisher's own words, passed on in FLV.
    ///   - time: Session time of the first packet, in milliseconds.
    /// - Returns: The bytes up to the first packet.
    package func header(
        for tracks: TrackSet,
        facts: StreamFacts,
        metadata: AMF0Value?,
        time: Int64
    ) -> ByteBuffer {
        switch self {
        case .flv: FLVWriter.header(for: tracks, metadata: metadata, time: time)
        case .matroska: MatroskaWriter.header(for: tracks, facts: facts)
        }
    }

    /// A packet.
    package func bytes(of packet: MediaPacket) -> ByteBuffer {
        switch self {
        case .flv: FLVWriter.bytes(of: packet)
        case .matroska: MatroskaWriter.bytes(of: packet)
        }
    }
}
