/// Names an upload: 128 random bits as 26 characters of `a-z2-7` (RFC 4648 §6, lower case).
package struct UploadID: Hashable, Sendable, LosslessStringConvertible {
    private static let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567".utf8)
    /// Characters of an id: 128 bits at 5 bits each, rounded up.
    private static let length = 26

    /// The 26 characters; safe as a file name and in an address.
    package let description: String

    /// Makes an id that cannot be guessed, from the system's random numbers.
    package init() {
        var generator = SystemRandomNumberGenerator()
        self.init(random: &generator)
    }

    init(random: inout some RandomNumberGenerator) {
        var bits = UInt128(random.next()) << 64 | UInt128(random.next())
        var characters: [UInt8] = []
        for _ in 0..<Self.length {
            characters.append(Self.alphabet[Int(bits & 31)])
            bits >>= 5
        }
        description = String(decoding: characters, as: UTF8.self)
    }

    /// Takes an id that a client or a file name gives.
    ///
    /// - Parameter text: 26 characters of the alphabet; anything else is nil, so no id leads out of the folder.
    package init?(_ text: String) {
        guard text.utf8.count == Self.length, text.utf8.allSatisfy(Self.alphabet.contains) else { return nil }
        description = text
    }

    /// Takes an id that a client gives.
    ///
    /// - Throws: ``UploadError`` `notFound`.
    init(known text: String) throws(UploadError) {
        guard let id = UploadID(text) else { throw .unknown(text) }
        self = id
    }
}

extension UploadError {
    /// No upload has this id.
    static func unknown(_ id: String) -> UploadError {
        UploadError(.notFound, "There is no upload \(DisplayName(id)); it may have expired. Upload the file again.")
    }
}
