import HypeChat
import HypeCore

/// The quantities by which a made-up chat is compared with real ones.
struct ChatStatistics {
    let messagesPerMinute: Double
    /// Variance over mean of 10 s counts after taking off the mean of the 5 min around.
    let dispersion: Double
    /// Median over minutes of distinct users.
    let usersPerMinute: Double
    /// Messages by the top hundredth of the users.
    let topHundredthShare: Double
    let laughterShare: Double
    /// Messages whose user wrote the same text less than 30 s before.
    let sameAgainShare: Double
    /// Messages of at least 25 characters that somebody wrote less than 30 s before.
    let copypastaShare: Double
    let commandShare: Double
    let botShare: Double
    /// Distinct users per message in runs of 150 messages.
    let usersPerMessage: Double
    /// Part of the messages in runs of 150 that repeat an earlier text of the run.
    let repeatedShare: Double

    init(_ messages: [ChatMessage], seconds: Int) {
        let total = Double(messages.count)
        messagesPerMinute = total / Double(seconds) * 60

        var counts = [Double](repeating: 0, count: seconds / 10)
        var minutes = [Set<String>](repeating: [], count: seconds / 60)
        var perUser: [String: Int] = [:]
        var lastOfUser: [String: Double] = [:]
        var lastText: [String: Double] = [:]
        var (same, pasta, laughs) = (0.0, 0.0, 0.0)
        let laughter: Set<String> = [
            "LUL", "KEKW", "LMAO", "lol", "OMEGALUL", "xD", "haha", "LULW", "lmfao", "ROFL", "😂😂😂", "AHAHAHA",
        ]
        for message in messages {
            let time = message.time.seconds
            counts[min(counts.count - 1, Int(time / 10))] += 1
            minutes[min(minutes.count - 1, Int(time / 60))].insert(message.userID)
            perUser[message.userID, default: 0] += 1
            let key = message.userID + " " + message.text
            if let last = lastOfUser[key], time - last < 30 { same += 1 }
            lastOfUser[key] = time
            if message.text.count >= 25, let last = lastText[message.text], time - last < 30 { pasta += 1 }
            lastText[message.text] = time
            if laughter.contains(message.text) { laughs += 1 }
        }
        let deviations = counts.indices.map { index in
            let around = counts[max(0, index - 15)..<min(counts.count, index + 15)]
            let deviation = counts[index] - around.reduce(0, +) / Double(around.count)
            return deviation * deviation
        }
        dispersion = deviations.reduce(0, +) / counts.reduce(0, +)
        usersPerMinute = minutes.map { Double($0.count) }.sorted()[minutes.count / 2]
        let top = perUser.values.sorted(by: >).prefix(max(1, perUser.count / 100)).reduce(0, +)
        topHundredthShare = Double(top) / total
        laughterShare = laughs / total
        sameAgainShare = same / total
        copypastaShare = pasta / total
        commandShare = Double(messages.filter(\.isCommand).count) / total
        botShare = Double(messages.filter(\.isBot).count) / total
        let runs = stride(from: 0, to: messages.count - 150, by: 150).map { messages[$0..<$0 + 150] }
        usersPerMessage =
            runs.map { Double(Set($0.map(\.userID)).count) / 150 }.reduce(0, +) / Double(max(1, runs.count))
        repeatedShare =
            runs.map { 1 - Double(Set($0.map(\.text)).count) / 150 }.reduce(0, +) / Double(max(1, runs.count))
    }
}
