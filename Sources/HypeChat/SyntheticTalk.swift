import HypeCore

/// Writes the messages of a synthetic chat, second by second.
struct SyntheticTalk {
    /// How many of the last speakers may go on talking.
    private static let circleSize = 40

    /// What was written so far, not sorted.
    private(set) var messages: [ChatMessage] = []

    private let settings: SyntheticChat.Settings
    private var random: SplitMix64
    private var drift = 0.0
    private let cumulative: [Double]
    private var circle: [(user: SyntheticUser, text: String)] = []
    private var circleNext = 0
    private var copypasta: [String] = []

    init(_ settings: SyntheticChat.Settings) {
        self.settings = settings
        random = SplitMix64(seed: settings.seed)
        // Zipf's law with an offset, so that the top hundredth writes a fifth of the messages.
        var sum = 0.0
        cumulative = (0..<max(1, settings.population)).map { rank in
            sum += 1 / (Double(rank) + 24)
            return sum
        }
        drift = random.normal() * settings.variability
    }

    /// Writes one second of ordinary talk and bursts.
    mutating func talk(at time: MediaTime, bursts: [(height: Double, laughter: Double)]) {
        let memory = SplitMix64.exponential(-1 / max(0.1, settings.variabilitySeconds))
        let kick = (1 - memory * memory).squareRoot() * settings.variability
        drift = memory * drift + kick * random.normal()
        let base = settings.messagesPerMinute / 60
        let wander = SplitMix64.exponential(drift - settings.variability * settings.variability / 2)
        for _ in 0..<random.poisson(base * wander) {
            write(at: time, talkativeness: settings.talkativeness, laughter: settings.laughter)
        }
        for burst in bursts {
            for _ in 0..<random.poisson(base * burst.height) {
                write(
                    at: time,
                    talkativeness: settings.burstTalkativeness,
                    laughter: burst.laughter,
                    isExcited: true
                )
            }
        }
    }

    /// Writes one message of an ordinary viewer.
    private mutating func write(
        at second: MediaTime,
        talkativeness: Double,
        laughter: Double,
        isExcited: Bool = false
    ) {
        let time = second + .milliseconds(random.index(below: 1000))
        if !isExcited, random.happens(0.005) {
            return add(.bot, SyntheticPhrases.bot(&random), at: time)
        }
        let goesOn = random.happens(talkativeness) && !circle.isEmpty
        let slot = goesOn ? random.index(below: circle.count) : circleNext
        let user = goesOn ? circle[slot].user : SyntheticUser(rank: drawRank())
        let text: String
        if goesOn, random.happens(0.06) {
            text = circle[slot].text
        } else if random.happens(0.01) {
            text = SyntheticPhrases.command(&random)
        } else {
            text = drawText(laughter: laughter, isExcited: isExcited)
        }
        if goesOn {
            circle[slot].text = text
        } else if circle.count < Self.circleSize {
            circle.append((user, text))
            circleNext = circle.count % Self.circleSize
        } else {
            circle[circleNext] = (user, text)
            circleNext = (circleNext + 1) % Self.circleSize
        }
        add(user, text, at: time)
    }

    private mutating func drawText(laughter: Double, isExcited: Bool) -> String {
        let choice = random.uniform()
        if choice < laughter { return SyntheticPhrases.laughter(&random) }
        if choice < laughter + 0.025, let last = copypasta.last { return last }
        if choice < laughter + 0.03 {
            let text = SyntheticPhrases.sentence(&random, words: 9...18)
            copypasta = [text]
            return text
        }
        if choice < laughter + (isExcited ? 0.44 : 0.36) {
            return isExcited ? SyntheticPhrases.cheer(&random) : SyntheticPhrases.emote(&random)
        }
        return SyntheticPhrases.sentence(&random, words: 2...10)
    }

    /// Draws who talks by Zipf's law.
    private mutating func drawRank() -> Int {
        let target = random.uniform() * (cumulative.last ?? 0)
        var (low, high) = (0, cumulative.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] <= target { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func add(_ user: SyntheticUser, _ text: String, at time: MediaTime) {
        messages.append(
            ChatMessage(
                time: time,
                userID: user.id,
                displayName: user.name,
                text: text,
                id: ChatMessageID(high: random.next(), low: random.next())
            )
        )
    }

    private mutating func addNotice(_ kind: ChatMessage.Kind, _ user: SyntheticUser, _ text: String, at time: MediaTime)
    {
        messages.append(
            ChatMessage(
                time: time,
                userID: user.id,
                displayName: user.name,
                text: text,
                kind: kind,
                id: ChatMessageID(high: random.next(), low: random.next())
            )
        )
    }

    /// Writes everything of an event that is not a burst of ordinary viewers.
    mutating func add(_ event: SyntheticChat.Event) {
        let stranger = settings.population + random.index(below: 1_000_000)
        switch event {
        case .hype, .laughter: break
        case .giftStorm(let start, let gifts):
            let giver = SyntheticUser(rank: drawRank())
            addNotice(.gift(count: max(1, gifts)), giver, "is gifting \(gifts) Tier 1 Subs", at: start)
            for _ in 0..<gifts {
                let receiver = SyntheticUser(rank: drawRank())
                addNotice(.gift(count: 1), giver, "gifted a Tier 1 sub to \(receiver.name)!", at: within(8, of: start))
            }
        case .raid(let start, let viewers):
            let raider = SyntheticUser(rank: stranger)
            let text = "\(viewers) raiders from \(raider.name) have joined!"
            addNotice(.raid(viewers: viewers), raider, text, at: start)
            for index in 0..<viewers {
                let user = SyntheticUser(rank: stranger + 1 + index)
                add(user, SyntheticPhrases.greeting(&random), at: within(40, of: start))
            }
        case .soloFlood(let start, let count):
            let user = SyntheticUser(rank: drawRank())
            for _ in 0..<count {
                add(user, SyntheticPhrases.sentence(&random, words: 1...3), at: within(20, of: start))
            }
        case .spam(let start, let count):
            let text = SyntheticPhrases.sentence(&random, words: 4...8)
            let users = (0..<3).map { _ in SyntheticUser(rank: drawRank()) }
            for index in 0..<count { add(users[index % 3], text, at: within(20, of: start)) }
        case .botNet(let start, let accounts):
            let text = "get famous now at best-viewers dot example"
            for index in 0..<accounts {
                add(SyntheticUser(rank: stranger + 1 + index), text, at: within(2, of: start))
            }
        }
    }

    private mutating func within(_ seconds: Int, of start: MediaTime) -> MediaTime {
        start + .milliseconds(random.index(below: seconds * 1000))
    }
}

/// Somebody who writes into a synthetic chat.
struct SyntheticUser {
    /// The platform's number.
    let id: String
    /// The name that viewers see.
    let name: String

    /// A chat bot.
    static let bot = SyntheticUser(id: "19264788", name: "Nightbot")

    private init(id: String, name: String) {
        self.id = id
        self.name = name
    }

    /// The viewer of a rank; each rank has a number and a name of its own.
    init(rank: Int) {
        id = String(20_000_000 + rank * 97)
        let colours = SyntheticPhrases.nameBeginnings
        let animals = SyntheticPhrases.nameEndings
        let pair = rank % (colours.count * animals.count)
        name = colours[pair % colours.count] + animals[pair / colours.count] + String(rank)
    }
}
