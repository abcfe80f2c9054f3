import HTTPTypes

/// Header fields that every answer carries, so that browsers do nothing that nobody meant.
enum SecurityHeaders {
    /// What the dashboard's page may load: its own files, pictures and clips from here, and sockets to here.
    static let pagePolicy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:",
        "media-src 'self' blob:", "connect-src 'self'", "font-src 'self'", "manifest-src 'self'", "base-uri 'none'",
        "form-action 'self'", "frame-ancestors 'none'",
    ].joined(separator: "; ")
    /// What anything else may load, should a browser show it: nothing.
    static let plainPolicy = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    /// Fields of answers that pages of other origins may read.
    private static let exposed =
        "Content-Range, ETag, Location, Preference-Applied, Retry-After, Tus-Resumable, Upload-Expires, Upload-Length, Upload-Offset, "
        + "X-Request-Id"
    /// Fields that pages of other origins may send.
    private static let accepted =
        "Authorization, Content-Type, If-Range, Last-Event-ID, Prefer, Range, Tus-Resumable, Upload-Checksum, Upload-Length, "
        + "Upload-Metadata, Upload-Offset, X-Request-Id"

    /// Adds the fields.
    ///
    /// - Parameters:
    ///   - headers: Fields of an answer.
    ///   - foreignOrigin: The origin of another page that may read it.
    static func add(to headers: inout HTTPFields, foreignOrigin: String?) {
        headers[.contentTypeOptions] = "nosniff"
        headers[.frameOptions] = "DENY"
        headers[.referrerPolicy] = "same-origin"
        headers[.openerPolicy] = "same-origin"
        headers[.resourcePolicy] = foreignOrigin == nil ? "same-origin" : "cross-origin"
        if headers[.contentSecurityPolicy] == nil { headers[.contentSecurityPolicy] = plainPolicy }
        headers[.vary] = [headers[.vary], "Origin"].compactMap { $0 }.joined(separator: ", ")
        if let foreignOrigin {
            headers[.accessControlAllowOrigin] = foreignOrigin
            headers[.accessControlExposeHeaders] = exposed
        }
    }

    /// The fields of the answer to a page that asks whether it may send something (CORS preflight).
    static func preflight(_ methods: [HTTPRequest.Method]) -> HTTPFields {
        [
            .accessControlAllowMethods: methods.map(\.rawValue).joined(separator: ", "),
            .accessControlAllowHeaders: accepted, .accessControlMaxAge: "600",
        ]
    }
}
