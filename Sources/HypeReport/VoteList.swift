import HypeCore

/// What the three kinds of signals said about a moment.
struct VoteList {
    let votes: [Vote]

    var html: HTML { "<ul class=\"votes\">\(votes.map(row))</ul>" }

    private func row(_ vote: Vote) -> HTML {
        """
        <li class="vote \(vote.kind.rawValue) \(vote.state.rawValue)"><span class="kind">\(MomentText.name(vote.kind))</span>\
        <span class="meter" role="img" aria-label="\(label(vote))"><i style="width:\(Format.percent(vote.score ?? 0))%"></i></span>\
        <span class="figure">\(figure(vote))</span>
        <div class="evidence">\(evidence(vote))</div></li>
        """
    }

    private func label(_ vote: Vote) -> String {
        let score = vote.score.map { ", \(Format.percent($0)) percent" } ?? ""
        return "\(MomentText.name(vote.kind)) \(state(vote.state))\(score)"
    }

    private func state(_ state: Vote.State) -> String {
        switch state {
        case .present: "voted"
        case .quiet: "quiet"
        case .missing: "missing"
        case .unobserved: "not looked at"
        }
    }

    private func figure(_ vote: Vote) -> String {
        switch (vote.state, vote.score) {
        case (.present, let score?): "\(Format.percent(score)) %"
        case (.quiet, let score?): "quiet, \(Format.percent(score)) %"
        default: state(vote.state)
        }
    }

    private func evidence(_ vote: Vote) -> HTML {
        if let reason = vote.reason { return "<p>\(reason)</p>" }
        return switch vote.evidence {
        case .chat(let chat)?: self.chat(chat)
        case .voice(let voice)?: self.voice(voice)
        case .face(let face)?: self.face(face)
        case nil: .empty
        }
    }

    private func chat(_ chat: ChatEvidence) -> HTML {
        let people = Format.count(chat.uniqueUsers, "person", "people")
        let usual = Format.decimal(chat.baseline, digits: 1)
        let rate = Format.decimal(chat.messagesPerSecond, digits: 1)
        let texts = chat.topMessages.prefix(6).map { message -> HTML in
            "<li><bdi>\(message.text)</bdi> <b>×\(message.count)</b></li>"
        }
        let suppressed: HTML = chat.suppressed.map { "<p>Not counted: \($0)</p>" } ?? .empty
        let list: HTML = texts.isEmpty ? .empty : "<ul class=\"said\" aria-label=\"Said most often\">\(texts)</ul>"
        return "<p>\(people) (usually \(usual)), \(rate) messages/s</p>\(suppressed)\(list)"
    }

    private func voice(_ voice: VoiceEvidence) -> HTML {
        var parts = ["arousal \(Format.percent(voice.arousal)) %", gain(voice.loudnessGain, "dB") + " loudness"]
        if let pitch = voice.pitchGain { parts.append(gain(pitch, "semitones") + " pitch") }
        parts += (voice.sounds ?? []).map { sound in
            "\(sound.kind.rawValue) \(Format.percent(sound.score)) % at \(Format.clock(sound.time))"
        }
        return "<p>\(parts.joined(separator: ", "))</p>\(voice.emotion.map(emotions) ?? .empty)"
    }

    private func face(_ face: FaceEvidence) -> HTML {
        emotions(face.emotion)
    }

    private func gain(_ value: Double, _ unit: String) -> String {
        let sign = value >= 0 ? "+" : "−"
        return "\(sign)\(Format.decimal(value.magnitude, digits: 1)) \(unit)"
    }

    /// The three strongest emotions as bars.
    private func emotions(_ scores: EmotionScores) -> HTML {
        let basic = scores.basic
        let strongest = Emotion.basic.sorted { (basic[$1], $0.rawValue) < (basic[$0], $1.rawValue) }.prefix(3)
        let bars = strongest.map { emotion -> HTML in
            let percent = Format.percent(Double(basic[emotion]))
            return """
                <li><span>\(emotion.rawValue)</span><span class="bar-track"><i style="width:\(percent)%"></i></span><b>\(percent) %</b></li>
                """
        }
        return "<ul class=\"emotions\" aria-label=\"Emotions\">\(bars)</ul>"
    }
}
