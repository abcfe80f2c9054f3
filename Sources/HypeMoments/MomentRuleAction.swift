package import HypeCore

extension MomentRule {
    /// What the rule tells its owner.
    package enum Action: Hashable, Sendable {
        /// A signal, or a stretch that could not be seen, is complete.
        case signal(Signal)
        /// A new moment.
        case decided(Moment)
        /// A moment gained its third kind.
        case upgraded(Moment)
        /// The moment with this number became part of another.
        case absorbed(id: Int, into: Moment)
        /// The clip of a moment should be cut now.
        ///
        /// Comes again when the moment changed since. `complete` says whether the post-roll has passed.
        case due(Moment, complete: Bool)
        /// A moment will not change any more.
        case settled(Moment)
        /// A stretch that is no moment, with the reason.
        case nearMiss(Moment)
    }
}

extension MomentRule.Action: Codable {
    fileprivate enum Name: String, Codable {
        case signal, decided, upgraded, absorbed, due, settled, nearMiss
    }

    fileprivate enum CodingKeys: String, CodingKey {
        case action, signal, moment, complete, absorbed
    }

    /// Reads an object with the name of the action under `action`.
    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let name = try container.decode(Name.self, forKey: .action)
        guard name != .signal else {
            self = .signal(try container.decode(Signal.self, forKey: .signal))
            return
        }
        let moment = try container.decode(Moment.self, forKey: .moment)
        self =
            switch name {
            case .decided, .signal: .decided(moment)
            case .upgraded: .upgraded(moment)
            case .absorbed: .absorbed(id: try container.decode(Int.self, forKey: .absorbed), into: moment)
            case .due: .due(moment, complete: try container.decode(Bool.self, forKey: .complete))
            case .settled: .settled(moment)
            case .nearMiss: .nearMiss(moment)
            }
    }

    /// Writes an object with the name of the action under `action`.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .signal(let signal):
            try container.encode(Name.signal, forKey: .action)
            try container.encode(signal, forKey: .signal)
        case .decided(let moment): try container.encode(.decided, moment)
        case .upgraded(let moment): try container.encode(.upgraded, moment)
        case .absorbed(let id, let moment):
            try container.encode(.absorbed, moment)
            try container.encode(id, forKey: .absorbed)
        case .due(let moment, let complete):
            try container.encode(.due, moment)
            try container.encode(complete, forKey: .complete)
        case .settled(let moment): try container.encode(.settled, moment)
        case .nearMiss(let moment): try container.encode(.nearMiss, moment)
        }
    }
}

extension KeyedEncodingContainer<MomentRule.Action.CodingKeys> {
    fileprivate mutating func encode(_ name: MomentRule.Action.Name, _ moment: Moment) throws {
        try encode(name, forKey: .action)
        try encode(moment, forKey: .moment)
    }
}
