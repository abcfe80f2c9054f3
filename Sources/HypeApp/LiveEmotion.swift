import Foundation
package import HypeCore
import HypeWorkerLink

/// Devices of this machine whose faces and voices are judged as they come.
package struct EmotionDevices: Sendable {
    /// The webcam, such as `/dev/video0` or `0`; nil for none.
    package var camera: String?
    /// The screen, such as `:0`; nil for none.
    package var screen: String?
    /// The microphone, such as `default`; nil for none.
    package var microphone: String?
    /// Whether attention and drowsiness of the face are measured too.
    package var wantsAttention: Bool

    /// Names devices.
    package init(
        camera: String? = nil,
        screen: String? = nil,
        microphone: String? = nil,
        wantsAttention: Bool = false
    ) {
        self.camera = camera
        self.screen = screen
        self.microphone = microphone
        self.wantsAttention = wantsAttention
    }
}

/// Reads the emotion of what devices show and hear, until it is cancelled.
package struct LiveEmotion: Sendable {
    /// Something that was seen or heard.
    package enum News: Sendable {
        /// What a face shows, and where it is in the picture.
        case face(EmotionScores, region: PixelRegion, at: MediaTime)
        /// What a voice expresses.
        case voice(EmotionScores, arousal: Double, at: MediaTime)
        /// Why there is no face or voice.
        case missing(SignalKind, reason: String, at: MediaTime)
        /// How attentive the face is, once per second.
        case attention(AttentionSummary)
        /// Attention rose or fell past a limit.
        case alert(AttentionAlert)
        /// How loud it is in dB of full scale; nil without sound.
        case level(loudness: Double?, isSpeech: Bool)
        /// Something a person should know.
        case warning(String)
    }

    /// Bytes that the worker may write while it watches; nothing of it is wanted.
    private static let spoolBytes: Int64 = 64 << 20

    let client: WorkerClient
    let devices: EmotionDevices

    /// Watches until the task is cancelled or the worker gives up.
    ///
    /// - Parameter tell: Called in order for everything that is seen and heard.
    /// - Throws: ``WorkerFailure``, or `CancellationError`.
    func run(tell: @escaping @Sendable (News) -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "hypeclip-gaze-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let capture = CaptureRequest(
            screen: devices.screen,
            microphone: devices.microphone,
            camera: devices.camera
        )
        let request = LiveRequest(
            source: .capture(capture),
            origin: MonotonicTime.now,
            spool: folder.path,
            spoolBytes: Self.spoolBytes,
            ringSpan: .seconds(10),
            ringBytes: 32 << 20,
            faces: devices.wantsAttention ? .attentive : .continuous
        )
        _ = try await client.perform(.live(request)) { update in
            guard case .event(let event) = update else { return }
            for news in Self.news(of: event) { tell(news) }
        }
    }

    private static func news(of event: WorkerEvent) -> [News] {
        switch event {
        case .observations(let observations): observations.compactMap(news)
        case .live(.level(let level)): [.level(loudness: level.loudness, isSpeech: level.isSpeech)]
        case .live(.attention(let summary)): [.attention(summary)]
        case .attention(let alert): [.alert(alert)]
        case .live(.waiting(let reason)): [.warning(reason)]
        case .live(.track(let track, let reason)): reason.map { [.warning("\(track.rawValue): \($0)")] } ?? []
        case .warning(let text): [.warning(text)]
        default: []
        }
    }

    private static func news(of observation: Observation) -> News? {
        switch observation.evidence {
        case .face(let face): .face(face.emotion.basic, region: face.region, at: observation.interval.end)
        case .voice(let voice):
            voice.emotion.map { .voice($0.basic, arousal: voice.arousal, at: observation.interval.end) }
                ?? .missing(.voice, reason: "nobody speaks", at: observation.interval.end)
        case .chat: nil
        case nil:
            observation.missing.map { .missing(observation.kind, reason: $0, at: observation.interval.end) }
        }
    }
}
