import HypeCore

/// What a ``FrameReader`` reads packets from.
protocol PictureSource: AnyObject {
    /// Packets that were damaged or could not be read so far.
    var damagedPackets: Int { get }

    /// Reads the next picture packet; false at the end.
    func read(into holder: PacketHolder) throws(MediaError) -> Bool

    /// Moves to the last key frame at or before a time.
    ///
    /// - Returns: Its presentation time, or nil where it is the beginning.
    @discardableResult
    func seek(to target: MediaTime) throws(MediaError) -> MediaTime?

    /// Moves to the beginning.
    func rewind() throws(MediaError)
}

extension MediaSource: PictureSource {}
