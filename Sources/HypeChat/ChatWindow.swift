import HypeCore

/// Who wrote what in the last seconds, and which of them count.
struct ChatWindow {
    /// Why a user does not count.
    enum Mark: UInt8 {
        case none
        case bot
        case raider
        case botNet
        case moderated
    }

    /// What a line in the window is.
    enum LineKind: UInt8 {
        case message
        case command
        case bot
        case gift
        case system
    }

    /// A line in the window.
    struct Line {
        let time: Int64
        let user: Int32
        let kind: LineKind
        /// Digest of the very text; 0 where it is empty or no message.
        let digest: UInt64
        let text: String
        let id: ChatMessageID?
        var isRemoved = false
    }

    private struct User {
        var firstSeen: Int64
        var lastSeen: Int64
        var inWindow: Int32 = 0
        var mark = Mark.none
        var markedUntil: Int64 = .min
    }

    /// Distinct users in the window who count.
    private(set) var uniqueUsers = 0
    /// Messages of people in the window, commands and bots aside.
    private(set) var messageCount = 0
    /// How many counting users began to speak since this was last set to zero.
    var arrivals = 0
    /// Lines of the window, oldest first, after some that have left it.
    private(set) var lines: [Line] = []
    /// Index of the first line in the window.
    private(set) var head = 0
    /// Viewers of the raid that is going on, 0 where the log does not say; nil where there is none.
    private(set) var raidViewers: Int?

    private let length: Int64
    private let raidWindow: Int64
    private let raidLead: Int64 = 10_000_000_000
    private let rememberedUsers: Int
    private var raidStart: Int64 = .min
    private var users: [User] = []
    private var indices: [UInt64: Int32] = [:]
    private var botNets: BotNetFilter

    init(_ settings: SpikeDetector.Settings) {
        length = settings.window.nanoseconds
        raidWindow = settings.raidWindow.nanoseconds
        rememberedUsers = max(1000, settings.rememberedUsers)
        botNets = BotNetFilter(settings.botNet)
    }

    /// Lines of every kind in the window.
    var lineCount: Int { lines.count - head }

    /// Whether a raid came less than so long ago: then most users are newcomers, who do not count.
    func isAfterRaid(at now: MediaTime, within span: Duration) -> Bool {
        lastRaid.map { now.nanoseconds - $0 < span.nanoseconds } ?? false
    }

    /// When the last raid came, in nanoseconds.
    var lastRaid: Int64? { raidStart == .min ? nil : raidStart }

    /// Makes a user known without counting anything.
    mutating func remember(_ message: ChatMessage) {
        guard message.kind == .message else { return }
        _ = userIndex(message)
    }

    /// Takes in a line; times must not go back.
    mutating func add(_ message: ChatMessage) {
        let time = message.time.nanoseconds
        switch message.kind {
        case .message: addMessage(message, at: time)
        case .raid(let viewers):
            raidStart = time
            raidViewers = viewers
            for index in users.indices where users[index].firstSeen >= time - raidLead {
                mark(Int32(index), .raider, until: time + raidWindow)
            }
            append(message, user: -1, kind: .system)
        case .gift(let count):
            append(message, user: -1, kind: .gift)
            for _ in 1..<min(max(1, count), 2) { append(message, user: -1, kind: .gift) }
        case .subscription, .system: append(message, user: -1, kind: .system)
        case .clear:
            if let index = indices[TextFolding.exactDigest(message.userID)] {
                mark(index, .moderated, until: time + length)
            }
        case .deletedMessage(let id): removeLine(id)
        }
    }

    /// Forgets what is older than the window.
    mutating func expire(before now: Int64) {
        let oldest = now - length
        while head < lines.count, lines[head].time < oldest {
            remove(at: head)
            head += 1
        }
        if head > 1024, head * 2 > lines.count {
            lines.removeFirst(head)
            head = 0
        }
        if raidViewers != nil, now - raidStart > raidWindow { raidViewers = nil }
        if users.count > rememberedUsers { forgetUsers() }
    }

    /// How many distinct users in the window carry a mark.
    func markedUsers(_ mark: Mark) -> Int {
        var seen: Set<Int32> = []
        for index in head..<lines.count where lines[index].user >= 0 && !lines[index].isRemoved {
            let user = lines[index].user
            if users[Int(user)].mark == mark { seen.insert(user) }
        }
        return seen.count
    }

