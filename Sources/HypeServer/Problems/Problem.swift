/// What went wrong with a request, as RFC 9457 has it.
package struct Problem: Error, Hashable, Sendable, Codable {
    /// One mistake in the request.
    package struct Mistake: Hashable, Sendable, Codable {
        /// Where it is: the field of the document, or the name of the parameter.
        package var field: String
        /// What is wrong with it.
        package var detail: String

        /// Creates a mistake.
        package init(_ field: String, _ detail: String) {
            self.field = field
            self.detail = detail
        }
    }

    /// Names the kind of problem: a path below this server's documentation, or `about:blank`.
    package var type = "about:blank"
    /// The status in words.
    package var title: String
    /// The HTTP status.
    package var status: Int
    /// What happened and how to remedy it; nil for failures of the server itself, which tell nothing.
    package var detail: String?
    /// The request's identifier, as in the log.
    package var requestId: String?
    /// The mistakes in the request; nil where they are not single ones.
    package var errors: [Mistake]?

    /// Creates a problem.
    ///
    /// - Parameters:
    ///   - status: The HTTP status, 400…599.
    ///   - detail: What happened and how to remedy it; dropped where the status is a failure of the server.
    ///   - errors: The mistakes in the request.
    package init(_ status: Int, _ detail: String? = nil, errors: [Mistake]? = nil) {
        self.status = status
        title = Self.titles[status] ?? "Error"
        // 501 and 503 are no accidents: their words are written for clients and tell what is missing.
        self.detail = status < 500 || status == 501 || status == 503 || status == 507 ? detail : nil
        self.errors = errors
    }

    /// A mistake in one parameter of the address.
    package static func parameter(_ name: String, _ detail: String) -> Problem {
        Problem(400, "The parameter “\(name)” \(detail).", errors: [Mistake(name, detail)])
    }

    /// The media type of a problem document.
    package static let mediaType = "application/problem+json"

    /// The words for each status that this server sends.
    private static let titles: [Int: String] = [
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
        408: "Request Timeout", 409: "Conflict", 410: "Gone", 412: "Precondition Failed", 413: "Content Too Large",
        414: "URI Too Long", 415: "Unsupported Media Type", 416: "Range Not Satisfiable", 417: "Expectation Failed",
        421: "Misdirected Request", 422: "Unprocessable Content", 423: "Locked", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 460: "Checksum Mismatch", 499: "Client Closed Request",
        500: "Internal Server Error",
        501: "Not Implemented", 503: "Service Unavailable", 507: "Insufficient Storage",
    ]
}
