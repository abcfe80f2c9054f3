import HypeCore

/// Names and signs of moments and signals.
enum MomentText {
    static func title(_ moment: Moment) -> String {
        switch (moment.decision, moment.miss) {
        case (.instant, _): "Moment \(moment.id): all three signals"
        case (.clip, _): "Moment \(moment.id): two of three signals"
        case (.nearMiss, .lone): "Near miss \(moment.id): one signal alone"
        case (.nearMiss, .apart): "Near miss \(moment.id): signals too far apart"
        case (.nearMiss, .coolDown): "Near miss \(moment.id): inside the cool-down"
        case (.nearMiss, nil): "Near miss \(moment.id)"
        }
    }

    static func symbol(_ moment: Moment) -> String {
        switch moment.decision {
        case .instant: "★"
        case .clip: "●"
        case .nearMiss: "○"
        }
    }

    static func badge(_ decision: Moment.Decision) -> String {
        switch decision {
        case .instant: "★ 3 of 3"
        case .clip: "● 2 of 3"
        case .nearMiss: "○ near miss"
        }
    }

    static func name(_ kind: SignalKind) -> String {
        switch kind {
        case .chat: "Chat"
        case .voice: "Voice"
        case .face: "Face"
        }
    }
}
