/// The tags of Twitch's IRC that matter here, still escaped.
///
/// Source of the names: <https://dev.twitch.tv/docs/chat/irc/>.
struct TwitchTags {
    var userID = ByteSlice.none
    var displayName = ByteSlice.none
    var id = ByteSlice.none
    var noticeID = ByteSlice.none
    var systemText = ByteSlice.none
    var login = ByteSlice.none
    var targetUserID = ByteSlice.none
    var targetMessageID = ByteSlice.none
    var count = ByteSlice.none
    private var sent = ByteSlice.none
    private var room = ByteSlice.none
    private var sourceRoom = ByteSlice.none

    /// Picks the tags out of what stands after `@`.
    @inline(__always)
    init(_ tags: ByteSlice) {
        var reader = IRCTagReader(tags)
        while let tag = reader.next() {
            switch tag.name.count {
            case 2 where tag.name.equals("id"): id = tag.value
            case 5 where tag.name.equals("login"): login = tag.value
            case 6 where tag.name.equals("msg-id"): noticeID = tag.value
            case 7 where tag.name.equals("user-id"): userID = tag.value
            case 7 where tag.name.equals("room-id"): room = tag.value
            case 10 where tag.name.equals("system-msg"): systemText = tag.value
            case 11 where tag.name.equals("tmi-sent-ts"): sent = tag.value
            case 12 where tag.name.equals("display-name"): displayName = tag.value
            case 13 where tag.name.equals("target-msg-id"): targetMessageID = tag.value
            case 14 where tag.name.equals("target-user-id"): targetUserID = tag.value
            case 14 where tag.name.equals("source-room-id"): sourceRoom = tag.value
            case 21 where tag.name.equals("msg-param-viewerCount"): count = tag.value
            case 25 where tag.name.equals("msg-param-mass-gift-count"): count = tag.value
            default: continue
            }
        }
    }

    /// Whether it came from another room of a shared chat.
    var isFromOtherRoom: Bool {
        !sourceRoom.isEmpty && !room.isEmpty && !sourceRoom.elementsEqual(room)
    }

    /// When the server received it; nil where the tag is missing or not believable.
    @inline(__always)
    var sentTime: ClockReading? {
        guard let milliseconds = ClockText.integer(sent), milliseconds / 1000 <= ClockText.believableUnix.upperBound,
            milliseconds / 1000 >= ClockText.believableUnix.lowerBound
        else { return nil }
        return .unix(milliseconds * 1_000_000)
    }
}
