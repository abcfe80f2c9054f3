/// What became of an attempt to subscribe.
package enum EventSubOutcome: Hashable, Sendable {
    /// It is subscribed, or was before.
    case accepted
    /// It can be tried again: too many subscriptions for now, an error of the server, no answer. What was said.
    case temporary(String)
    /// It will not be allowed: the token is not valid, lacks a scope, or the request is refused. What was said.
    case refused(String)

    /// Reads the answer to `POST /helix/eventsub/subscriptions`.
    ///
    /// 409 says that the session has the subscription already, which happens when an answer was lost.
    package init(_ reply: TwitchReply) {
        self =
            switch reply.status {
            case 200...299, 409: .accepted
            case 408, 425, 429, 500...599: .temporary(reply.explanation)
            default: .refused(reply.explanation)
            }
    }
}