    private mutating func addMessage(_ message: ChatMessage, at time: Int64) {
        let (index, isNew) = userIndex(message)
        let user = Int(index)
        if users[user].mark != .none, users[user].mark != .bot, users[user].markedUntil <= time {
            if users[user].inWindow > 0 { uniqueUsers += 1 }
            users[user].mark = .none
        }
        users[user].lastSeen = time
        if users[user].mark == .bot { return append(message, user: index, kind: .bot) }
        if message.isCommand { return append(message, user: index, kind: .command) }
        let digest = TextFolding.exactDigest(message.text)
        if isNew, raidViewers != nil { mark(index, .raider, until: raidStart + raidWindow) }
        if users[user].inWindow == 0 {
            botNets.noteSpeaker(isNewcomer: isNew)
            if users[user].mark == .none {
                uniqueUsers += 1
                arrivals += 1
            }
        }
        users[user].inWindow += 1
        messageCount += 1
        append(message, user: index, kind: .message, digest: digest)
        guard digest != 0 else { return }
        switch botNets.judge(text: digest, at: time, isFirstMessage: isNew) {
        case .fine: break
        case .known: if isNew { mark(index, .botNet, until: time + 3 * length) }
        case .exposed:
            for index in head..<lines.count where lines[index].digest == digest && lines[index].user >= 0 {
                let speaker = lines[index].user
                if users[Int(speaker)].firstSeen == lines[index].time {
                    mark(speaker, .botNet, until: time + 3 * length)
                }
            }
        }
    }

    private mutating func append(_ message: ChatMessage, user: Int32, kind: LineKind, digest: UInt64 = 0) {
        lines.append(
            Line(
                time: message.time.nanoseconds,
                user: user,
                kind: kind,
                digest: digest,
                text: message.text,
                id: message.id
            )
        )
    }

    /// Sets a user aside.
    private mutating func mark(_ index: Int32, _ mark: Mark, until: Int64) {
        let user = Int(index)
        guard users[user].mark != .bot else { return }
        if users[user].mark == .none, users[user].inWindow > 0 { uniqueUsers -= 1 }
        users[user].mark = mark
        users[user].markedUntil = until
    }

    private mutating func remove(at index: Int) {
        guard lines[index].kind == .message, !lines[index].isRemoved else { return }
        let user = Int(lines[index].user)
        messageCount -= 1
        users[user].inWindow -= 1
        if users[user].inWindow == 0, users[user].mark == .none { uniqueUsers -= 1 }
    }

    private mutating func removeLine(_ id: ChatMessageID) {
        guard let index = (head..<lines.count).first(where: { lines[$0].id == id }) else { return }
        remove(at: index)
        lines[index].isRemoved = true
    }

    private mutating func userIndex(_ message: ChatMessage) -> (index: Int32, isNew: Bool) {
        let key = TextFolding.exactDigest(message.userID)
        if let index = indices[key] { return (index, false) }
        let index = Int32(users.count)
        let time = message.time.nanoseconds
        var user = User(firstSeen: time, lastSeen: time)
        if message.isBot { user.mark = .bot }
        users.append(user)
        indices[key] = index
        return (index, true)
    }

    /// Forgets the half of the users who were silent longest; those in the window stay.
    private mutating func forgetUsers() {
        let median = users.map(\.lastSeen).sorted()[users.count / 2]
        var moved = [Int32](repeating: -1, count: users.count)
        var kept: [User] = []
        for (index, user) in users.enumerated() where user.inWindow > 0 || user.lastSeen > median {
            moved[index] = Int32(kept.count)
            kept.append(user)
        }
        users = kept
        indices = indices.compactMapValues { moved[Int($0)] >= 0 ? moved[Int($0)] : nil }
        lines = lines[head...].map { line in
            let user = line.user >= 0 ? moved[Int(line.user)] : -1
            return Line(
                time: line.time,
                user: user,
                kind: line.kind,
                digest: line.digest,
                text: line.text,
                id: line.id,
                isRemoved: line.isRemoved
            )
        }
        head = 0
    }
}
