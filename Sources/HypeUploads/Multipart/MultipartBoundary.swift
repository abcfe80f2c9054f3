/// The line that stands between the parts of a form.
package struct MultipartBoundary: Hashable, Sendable {
    private static let signs = Array("'()+_,-./:=? ".utf8)

    /// 1…70 characters (RFC 2046 §5.1.1).
    package let text: String

    /// Takes a boundary.
    ///
    /// - Returns: Nil where RFC 2046 does not allow it; so it holds no line end, which the search relies on.
    package init?(_ text: String) {
        let isAllowed = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"):
                true
            default: Self.signs.contains(byte)
            }
        }
        guard (1...70).contains(text.utf8.count), isAllowed, text.last != " " else { return nil }
        self.text = text
    }

    /// Reads the boundary out of a request's `Content-Type`.
    ///
    /// - Throws: ``UploadError`` `unsupportedType` for another type, `badRequest` for a missing or wrong boundary.
    package init(contentType: String) throws(UploadError) {
        guard let header = HeaderParameters(contentType.utf8), header.value == "multipart/form-data" else {
            throw UploadError(
                .unsupportedType,
                "The request's Content-Type is not multipart/form-data; send the file as a form, as curl -F does."
            )
        }
        guard let bytes = header["boundary"], let boundary = MultipartBoundary(String(decoding: bytes, as: UTF8.self))
        else {
            throw UploadError(
                .badRequest,
                "Content-Type names no valid boundary of 1 to 70 characters; let the HTTP library set this header."
            )
        }
        self = boundary
    }

    /// What ends a part: line end, two hyphens, boundary.
    var delimiter: [UInt8] { Array("\r\n--\(text)".utf8) }
}
