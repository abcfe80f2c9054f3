/// How publishers are taken.
package struct IngestSettings: Hashable, Sendable {
    /// Address to listen on; the loopback by default, as RTMP is not encrypted.
    package var host: String
    /// Port to listen on; 0 for any free one.
    package var port: Int
    /// Folder for the sockets that workers read from.
    ///
    /// Made with mode 0700 where it is missing. At most 75 bytes, as a socket's path may have 100.
    package var socketFolder: String
    /// What is kept for readers.
    package var relay: RelayLimits
    /// What a publisher may send.
    package var chunks: ChunkReader.Limits
    /// How often a key may be wrong.
    package var wrongKeys: WrongKeyLimiter.Limits
    /// Whether wrong keys from this machine count; they do not by default, since one forgotten encoder would lock out
    /// all others of the machine.
    package var limitsLoopback: Bool
    /// Publishers that may be connected at once, those without a key yet included.
    package var connections: Int
    /// Time that a connection has to present its key.
    package var patience: Duration
    /// Time without a byte after which a publisher counts as gone; it is asked for a sign at a third of it.
    package var silence: Duration
    /// Time without media after which another publisher with the same key takes over.
    package var takeover: Duration

    /// Creates settings.
    package init(
        host: String = "127.0.0.1",
        port: Int = 1935,
        socketFolder: String,
        relay: RelayLimits = RelayLimits(),
        chunks: ChunkReader.Limits = ChunkReader.Limits(),
        wrongKeys: WrongKeyLimiter.Limits = WrongKeyLimiter.Limits(),
        limitsLoopback: Bool = false,
        connections: Int = 64,
        patience: Duration = .seconds(10),
        silence: Duration = .seconds(15),
        takeover: Duration = .seconds(3)
    ) {
        self.host = host
        self.port = port
        self.socketFolder = socketFolder
        self.relay = relay
        self.chunks = chunks
        self.wrongKeys = wrongKeys
        self.limitsLoopback = limitsLoopback
        self.connections = connections
        self.patience = patience
        self.silence = silence
        self.takeover = takeover
    }
}
