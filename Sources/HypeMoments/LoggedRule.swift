package import HypeCore

/// A rule that writes down everything it is given and everything it says.
package struct LoggedRule: Sendable {
    private var rule: MomentRule
    private var entries: [DecisionLog.Entry] = []

    /// Creates a rule that knows of nothing yet.
    ///
    /// - Parameter settings: The thresholds; check them with ``MomentSettings/validate()`` first.
    package init(settings: MomentSettings = MomentSettings()) {
        rule = MomentRule(settings: settings)
    }

    /// The thresholds.
    package var settings: MomentSettings { rule.settings }

    /// Changes how long chat takes to react.
    package mutating func setChatLag(_ lag: Duration) {
        rule.chatLag = lag
        entries.append(.chatLag(lag))
    }

    /// Takes the next observation; see ``MomentRule/ingest(_:)``.
    package mutating func ingest(_ observation: Observation) -> [MomentRule.Action] {
        note(.observation(observation), rule.ingest(observation))
    }

    /// Lets media time pass; see ``MomentRule/advance(to:)``.
    package mutating func advance(to time: MediaTime) -> [MomentRule.Action] {
        note(.advance(time), rule.advance(to: time))
    }

    /// Ends the stream; see ``MomentRule/finish(at:)``.
    package mutating func finish(at end: MediaTime) -> [MomentRule.Action] {
        note(.finish(end), rule.finish(at: end))
    }

    /// Hands over what was written down since the last call, to be stored.
    package mutating func takeEntries() -> [DecisionLog.Entry] {
        defer { entries = [] }
        return entries
    }

    private mutating func note(_ entry: DecisionLog.Entry, _ actions: [MomentRule.Action]) -> [MomentRule.Action] {
        entries.append(entry)
        entries += actions.map(DecisionLog.Entry.action)
        return actions
    }
}
