/// Who knows which key belongs to which session.
package protocol StreamKeys: Sendable {
    /// Decides about a publisher.
    ///
    /// - Parameters:
    ///   - app: The application that the publisher connected to, such as `live`.
    ///   - key: The key that it presented; not to be written anywhere.
    /// - Returns: The session whose key it is, or why it may not publish.
    func session(app: String, key: StreamKey) async -> StreamKeyVerdict
}

/// What becomes of a publisher.
package enum StreamKeyVerdict: Hashable, Sendable {
    /// It publishes into this session.
    case session(String)
    /// The key is wrong; too many of these and its address has to wait.
    case wrongKey
    /// It may not publish now, and why, in words for the person in front of the encoder.
    case refused(String)
}
