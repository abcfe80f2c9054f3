package import HypeCore

/// One line of chat on the recording's clock.
package struct ChatMessage: Hashable, Sendable {
    /// What a line of chat is.
    package enum Kind: Hashable, Sendable {
        /// A person wrote something.
        case message
        /// Another channel sent its viewers over; the number of viewers, 0 where the log does not say.
        case raid(viewers: Int)
        /// Subscriptions were given away; how many, at least 1.
        case gift(count: Int)
        /// Somebody subscribed or renewed; the text is what they wrote with it.
        case subscription
        /// The platform wrote something (announcement, mode change, host).
        case system
        /// A moderator removed all messages of ``ChatMessage/userID``, or of everybody where that is empty.
        case clear
        /// A moderator removed one message.
        case deletedMessage(ChatMessageID)
    }

    /// When the platform received it, on the recording's clock; may be negative for lines before the recording.
    package var time: MediaTime
    /// The platform's number of the user, which stays the same when the name changes.
    ///
    /// The login in lower case where the log has no number; empty where no user wrote the line.
    package var userID: String
    /// The name that viewers see.
    package var displayName: String
    /// What was written, without the `/me` marker.
    package var text: String
    /// What the line is.
    package var kind: Kind
    /// Tells the message from every other one; nil where the log has no number for it.
    package var id: ChatMessageID?

    /// Creates a line of chat.
    package init(
        time: MediaTime,
        userID: String,
        displayName: String,
        text: String,
        kind: Kind = .message,
        id: ChatMessageID? = nil
    ) {
        self.time = time
        self.userID = userID
        self.displayName = displayName
        self.text = text
        self.kind = kind
        self.id = id
    }

    /// Whether the text asks a bot for something, as `!uptime` does.
    package var isCommand: Bool {
        var bytes = text.utf8.makeIterator()
        guard bytes.next() == UInt8(ascii: "!"), let next = bytes.next() else { return false }
        return next != UInt8(ascii: "!") && next != UInt8(ascii: " ")
    }

    /// Whether the name is that of a well-known chat bot.
    package var isBot: Bool {
        Self.knownBots.contains(displayName.lowercased()) || Self.knownBots.contains(userID)
    }

    /// Logins of the chat bots that large channels use.
    ///
    /// Names that occur in the public bot lists of Twitch statistics sites; only bots that write into chat matter here.
    private static let knownBots: Set<String> = [
        "nightbot", "streamelements", "streamlabs", "moobot", "fossabot", "wizebot", "soundalerts", "sery_bot",
        "pretzelrocks", "botrixoficial", "streamstickers", "kofistreambot", "tangiabot", "blerp", "phantombot",
        "stay_hydrated_bot", "supibot", "titlechange_bot", "xanbot", "ohbot", "deepbot", "coebot", "ankhbot",
        "hnlbot", "scottybot", "muxybot", "own3d", "dixperbro", "mirrobot", "lumiastream", "mixitupapp",
        "frostytoolsdotcom",
    ]
}

/// The identity of a message: 128 bits, so that comparing and storing it costs nothing.
///
/// Twitch numbers messages with UUIDs, which are kept exactly; any other text is replaced by its FNV-1a digest.
package struct ChatMessageID: Hashable, Sendable {
    /// The first 64 bits.
    package let high: UInt64
    /// The last 64 bits.
    package let low: UInt64

    /// Creates an identity from its bits.
    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Creates the identity of a platform's number for a message.
    init(_ text: ByteSlice) {
        if let uuid = Self(uuid: text) {
            self = uuid
        } else {
            self.init(high: text.fnv1a(seed: 0xcbf2_9ce4_8422_2325), low: text.fnv1a(seed: 0x84_2223_25cb_f29c))
        }
    }

    /// Creates the identity of a platform's number for a message.
    package init(_ text: String) {
        var text = text
        self = text.withUTF8 { Self($0) }
    }

    /// Reads `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`, the letters of each piece in one case.
    private init?(uuid text: ByteSlice) {
        guard text.count == 36, text[8] == UInt8(ascii: "-"), text[13] == UInt8(ascii: "-"),
            text[18] == UInt8(ascii: "-"), text[23] == UInt8(ascii: "-"), let first = text.hexWord(at: 0, 4),
            let second = text.hexWord(at: 9, 14), let third = text.hexWord(at: 19, 24),
            let fourth = text.hexWord(at: 28, 32)
        else { return nil }
        self.init(high: first << 32 | second, low: third << 32 | fourth)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The value of two pieces of four hexadecimal digits each, or nil where they are no digits.
    ///
    /// Works on all eight bytes at once: the low half of a digit's byte, plus 9 for a letter, is its value; writing the
    /// values as digits again must give the same bytes.
    /// - Precondition: Four bytes follow each offset.
    fileprivate func hexWord(at first: Int, _ second: Int) -> UInt64? {
        let bytes = UnsafeRawBufferPointer(self)
        let low = UInt64(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: second, as: UInt32.self)))
        let word = UInt64(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: first, as: UInt32.self))) << 32 | low
        let ones: UInt64 = 0x0101_0101_0101_0101
        let letters = (word >> 6) & ones
        let values = (word & (0x0f * ones)) &+ letters &* 9
        let isLetter = ((values &+ 0x76 * ones) >> 7) & ones
        let written = values &+ 0x30 * ones
        guard word == written &+ isLetter &* 0x27 || word == written &+ isLetter &* 0x07 else { return nil }
        // Closes the gaps between the half bytes.
        let pairs = (values | values >> 4) & 0x00ff_00ff_00ff_00ff
        let quads = (pairs | pairs >> 8) & 0x0000_ffff_0000_ffff
        return (quads | quads >> 16) & 0xffff_ffff
    }
}

extension ChatMessageID: CustomStringConvertible {
    /// The identity in the form of a UUID.
    package var description: String {
        let digits = Self.hex(high) + Self.hex(low)
        let groups = [(0, 8), (8, 4), (12, 4), (16, 4), (20, 12)]
        return groups.map { String(digits.dropFirst($0.0).prefix($0.1)) }.joined(separator: "-")
    }

    private static func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit, 0…15, or nil.
    var hexDigit: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension Sequence<UInt8> {
    /// The 64-bit FNV-1a digest.
    ///
    /// Source: Fowler, Noll, Vo, draft-eastlake-fnv; prime 2^40 + 2^8 + 0xb3.
    ///
    /// - Parameter seed: The offset basis.
    /// - Returns: The digest.
    func fnv1a(seed: UInt64 = 0xcbf2_9ce4_8422_2325) -> UInt64 {
        reduce(seed) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
