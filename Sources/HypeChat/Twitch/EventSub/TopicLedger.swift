/// Which topics of one session are subscribed, asked for, or to be asked for again.
struct TopicLedger: Sendable {
    private enum Standing {
        case asked
        case accepted
        case refused
        case retry(at: Duration)
    }

    private var standings: [EventSubTopic: Standing] = [:]
    private var attempts: [EventSubTopic: Int] = [:]

    /// Creates the ledger of a session that has just begun: everything is asked for.
    ///
    /// - Parameter topics: What is wanted.
    init(asking topics: [EventSubTopic] = []) {
        for topic in topics { standings[topic] = .asked }
    }

    /// Whether everything that can be had is subscribed, and at least one topic is.
    var isSettled: Bool {
        !standings.isEmpty
            && standings.values.allSatisfy {
                switch $0 {
                case .accepted, .refused: true
                case .asked, .retry: false
                }
            }
    }

    /// When the next topic is to be asked for again.
    var nextRetry: Duration? {
        standings.values.compactMap { if case .retry(let time) = $0 { time } else { nil } }.min()
    }

    /// Whether a topic has been asked for and not answered.
    func isAsked(_ topic: EventSubTopic) -> Bool {
        if case .asked? = standings[topic] { true } else { false }
    }

    /// Notes that a topic is subscribed.
    mutating func accept(_ topic: EventSubTopic) { standings[topic] = .accepted }

    /// Notes that a topic cannot be had.
    mutating func refuse(_ topic: EventSubTopic) { standings[topic] = .refused }

    /// Has a topic asked for again after a pause that doubles each time, up to a minute.
    mutating func postpone(_ topic: EventSubTopic, by pause: Duration, at now: Duration) {
        let attempt = attempts[topic, default: 0]
        attempts[topic] = attempt + 1
        standings[topic] = .retry(at: now + min(.seconds(60), pause * (1 << min(attempt, 10))))
    }

    /// The topics that are to be asked for now; they count as asked from here on.
    mutating func takeDue(at now: Duration) -> [EventSubTopic] {
        EventSubTopic.allCases.filter { topic in
            guard case .retry(let time)? = standings[topic], now >= time else { return false }
            standings[topic] = .asked
            return true
        }
    }
}
