/// What a client asks of a resumable upload (tus 1.0.0), read from method and headers alone.
package enum TusRequest: Hashable, Sendable {
    /// `OPTIONS`: what can you do?
    case capabilities
    /// `POST` to the collection: announce a file; its first bytes may come with it.
    case create(length: Int64, metadata: String?, carriesBytes: Bool, checksum: TusChecksum?)
    /// `HEAD`: how far are you?
    case head
    /// `PATCH`: here are more bytes.
    case append(offset: Int64, checksum: TusChecksum?)
    /// `DELETE`: forget it.
    case terminate

    /// The protocol's version.
    package static let version = "1.0.0"
    /// Media type of the bytes.
    package static let contentType = "application/offset+octet-stream"

    /// Reads a request.
    ///
    /// - Parameters:
    ///   - method: The request's method; `X-HTTP-Method-Override` goes before it.
    ///   - isCollection: Whether the address is that of all uploads, not of one.
    ///   - header: The value of a header, by its name without regard to case.
    /// - Throws: ``UploadError`` `wrongVersion`, `badRequest`, `unsupportedType` or `notFound`.
    package init(method: String, isCollection: Bool, header: (String) -> String?) throws(UploadError) {
        let method = (header("X-HTTP-Method-Override") ?? method).uppercased()
        if method == "OPTIONS" {
            self = .capabilities
            return
        }
        guard header("Tus-Resumable") == Self.version else {
            throw UploadError(.wrongVersion, "The header Tus-Resumable must be \(Self.version); use a tus 1.0 client.")
        }
        switch (method, isCollection) {
        case ("POST", true):
            let metadata = header("Upload-Metadata")
            guard metadata.map({ TusMetadata($0) != nil }) ?? true else {
                throw UploadError(
                    .badRequest,
                    "Upload-Metadata must be pairs of a key and a base64 value, with commas between."
                )
            }
            self = .create(
                length: try Self.number("Upload-Length", header),
                metadata: metadata,
                carriesBytes: Self.carriesBytes(header),
                checksum: try Self.checksum(header)
            )
        case ("HEAD", false): self = .head
        case ("PATCH", false):
            guard Self.carriesBytes(header) else {
                throw UploadError(.unsupportedType, "A PATCH must have Content-Type: \(Self.contentType).")
            }
            self = .append(offset: try Self.number("Upload-Offset", header), checksum: try Self.checksum(header))
        case ("DELETE", false): self = .terminate
        default: throw UploadError(.notFound, "\(DisplayName(method)) does nothing here; see the tus 1.0 protocol.")
        }
    }

    private static func carriesBytes(_ header: (String) -> String?) -> Bool {
        header("Content-Type").flatMap { HeaderParameters($0.utf8)?.value } == contentType
    }

    private static func checksum(_ header: (String) -> String?) throws(UploadError) -> TusChecksum? {
        guard let text = header("Upload-Checksum") else { return nil }
        return try TusChecksum(text)
    }

    private static func number(_ name: String, _ header: (String) -> String?) throws(UploadError) -> Int64 {
        guard let text = header(name), !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int64(text)
        else { throw UploadError(.badRequest, "The header \(name) must be a number of bytes.") }
        return number
    }
}
