/// Where encoders such as OBS may send streams, and by which keys.
package protocol IngestControl: Sendable {
    /// Where encoders connect to, and the keys.
    ///
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/unsupported`` where nothing listens.
    func ingest() async throws -> IngestDocument
    /// Makes a key for another encoder or channel.
    ///
    /// - Parameters:
    ///   - name: 1 to 32 letters, digits, hyphens and underscores.
    ///   - channel: The Twitch channel that belongs to the stream; nil for none.
    /// - Returns: The key.
    /// - Throws: ``RequestFailure`` where the name is taken or the keys cannot be written.
    func makeKey(_ name: String, channel: String?) async throws -> IngestDocument.Key
    /// Gives a key a new secret, so that whoever knew the old one is locked out; a stream that runs goes on.
    ///
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/notFound``.
    func renewKey(_ name: String) async throws -> IngestDocument.Key
    /// Changes the channel of a key; counts from the next session on.
    ///
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/notFound``.
    func setChannel(_ channel: String?, ofKey name: String) async throws -> IngestDocument.Key
    /// Takes a key away.
    ///
    /// - Throws: ``RequestFailure`` with ``RequestFailure/Code/notFound``, or
    ///   ``RequestFailure/Code/conflict`` while a stream runs with it.
    func removeKey(_ name: String) async throws
}

/// What somebody puts into an encoder.
package struct IngestDocument: Sendable, Codable, Hashable {
    /// One stream key.
    package struct Key: Sendable, Codable, Hashable {
        /// What it is called.
        package var name: String
        /// What goes into the field “Stream Key”; a secret.
        package var key: String
        /// The Twitch channel that belongs to the stream; nil for none.
        package var channel: String?
        /// Identifier of the session that runs with it; nil where none does.
        package var session: String?

        /// Creates a key.
        package init(name: String, key: String, channel: String?, session: String? = nil) {
            self.name = name
            self.key = key
            self.channel = channel
            self.session = session
        }
    }

    /// What goes into the field “Server”, such as `rtmp://127.0.0.1:1935/live`.
    package var url: String
    /// All keys, in the order of their names.
    package var keys: [Key]

    /// Creates a document.
    package init(url: String, keys: [Key]) {
        self.url = url
        self.keys = keys
    }
}
