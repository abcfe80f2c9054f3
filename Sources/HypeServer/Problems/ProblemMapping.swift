import Foundation
package import HTTPTypes
import HypeEvents
import HypeStore
import HypeUploads
package import Logging

/// A failure on its way to the client, and how loudly the log speaks of it.
package struct MappedFailure: Sendable {
    /// What the client is told.
    package var problem: Problem
    /// Further header fields of the answer.
    package var headers: HTTPFields
    /// How loudly the log speaks of it.
    package var level: Logger.Level
}

/// Turns whatever a handler throws into what the client is told; the only place that does.
package enum ProblemMapping {
    /// Maps a failure.
    ///
    /// - Parameter error: What was thrown.
    /// - Returns: The problem. What is not known is a 500 without any text.
    package static func map(_ error: any Error) -> MappedFailure {
        switch error {
        case let problem as Problem: mapped(problem)
        case let refused as HeaderedProblem: mapped(refused.problem, headers: refused.headers)
        case let refusal as AccessPolicy.Refusal: map(refusal)
        case let failure as RequestFailure: map(failure)
        case let failure as StoreError: map(failure)
        case let failure as UploadError: mapped(Problem(failure.httpStatus, failure.message))
        case let failure as WebhookFailure: mapped(Problem(failure.code.status, failure.message))
        case let limit as TooOften: map(limit)
        case let error as DecodingError: mapped(DecodingProblem.problem(error))
        case is CancellationError: mapped(Problem(503, "The server is about to end. Try again later."))
        default: mapped(Problem(500))
        }
    }

    private static func mapped(_ problem: Problem, headers: HTTPFields = HTTPFields()) -> MappedFailure {
        let level: Logger.Level = problem.status >= 500 && problem.status != 501 ? .error : .debug
        return MappedFailure(problem: problem, headers: headers, level: level)
    }

    private static func map(_ failure: RequestFailure) -> MappedFailure {
        var headers = HTTPFields()
        if let seconds = failure.retryAfter { headers[.retryAfter] = "\(seconds)" }
        return mapped(Problem(failure.code.status, failure.message), headers: headers)
    }

    private static func map(_ refusal: AccessPolicy.Refusal) -> MappedFailure {
        switch refusal {
        case .host:
            mapped(
                Problem(
                    421,
                    "This server is not known under that name. Use its address, or add the name to its settings."
                )
            )
        case .credential:
            mapped(
                Problem(
                    401,
                    "This needs the server's token: send “Authorization: Bearer …”, or log in on the dashboard."
                ),
                headers: [.wwwAuthenticate: #"Bearer realm="hypeclip""#]
            )
        case .foreignPage:
            mapped(
                Problem(403, "Another page may not do this. Send the token, or add the page's origin to the settings.")
            )
        }
    }

    private static func map(_ limit: TooOften) -> MappedFailure {
        mapped(
            Problem(429, "That was too often. Try again in \(limit.seconds) s."),
            headers: [.retryAfter: "\(limit.seconds)"]
        )
    }

    private static func map(_ failure: StoreError) -> MappedFailure {
        switch failure.code {
        case .notFound: mapped(Problem(404, failure.message))
        case .duplicate: mapped(Problem(409, failure.message))
        case .badCursor: mapped(.parameter("cursor", "was not made by this list"))
        case .unavailable: mapped(Problem(503, "The store does not answer. Try again later."))
        case .full: mapped(Problem(507, "The disk is full. Delete clips or make room, then try again."))
        case .corrupt, .failed: mapped(Problem(500))
        }
    }
}

/// An address did something more often than it may.
package struct TooOften: Error, Hashable, Sendable {
    /// Seconds to wait, at least 1.
    package var seconds: Int

    /// Creates the failure.
    package init(seconds: Int) { self.seconds = seconds }
}

extension RequestFailure.Code {
    /// The status of the answer.
    package var status: Int {
        switch self {
        case .invalid: 400
        case .notFound: 404
        case .conflict: 409
        case .unreadable: 422
        case .busy: 429
        case .unsupported: 501
        case .unavailable: 503
        }
    }
}

/// A failure that knows what was thrown below it, for the log.
package protocol CauseBearing: Error {
    /// What was thrown below.
    var cause: (any Error)? { get }
}

extension StoreError: CauseBearing {}
extension UploadError: CauseBearing {}
extension WebhookFailure: CauseBearing {}

extension WebhookFailure.Code {
    /// The status of the answer.
    fileprivate var status: Int {
        switch self {
        case .address, .unresolved, .secret, .event: 400
        case .forbidden: 403
        case .notFound: 404
        case .tooMany: 409
        case .store: 503
        }
    }
}

/// A problem whose answer needs header fields of its own.
struct HeaderedProblem: CauseBearing {
    /// What went wrong.
    var problem: Problem
    /// Header fields of the answer.
    var headers: HTTPFields
    /// What was thrown below.
    var cause: (any Error)?
}
