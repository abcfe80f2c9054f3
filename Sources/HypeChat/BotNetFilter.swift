import Foundation
import HypeCore

/// Recognises many accounts in one hand: newcomers who all say the same at once, and hardly anybody else says it.
///
/// The same text from different people is a sign of hype, so that alone is never held against it. In real hype a text is
/// said by regulars and newcomers alike. So accounts are only set aside when, given the share of newcomers among those who
/// begin to speak in this chat, it is all but impossible that the speakers of one text are newcomers by chance (Chernoff's
/// bound on the binomial tail).
package struct BotNetFilter: Sendable {
    /// What is taken for one hand.
    package struct Settings: Hashable, Sendable {
        /// The accounts have to speak within this time; above 0.
        package var within: Duration = .seconds(2)
        /// Fewest accounts, at least 2.
        package var minimumAccounts = 6
        /// Probability below which chance is ruled out, between 0 and 1.
        package var chance = 1e-3
        /// A text is forgotten when nobody said it for so long.
        package var memory: Duration = .seconds(10)

        /// Creates the default settings.
        package init() {}
    }

    private struct Group {
        var text: UInt64 = 0
        var last: Int64 = .min
        var burstStart: Int64 = .min
        var burst = 0
        var newcomers = 0
        var regulars = 0
        var isBotNet = false
    }

    private static let slots = 1024

    private let within: Int64
    private let memory: Int64
    private let minimumAccounts: Int
    private let evidenceNeeded: Double
    private var groups = [Group](repeating: Group(), count: Self.slots)
    private var speakers = 0.0
    private var newcomerShare = 1.0

    init(_ settings: Settings) {
        within = settings.within.nanoseconds
        memory = settings.memory.nanoseconds
        minimumAccounts = max(2, settings.minimumAccounts)
        evidenceNeeded = -log(min(max(settings.chance, 1e-12), 0.999))
    }

    /// What a message means for the accounts that said its text.
    enum Verdict {
        /// Nothing is wrong.
        case fine
        /// The text is that of a bot net since this message: all newcomers who said it are part of it.
        case exposed
        /// The text is known to be that of a bot net.
        case known
    }

    /// Learns the usual share of newcomers from a user who begins to speak.
    mutating func noteSpeaker(isNewcomer: Bool) {
        speakers = min(speakers + 1, 500)
        newcomerShare += ((isNewcomer ? 1 : 0) - newcomerShare) / speakers
    }

    /// Takes in a message.
    ///
    /// - Parameters:
    ///   - text: Digest of the very text, not 0.
    ///   - time: When it was written, in nanoseconds.
    ///   - isFirstMessage: Whether the user never wrote before.
    /// - Returns: Whether the text is that of a bot net.
    mutating func judge(text: UInt64, at time: Int64, isFirstMessage: Bool) -> Verdict {
        let slot = Int(truncatingIfNeeded: text % UInt64(Self.slots))
        if groups[slot].text != text || time - groups[slot].last > memory {
            groups[slot] = Group(text: text, last: time)
        }
        groups[slot].last = time
        guard isFirstMessage else {
            groups[slot].regulars += 1
            return groups[slot].isBotNet ? .known : .fine
        }
        if groups[slot].burst == 0 || time - groups[slot].burstStart > within {
            groups[slot].burstStart = time
            groups[slot].burst = 0
        }
        groups[slot].burst += 1
        groups[slot].newcomers += 1
        if groups[slot].isBotNet { return .known }
        guard groups[slot].burst >= minimumAccounts, isImprobable(groups[slot]) else { return .fine }
        groups[slot].isBotNet = true
        return .exposed
    }

    private func isImprobable(_ group: Group) -> Bool {
        let total = Double(group.newcomers + group.regulars)
        let share = Double(group.newcomers) / total
        let usual = min(max(newcomerShare, 0.01), 0.99)
        guard share > usual else { return false }
        let divergence =
            share * log(share / usual) + (share < 1 ? (1 - share) * log((1 - share) / (1 - usual)) : 0)
        return total * divergence > evidenceNeeded
    }
}
