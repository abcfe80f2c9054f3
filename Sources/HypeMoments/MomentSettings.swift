package import HypeCore

/// Every threshold of the rule, the clip planner and faces on demand.
///
/// Units, ranges and meanings of all of them stand in ``fields``, from which checking, JSON and the settings reference
/// are made.
package struct MomentSettings: Hashable, Sendable {
    /// How chat observations become signals.
    package var chat = GateSettings(minimum: .seconds(2), rearm: .seconds(5), plateau: 0.8)
    /// How voice observations become signals.
    package var voice = GateSettings(minimum: .seconds(1), rearm: .milliseconds(1_500))
    /// How face observations become signals.
    package var face = GateSettings(minimum: .milliseconds(500), rearm: .seconds(1))

    /// Largest gap between two signals that still agree.
    package var window: Duration = .seconds(5)
    /// Two signals further apart than ``window`` but within this are noted as a near miss.
    package var nearWindow: Duration = .seconds(15)
    /// Time around a moment in which no other moment may begin.
    package var coolDown: Duration = .seconds(20)
    /// How long after an event its last signal may still become known.
    package var lateness: Duration = .seconds(45)
    /// How long chat takes to react.
    package var chatLag: Duration = ChatLag.defaultLag
    /// Longest stretch after its corrected start that a chat signal adds to a moment.
    package var chatReach: Duration = .seconds(10)
    /// Longest moment; what goes on for longer is cut there.
    package var longestMoment: Duration = .seconds(45)
    /// Score from which a signal that stays alone is noted as a near miss.
    package var strong: Double = 0.75

    /// Time before the moment that belongs to the clip.
    package var preRoll: Duration = .seconds(10)
    /// Time after the moment that belongs to the clip.
    package var postRoll: Duration = .seconds(3)
    /// Shortest clip, where the recording is long enough.
    package var shortestClip: Duration = .seconds(8)
    /// Longest clip.
    package var longestClip: Duration = .seconds(60)
    /// How far start and end may move to fall into a speech pause.
    package var snap: Duration = .milliseconds(1_500)

    /// Length of the grid cells in which faces are analysed on demand, counted from media time zero.
    package var faceSegment: Duration = .seconds(4)

    /// The defaults.
    package init() {}

    /// How one kind of observation becomes a signal.
    package subscript(_ kind: SignalKind) -> GateSettings {
        switch kind {
        case .chat: chat
        case .voice: voice
        case .face: face
        }
    }
}

extension MomentSettings {
    /// Checks every setting, and how they fit together.
    ///
    /// - Throws: ``MomentError`` with code ``MomentError/Code/settings`` that names all mistakes at once.
    package func validate() throws(MomentError) {
        var mistakes = Self.fields.compactMap { $0.mistake(in: self) }
        for kind in SignalKind.allCases where self[kind].close >= self[kind].open {
            mistakes.append("\(kind.rawValue).close must be less than \(kind.rawValue).open.")
        }
        if nearWindow < window { mistakes.append("nearWindow must be at least window.") }
        if coolDown < window { mistakes.append("coolDown must be at least window.") }
        if shortestClip > longestClip { mistakes.append("shortestClip must be at most longestClip.") }
        if preRoll + postRoll >= longestClip {
            mistakes.append("preRoll and postRoll together must be less than longestClip.")
        }
        guard mistakes.isEmpty else {
            throw MomentError(
                .settings,
                "The moment settings have \(mistakes.count == 1 ? "a mistake" : "\(mistakes.count) mistakes"): "
                    + mistakes.joined(separator: " ")
            )
        }
    }
}
