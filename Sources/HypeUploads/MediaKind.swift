/// What a file is to those who look at it.
package enum MediaKind: String, Codable, Hashable, Sendable, CaseIterable {
    /// Sound without moving pictures.
    case audio
    /// Moving pictures, with or without sound.
    case video
    /// One picture.
    case image
    /// Nothing that we know.
    case unknown
}
