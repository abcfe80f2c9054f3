/// Has Twitch make a clip and waits until it is there: a pure state machine.
///
/// Twitch answers before the clip exists; one that has not appeared after 15 s has failed. Times are spans since any
/// fixed instant. Source: <https://dev.twitch.tv/docs/api/clips/>.
package struct ClipCreation: Sendable {
    /// A clip on Twitch.
    package struct Clip: Hashable, Sendable {
        /// Its name.
        package let id: String
        /// Where people watch it.
        package let url: String
        /// Where its maker can trim and publish it.
        package let editURL: String
        /// Its length; nil where Twitch does not say.
        package let duration: Duration?
    }

    /// What to do next.
    package enum Step: Sendable {
        /// Have the clip made; tell ``ClipCreation/created(_:at:)``.
        case create
        /// Ask for it at a time; tell ``ClipCreation/looked(_:at:)``.
        case look(id: String, at: Duration)
        /// It is there.
        case done(Clip)
        /// It failed.
        case failed(TwitchFailure)
    }

    /// Pause between questions.
    package static let interval: Duration = .seconds(1)
    /// How long a clip may take to appear.
    package static let limit: Duration = .seconds(15)

    private var id = ""
    private var editURL = ""
    private var deadline = Duration.zero

    /// Creates a clip to be made.
    package init() {}

    /// The first step.
    package func begin() -> Step { .create }

    /// Takes the answer to the request for a clip.
    ///
    /// - Parameters:
    ///   - reply: The answer.
    ///   - now: The time.
    /// - Returns: The next step.
    package mutating func created(_ reply: TwitchReply, at now: Duration) -> Step {
        guard reply.isSuccess else { return .failed(Self.failure(reply)) }
        let found = reply.read { document -> (String, String)? in
            guard let first = document["data"].elements.first, let id = first["id"].string, !id.isEmpty else {
                return nil
            }
            return (id, first["edit_url"].string ?? "")
        }
        guard let found else { return .failed(TwitchFailure(.badReply, "Twitch does not name the clip it makes")) }
        (id, editURL) = found
        deadline = now + Self.limit
        return .look(id: id, at: now + Self.interval)
    }

    /// Takes the answer to the question for the clip; nil where none came.
    package func looked(_ reply: TwitchReply?, at now: Duration) -> Step {
        if let reply, reply.isSuccess {
            let clip = reply.read { document -> Clip? in
                guard let entry = document["data"].elements.first(where: { $0["id"].string == id }),
                    let url = entry["url"].string
                else { return nil }
                return Clip(
                    id: id,
                    url: url,
                    editURL: editURL,
                    duration: ClockText.nanoseconds(entry["duration"].bytes).map { .nanoseconds($0.value) }
                )
            }
            if let clip { return .done(clip) }
        } else if let reply, !reply.failure.isTemporary, reply.status != 404 {
            return .failed(reply.failure)
        }
        guard now + Self.interval <= deadline else {
            return .failed(TwitchFailure(.server, "Twitch did not finish the clip within 15 s; it counts as failed"))
        }
        return .look(id: id, at: now + Self.interval)
    }

    /// What the refusals of `POST /helix/clips` mean.
    private static func failure(_ reply: TwitchReply) -> TwitchFailure {
        switch reply.status {
        case 403:
            TwitchFailure(
                .forbidden,
                "\(reply.explanation). The channel does not let this account make clips, or the login lacks clips:edit."
            )
        case 404:
            TwitchFailure(.notFound, "\(reply.explanation). The channel is not live, so there is nothing to clip.")
        default: reply.failure
        }
    }
}
