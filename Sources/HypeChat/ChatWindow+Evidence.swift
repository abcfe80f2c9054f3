import HypeCore

extension ChatWindow {
    /// The texts that were said most often in the window, most frequent first.
    ///
    /// - Parameter limit: How many at most; a text that was said once is left out.
    /// - Returns: The texts with their counts.
    func topMessages(_ limit: Int) -> [RepeatedText] {
        var texts: [(digest: UInt64, index: Int)] = []
        texts.reserveCapacity(lineCount)
        for index in head..<lines.count where lines[index].kind == .message && !lines[index].isRemoved {
            let digest = TextFolding.digest(lines[index].text)
            if digest != 0 { texts.append((digest, index)) }
        }
        texts.sort { $0 < $1 }
        var groups: [(count: Int, first: Int)] = []
        var start = 0
        for end in 1...max(1, texts.count) where end >= texts.count || texts[end].digest != texts[start].digest {
            if end - start > 1 { groups.append((end - start, texts[start].index)) }
            start = end
        }
        groups.sort { ($1.count, $0.first) < ($0.count, $1.first) }
        return groups.prefix(limit).map {
            RepeatedText(text: TextFolding.displayed(lines[$0.first].text), count: $0.count)
        }
    }

    /// What a rise that is no alarm consists of, for a person.
    ///
    /// - Parameter isGreetingRaid: Whether people are greeting a raid.
    /// - Returns: A part of a sentence, such as `50 lines about gifts`.
    func suppressionReason(isGreetingRaid: Bool) -> String {
        var perUser: [Int32: Int] = [:]
        var perKind: [LineKind: Int] = [:]
        for index in head..<lines.count where !lines[index].isRemoved {
            perKind[lines[index].kind, default: 0] += 1
            if lines[index].kind == .message { perUser[lines[index].user, default: 0] += 1 }
        }
        let messages = perKind[.message] ?? 0
        let loudest = perUser.values.sorted(by: >).prefix(3)
        let shouted = loudest.reduce(0, +)
        var candidates: [(weight: Int, reason: String)] = [
            (perKind[.gift] ?? 0, "\(perKind[.gift] ?? 0) lines about gifts"),
            (perKind[.command] ?? 0, "\(perKind[.command] ?? 0) bot commands"),
            (perKind[.bot] ?? 0, "\(perKind[.bot] ?? 0) messages of bots"),
            (perKind[.system] ?? 0, "\(perKind[.system] ?? 0) lines of the platform"),
        ]
        let raiders = markedUsers(.raider)
        if raiders > 0 || isGreetingRaid {
            let size = raidViewers.map { $0 > 0 ? " of \($0) viewers" : "" } ?? ""
            candidates.append((raiders + (isGreetingRaid ? messages / 2 : 0), "a raid\(size)"))
        }
        let botNet = markedUsers(.botNet)
        candidates.append((botNet, "\(botNet) new accounts with the same text at once"))
        let moderated = markedUsers(.moderated)
        candidates.append((moderated, "\(moderated) users whose messages were removed"))
        if shouted * 2 > messages {
            let who = loudest.count == 1 || (loudest.first ?? 0) * 2 > messages ? "one user" : "\(loudest.count) users"
            let count = who == "one user" ? loudest.first ?? 0 : shouted
            candidates.append((count, "\(count) of \(messages) messages by \(who)"))
        }
        candidates.append((1, "more messages but hardly more people"))
        return candidates.max { $0.weight < $1.weight }?.reason ?? ""
    }
}
