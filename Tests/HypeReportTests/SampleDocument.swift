import Foundation
import HypeCore
import HypeReport

/// A report as a short recording might give it, with chat that tries to break the page.
enum SampleDocument {
    static let attack = "<script>alert('pwned')</script><img src=x onerror=alert(1)>\"'&"

    static func make(seconds: Int = 600, faceOnDemand: Bool = true) -> ReportDocument {
        let interval = MediaInterval(seconds: 0..<Double(seconds))
        var document = ReportDocument(name: "friday-night-ranked.mp4", interval: interval)
        document.media = MediaInfo(
            container: "mov,mp4,m4a",
            interval: interval,
            video: .init(codec: "h264", width: 1_280, height: 720, frameRate: 30, rotation: 0),
            audio: .init(codec: "aac", sampleRate: 48_000, channels: 2)
        )
        document.chatLag = .seconds(4.5)
        document.observations = observations(seconds: seconds, faceOnDemand: faceOnDemand)
        document.moments = moments
        document.clips = clips
        document.warnings = [
            "The chat log has 3 lines that cannot be read; the first is line 812.",
            "The camera was covered from 4:10 to 4:50.",
        ]
        document.facts = [
            .init("Chat", "TwitchDownloader JSON, 4,812 messages of 391 people"),
            .init("Chat lag", "4.5 s, estimated from 9 bursts (confidence 0.98)"),
            .init("Camera", "webcam inset found at 960,480, 320×240"),
        ]
        document.elapsed = .seconds(5.4)
        document.timings = [
            .init("Sound and voice", .seconds(2.1)), .init("Faces", .seconds(2.6)), .init("Cutting", .seconds(0.3)),
        ]
        document.settings = [
            .init(key: "window", value: "5 s", summary: "Largest gap between two signals that still agree."),
            .init(key: "preRoll", value: "10 s", summary: "Time before the moment that belongs to the clip."),
        ]
        document.generator = "hypeclip 0.1"
        return document
    }

    private static let peaks: [(kind: SignalKind, at: Double, length: Double, height: Double)] = [
        (.chat, 130, 22, 0.97), (.voice, 121, 6, 0.93), (.face, 122, 7, 0.88),
        (.voice, 205, 4, 0.83),
        (.chat, 310, 18, 0.81), (.voice, 302, 5, 0.78),
        (.chat, 402, 20, 0.9),
        (.chat, 498, 14, 0.74), (.voice, 488, 4, 0.7), (.face, 489, 6, 0.69),
    ]

    private static func observations(seconds: Int, faceOnDemand: Bool) -> [Observation] {
        let rates: [(SignalKind, Double)] = [(.chat, 1), (.voice, 0.5), (.face, 0.25)]
        return rates.flatMap { kind, step in
            stride(from: 0, to: Double(seconds), by: step).compactMap { start -> Observation? in
                let interval = MediaInterval(seconds: start..<start + step)
                if kind == .face, faceOnDemand {
                    let isWanted =
                        peaks.contains { $0.kind != .face && abs($0.at - start) < 20 } || start > 240 && start < 296
                    guard isWanted else { return nil }
                }
                if kind == .face, start >= 250, start < 290 {
                    return Observation(kind: .face, interval: interval, missing: "no face in the camera picture")
                }
                let wave = 0.5 + 0.5 * sin(start * 0.9 + Double(kind.rawValue.utf8.count)) * sin(start * 0.13)
                let peak =
                    peaks.filter { $0.kind == kind }.map { peak -> Double in
                        let distance = (start - peak.at - peak.length / 3) / (peak.length / 2.4)
                        return peak.height * exp(-distance * distance)
                    }.max() ?? 0
                return Observation(kind: kind, interval: interval, score: max(peak, 0.05 + wave * 0.22), evidence: nil)
            }
        }
    }

