import Foundation

/// What to answer to a request for a file: status, headers, and which bytes of it.
///
/// Pure. Conditions come before ranges (RFC 9110 §13.2.2), and a range is only for GET (§14.2).
package struct MediaResponsePlan: Hashable, Sendable {
    /// A piece of the answer's body.
    package enum Piece: Hashable, Sendable {
        /// Text between the parts of several ranges.
        case text(String)
        /// Bytes of the file.
        case file(Range<Int64>)

        var count: Int64 {
            switch self {
            case .text(let text): Int64(text.utf8.count)
            case .file(let range): range.upperBound - range.lowerBound
            }
        }
    }

    /// 200, 206, 304, 405, 412 or 416.
    package let status: Int
    /// The headers, with `Content-Length` where the status has a body.
    package let headers: [HTTPField]
    /// The body; empty for HEAD.
    package let pieces: [Piece]

    /// Plans the answer.
    ///
    /// - Parameters:
    ///   - method: The request's method.
    ///   - resource: The file.
    ///   - boundary: What stands between the parts of several ranges, nil for a random one.
    ///   - header: The value of a request header, by its name without regard to case.
    package init(
        method: String,
        resource: MediaResource,
        boundary: String? = nil,
        header: (String) -> String?
    ) {
        guard method == "GET" || method == "HEAD" else {
            self.init(405, [HTTPField("Allow", "GET, HEAD"), HTTPField("Content-Length", "0")], [])
            return
        }
        let isHead = method == "HEAD"
        let conditions = Preconditions(entityTag: resource.entityTag, modified: resource.modified)
        switch conditions.verdict(header) {
        case .failed: self.init(412, Self.validators(resource) + [HTTPField("Content-Length", "0")], [])
        case .notModified: self.init(304, Self.validators(resource), [])
        case .proceed:
            let range = isHead ? nil : header("Range")
            switch conditions.allowsRange(header("If-Range")) ? ByteRange(range, size: resource.size) : .whole {
            case .whole: self.init(whole: resource, isHead: isHead)
            case .parts(let ranges) where ranges.count == 1: self.init(resource, range: ranges[0])
            case .parts(let ranges):
                self.init(resource, ranges: ranges, boundary: boundary ?? "hypeclip-\(UploadID())")
            case .unsatisfiable:
                let fields = [HTTPField("Content-Range", "bytes */\(resource.size)"), HTTPField("Content-Length", "0")]
                self.init(416, Self.validators(resource) + fields, [])
            }
        }
    }

    private init(_ status: Int, _ headers: [HTTPField], _ pieces: [Piece]) {
        self.status = status
        self.headers = headers
        self.pieces = pieces
    }

    private init(whole resource: MediaResource, isHead: Bool) {
        let fields = [
            HTTPField("Content-Type", resource.mediaType), HTTPField("Content-Length", "\(resource.size)"),
        ]
        let pieces = isHead || resource.size == 0 ? [] : [Piece.file(0..<resource.size)]
        self.init(200, Self.common(resource) + fields, pieces)
    }

    private init(_ resource: MediaResource, range: Range<Int64>) {
        let fields = [
            HTTPField("Content-Type", resource.mediaType),
            HTTPField("Content-Range", Self.contentRange(range, of: resource)),
            HTTPField("Content-Length", "\(range.upperBound - range.lowerBound)"),
        ]
        self.init(206, Self.common(resource) + fields, [.file(range)])
    }

    private init(_ resource: MediaResource, ranges: [Range<Int64>], boundary: String) {
        var pieces: [Piece] = []
        for range in ranges {
            let lines = [
                pieces.isEmpty ? "--\(boundary)" : "\r\n--\(boundary)",
                "Content-Type: \(resource.mediaType)",
                "Content-Range: \(Self.contentRange(range, of: resource))",
                "", "",
            ]
            pieces += [.text(lines.joined(separator: "\r\n")), .file(range)]
        }
        pieces.append(.text("\r\n--\(boundary)--\r\n"))
        let fields = [
            HTTPField("Content-Type", "multipart/byteranges; boundary=\(boundary)"),
            HTTPField("Content-Length", "\(pieces.reduce(0) { $0 + $1.count })"),
        ]
        self.init(206, Self.common(resource) + fields, pieces)
    }

    private static func contentRange(_ range: Range<Int64>, of resource: MediaResource) -> String {
        "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(resource.size)"
    }

    /// What every answer about the file says.
    private static func validators(_ resource: MediaResource) -> [HTTPField] {
        var fields = [HTTPField("Accept-Ranges", "bytes")]
        if let tag = resource.entityTag { fields.append(HTTPField("ETag", tag)) }
        if let modified = resource.modified { fields.append(HTTPField("Last-Modified", HTTPDate.text(modified))) }
        if let cacheControl = resource.cacheControl { fields.append(HTTPField("Cache-Control", cacheControl)) }
        return fields
    }

    private static func common(_ resource: MediaResource) -> [HTTPField] {
        var fields = validators(resource) + [HTTPField("X-Content-Type-Options", "nosniff")]
        if let disposition = resource.disposition { fields.append(HTTPField("Content-Disposition", disposition)) }
        return fields
    }
}
