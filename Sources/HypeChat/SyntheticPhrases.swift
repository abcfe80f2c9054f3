import HypeCore

/// The words of a synthetic chat.
enum SyntheticPhrases {
    static let nameBeginnings = ["Red", "Shy", "Tiny", "Mega", "Lazy", "Cool", "Dr_", "xX", "Its", "Old", "Pixel"]
    static let nameEndings = ["Fox", "Panda", "Wolf", "Gamer", "Toast", "Otter", "Knight", "Potato", "Lynx", "Moth"]

    private static let laughs = [
        "LUL", "KEKW", "LMAO", "lol", "OMEGALUL", "xD", "haha", "LULW", "lmfao", "ROFL", "😂😂😂", "AHAHAHA",
    ]
    private static let emotes = [
        "Kappa", "PogChamp", "monkaS", "BibleThump", "FeelsBadMan", "NotLikeThis", "4Head", "WutFace", "Jebaited",
        "PepeHands", "EZ", "5Head", "Sadge", "HeyGuys", "CoolStoryBob", "ResidentSleeper", "<3", "gg", "F", "?",
    ]
    private static let cheers = [
        "POGGERS", "PogChamp", "WOW", "LETS GO", "WHAT", "NO WAY", "HOLY", "OMG", "CLIP IT", "clip that",
        "insane", "POG POG POG", "WWWW", "GOAT", "how???", "!!!!",
    ]
    private static let commands = ["!uptime", "!discord", "!rank", "!song", "!lurk", "!commands"]
    private static let bots = [
        "Follow the channel on all platforms!", "Uptime: 2 hours 14 minutes", "Please keep the chat friendly.",
    ]
    private static let greetings = [
        "RAID", "raid hype", "hello from the raid", "hi everyone", "HeyGuys", "o/", "we are here",
    ]
    private static let words = [
        "i", "think", "he", "is", "not", "going", "to", "make", "it", "this", "time", "why", "did", "you", "buy",
        "that",
        "game", "looks", "really", "good", "bad", "with", "sound", "off", "what", "about", "the", "boss", "on", "left",
        "side", "use", "your", "shield", "again", "maybe", "later", "chat", "knows", "best", "never", "played",
        "before",
        "my", "first", "stream", "today", "love", "music", "name", "of", "song", "please", "slow", "down", "run",
        "faster",
        "health", "low", "potion", "key", "door", "map", "quest", "level", "ring", "sword", "map", "team", "mid",
        "push",
        "wait", "for", "them", "second", "phase", "was", "harder", "than", "expected", "dinner", "work", "tomorrow",
    ]

    private static func pick(_ list: [String], _ random: inout SplitMix64) -> String {
        list[random.index(below: list.count)]
    }

    static func laughter(_ random: inout SplitMix64) -> String { pick(laughs, &random) }
    static func emote(_ random: inout SplitMix64) -> String { pick(emotes, &random) }
    static func cheer(_ random: inout SplitMix64) -> String { pick(cheers, &random) }
    static func command(_ random: inout SplitMix64) -> String { pick(commands, &random) }
    static func bot(_ random: inout SplitMix64) -> String { pick(bots, &random) }
    static func greeting(_ random: inout SplitMix64) -> String { pick(greetings, &random) }

    /// A line of words that hardly anybody writes a second time.
    static func sentence(_ random: inout SplitMix64, words range: ClosedRange<Int>) -> String {
        let count = range.lowerBound + random.index(below: range.count)
        return (0..<count).map { _ in pick(words, &random) }.joined(separator: " ")
    }
}
