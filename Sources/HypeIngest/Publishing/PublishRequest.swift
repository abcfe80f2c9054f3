/// A publisher that wants to send a stream.
package struct PublishRequest: Sendable {
    /// The application that it connected to, such as `live`.
    package var app: String
    /// The key that it presented.
    package var key: StreamKey
    /// What its encoder calls itself, such as `FMLE/3.0 (compatible; FMSc/1.0)`; at most 128 characters.
    package var encoder: String?

    /// Creates a request.
    package init(app: String, key: StreamKey, encoder: String?) {
        self.app = app
        self.key = key
        self.encoder = encoder
    }
}

extension PublishRequest: Hashable {
    package static func == (left: PublishRequest, right: PublishRequest) -> Bool {
        left.app == right.app && left.encoder == right.encoder && left.key.matches(right.key)
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(app)
        hasher.combine(encoder)
    }
}
