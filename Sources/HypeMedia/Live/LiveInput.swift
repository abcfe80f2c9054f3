/// A live source of packets on the session's clock.
///
/// Belongs to one thread. Calls block, and end through the ``MediaInterrupt`` that the input was opened with. An input
/// is opened once; where it breaks off, it is dropped and another one opened in its place.
package protocol LiveInput: AnyObject {
    /// The tracks of the packets that come: at most one picture, and sound in the order of its importance (the mix
    /// first, the clean microphone second); never empty.
    ///
    /// Changes only in ``next()``, with a packet that says so.
    var streams: [StreamInfo] { get }

    /// Waits for the next packet.
    ///
    /// Decoding times of each track rise, except at the beginning, where packets may come that were there before. AAC
    /// comes without ADTS headers.
    /// - Returns: The packet; nil when the source has ended for good.
    /// - Throws: ``MediaError/cancelled``, or ``MediaError`` with code `.sourceLost` where it has to be opened anew.
    func next() throws(MediaError) -> LivePacket?
}
