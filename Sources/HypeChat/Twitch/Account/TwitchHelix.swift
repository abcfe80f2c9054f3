import Foundation

/// The requests to Twitch's API that are needed, and how their answers are read.
///
/// Source: <https://dev.twitch.tv/docs/api/reference/>.
package struct TwitchHelix: Hashable, Sendable {
    /// A channel.
    package struct User: Hashable, Sendable {
        /// Its number.
        package let id: String
        /// Its login.
        package let login: String
        /// The name that viewers see.
        package let displayName: String
    }

    /// The program.
    package let client: TwitchClient

    /// Creates the requests of a program.
    package init(client: TwitchClient) {
        self.client = client
    }

    /// Asks for a channel by its login.
    package func user(login: String, token: TwitchSecret) -> TwitchCall {
        client.helix(.get, "/users", query: [("login", login)], token: token)
    }

    /// Reads the answer to ``user(login:token:)``.
    ///
    /// - Throws: ``TwitchFailure/Code/notFound`` where there is no such channel.
    package func user(_ reply: TwitchReply) throws(TwitchFailure) -> User {
        guard reply.isSuccess else { throw reply.failure }
        let (isList, user) = reply.read { document -> (Bool, User?) in
            let list = document["data"]
            guard let first = list.elements.first, let id = first["id"].string, !id.isEmpty else {
                return (list.bytes.first == UInt8(ascii: "["), nil)
            }
            let login = first["login"].string ?? ""
            return (true, User(id: id, login: login, displayName: first["display_name"].string ?? login))
        }
        if let user { return user }
        guard isList else { throw TwitchFailure(.badReply, "Twitch's answer about the channel cannot be understood") }
        throw TwitchFailure(.notFound, "there is no such channel on Twitch; check its name")
    }

    /// Subscribes a session to a topic of a channel's chat.
    ///
    /// - Parameters:
    ///   - topic: What to be told about.
    ///   - broadcaster: The channel's number.
    ///   - reader: Number of the account whose token it is.
    ///   - session: The session of the WebSocket.
    ///   - token: The account's token.
    /// - Returns: The request; ``EventSubOutcome`` reads its answer.
    package func subscribe(
        to topic: EventSubTopic,
        broadcaster: String,
        reader: String,
        session: String,
        token: TwitchSecret
    ) -> TwitchCall {
        let document = SubscriptionDocument(
            type: topic.rawValue,
            version: topic.version,
            condition: .init(broadcaster: broadcaster, user: reader),
            transport: .init(method: "websocket", session: session)
        )
        // Four texts in two objects: encoding them cannot fail.
        let body = (try? JSONEncoder().encode(document)).map(Array.init) ?? []
        return client.helix(.post, "/eventsub/subscriptions", token: token).json(body)
    }

    /// Has Twitch cut a clip of what its viewers saw in the last minute and a half.
    package func createClip(broadcaster: String, token: TwitchSecret) -> TwitchCall {
        client.helix(.post, "/clips", query: [("broadcaster_id", broadcaster)], token: token)
    }

    /// Asks for a clip by its name.
    package func clip(_ id: String, token: TwitchSecret) -> TwitchCall {
        client.helix(.get, "/clips", query: [("id", id)], token: token)
    }

    private struct SubscriptionDocument: Encodable {
        struct Condition: Encodable {
            let broadcaster: String
            let user: String
            enum CodingKeys: String, CodingKey {
                case broadcaster = "broadcaster_user_id"
                case user = "user_id"
            }
        }
        struct Transport: Encodable {
            let method: String
            let session: String
            enum CodingKeys: String, CodingKey {
                case method
                case session = "session_id"
            }
        }
        let type: String
        let version: String
        let condition: Condition
        let transport: Transport
    }
}