    static let chat = Evidence.chat(
        ChatEvidence(
            messagesPerSecond: 11.4,
            uniqueUsers: 87,
            baseline: 14.2,
            topMessages: [
                RepeatedText(text: "POGGERS", count: 41), RepeatedText(text: "omg no way", count: 17),
                RepeatedText(text: attack, count: 9), RepeatedText(text: "クリップ!!", count: 6),
                RepeatedText(text: "LMAO", count: 5),
            ]
        )
    )
    static let voice = Evidence.voice(
        VoiceEvidence(
            emotion: EmotionScores([.surprise: 0.58, .happy: 0.31, .angry: 0.07, .neutral: 0.04]),
            arousal: 0.91,
            loudness: -14,
            loudnessGain: 9.3,
            pitch: 312,
            pitchGain: 6.1,
            speechFraction: 0.82,
            sounds: [HeardSound(kind: .laughter, score: 0.83, time: MediaTime(seconds: 134))]
        )
    )
    static let face = Evidence.face(
        FaceEvidence(
            emotion: EmotionScores([.happy: 0.83, .surprise: 0.12, .neutral: 0.05]),
            region: PixelRegion(x: 1_010, y: 520, width: 140, height: 140),
            faceConfidence: 0.98,
            track: 1
        )
    )

    private static func present(
        _ kind: SignalKind,
        _ start: Double,
        _ end: Double,
        _ score: Double,
        _ evidence: Evidence
    ) -> Vote {
        Vote(
            kind: kind,
            state: .present,
            interval: MediaInterval(seconds: start..<end),
            score: score,
            evidence: evidence
        )
    }

    static let moments: [Moment] = [
        Moment(
            id: 1,
            decision: .instant,
            core: MediaInterval(seconds: 121..<133),
            votes: [
                present(.chat, 123, 133, 0.97, chat), present(.voice, 121, 127, 0.93, voice),
                present(.face, 122, 128, 0.88, face),
            ],
            reason: "All three signals agree: chat 0.97, voice 0.93, face 0.88.",
            decidedAt: MediaTime(seconds: 141)
        ),
        Moment(
            id: 2,
            decision: .nearMiss,
            miss: .lone,
            core: MediaInterval(seconds: 205..<208),
            votes: [
                Vote(kind: .chat, state: .quiet, score: 0.21), present(.voice, 205, 208, 0.83, voice),
                Vote(kind: .face, state: .quiet, score: 0.34, evidence: face),
            ],
            reason: "Only voice 0.83; chat quiet at 0.21, face quiet at 0.34.",
            decidedAt: MediaTime(seconds: 258)
        ),
        Moment(
            id: 3,
            decision: .clip,
            core: MediaInterval(seconds: 302..<314),
            votes: [
                present(.chat, 305, 320, 0.81, chat), present(.voice, 302, 307, 0.78, voice),
                Vote(kind: .face, state: .missing, reason: "no face in the camera picture"),
            ],
            reason: "Two of three signals agree: chat 0.81, voice 0.78, face missing (no face in the camera picture).",
            decidedAt: MediaTime(seconds: 322)
        ),
        Moment(
            id: 4,
            decision: .nearMiss,
            miss: .lone,
            core: MediaInterval(seconds: 398..<408),
            votes: [
                present(.chat, 398, 414, 0.9, chat), Vote(kind: .voice, state: .quiet, score: 0.18),
                Vote(kind: .face, state: .unobserved),
            ],
            reason: "Only chat 0.9; voice quiet at 0.18, face not looked at.",
            decidedAt: MediaTime(seconds: 460)
        ),
        Moment(
            id: 5,
            decision: .clip,
            core: MediaInterval(seconds: 488..<494),
            votes: [
                Vote(kind: .chat, state: .quiet, score: 0.44, evidence: chat), present(.voice, 488, 492, 0.7, voice),
                present(.face, 489, 494, 0.69, face),
            ],
            reason: "Two of three signals agree: voice 0.7, face 0.69, chat quiet at 0.44.",
            decidedAt: MediaTime(seconds: 490)
        ),
    ]

    static let clips: [ReportDocument.Clip] = [(1, 111.0, 136.4), (3, 291.6, 317.0), (5, 478.0, 497.2)].map {
        id,
        start,
        end in
        let moment = moments[id - 1]
        let plan = ClipPlan(
            interval: MediaInterval(seconds: start..<end),
            core: moment.core,
            moments: [id],
            decision: moment.decision,
            score: moment.score,
            reason: moment.reason
        )
        return ReportDocument.Clip(plan: plan, file: "clip-000\(id).mp4", thumbnail: nil, bytes: 8_412_004)
    }
}
