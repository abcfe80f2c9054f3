/// Why an upload was refused or cannot be served, with what would help.
package struct UploadError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is; decides the HTTP status.
    package enum Code: String, Sendable, CaseIterable {
        /// The request is not well formed.
        case badRequest
        /// The content is not what it must be, or not what it says it is.
        case unsupportedType
        /// More bytes, parts or header bytes than allowed.
        case tooLarge
        /// The disk is full, or would be.
        case noSpace
        /// The sender was silent or busy for too long.
        case timeout
        /// The sender is at another place of the file than we are.
        case conflict
        /// The upload is being written by another request.
        case locked
        /// There is no such upload.
        case notFound
        /// There was such an upload; its time is over.
        case gone
        /// A piece arrived damaged.
        case checksumMismatch
        /// The client speaks another version of the protocol.
        case wrongVersion
        /// As many uploads as allowed are under way.
        case busy
        /// The disk failed.
        case storage
    }

    /// What kind of failure it is.
    package let code: Code
    /// What happened and what to do about it, for the client; names no path of this machine.
    package let message: String
    /// What was thrown below, for the log.
    package let cause: (any Error)?

    /// Creates a failure.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The status of the response: 400…507, or 460 as tus has it for a wrong checksum.
    package var httpStatus: Int {
        switch code {
        case .badRequest: 400
        case .notFound: 404
        case .timeout: 408
        case .conflict: 409
        case .gone: 410
        case .wrongVersion: 412
        case .tooLarge: 413
        case .unsupportedType: 415
        case .locked: 423
        case .checksumMismatch: 460
        case .storage: 500
        case .busy: 503
        case .noSpace: 507
        }
    }

    /// Code and message.
    package var description: String { "\(code.rawValue): \(message)" }
}
