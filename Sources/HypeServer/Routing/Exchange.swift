import HTTPTypes
import HummingbirdCore
import Logging

/// A request and the answer that it gets.
struct Exchange: Sendable {
    /// The answer, ready to be sent.
    var response: Response
    /// Form of the route, or `unmatched`.
    var route: String
    /// The request's method.
    var method: HTTPRequest.Method
    /// When its head had arrived.
    var start: ContinuousClock.Instant
    /// Writes with the request's identifier.
    var logger: Logger
    /// Whether the answer has no end of its own.
    var isStream: Bool
}
