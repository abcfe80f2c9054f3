/// The answer of one of Twitch's HTTP services.
///
/// Its description does not name the body: that of a login is the secret itself.
package struct TwitchReply: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// Longest answer that is read, in bytes.
    package static let longestBody = 1 << 20
    /// Longest piece of Twitch's own words that goes into a message.
    private static let longestWords = 200

    /// The HTTP status.
    package let status: Int
    /// The body.
    package let body: [UInt8]

    /// Creates an answer.
    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    /// Whether the request was done.
    package var isSuccess: Bool { (200...299).contains(status) }

    /// What Twitch says about an error, in its own words; empty where it says nothing.
    package var words: String {
        guard !isSuccess else { return "" }
        let text = read { $0["message"].string ?? $0["error"].string ?? "" }
        return String(
            text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7f }.prefix(Self.longestWords).map(
                Character.init
            )
        )
    }

    /// The status with what Twitch says.
    package var explanation: String {
        words.isEmpty ? "Twitch answered \(status)" : "Twitch answered \(status): \(words)"
    }

    /// Reads parts of the body.
    func read<Value>(_ body: (JSONSlice) -> Value) -> Value {
        self.body.withUnsafeBufferPointer { body(JSONSlice($0)) }
    }

    /// The failure that an unsuccessful answer means.
    var failure: TwitchFailure {
        switch status {
        case 401: TwitchFailure(.unauthorized, "\(explanation). Log in to Twitch again.")
        case 403: TwitchFailure(.forbidden, "\(explanation). The account may not do this.")
        case 404: TwitchFailure(.notFound, explanation)
        case 429: TwitchFailure(.rateLimited, "\(explanation). Try again in a minute.")
        case 500...599: TwitchFailure(.server, "\(explanation). Try again later.")
        case 300...499: TwitchFailure(.refused, explanation)
        default: TwitchFailure(.badReply, explanation)
        }
    }

    package var description: String { "status \(status), \(body.count) bytes" }
    package var customMirror: Mirror { Mirror(self, children: ["status": status]) }
}
