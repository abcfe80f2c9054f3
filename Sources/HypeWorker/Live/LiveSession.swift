import HypeCore
import HypeMedia
import HypeWorkerLink
import Synchronization

/// The live stream that a worker watches: what its requests share.
final class LiveSession: Sendable {
    /// What is known about the face.
    struct Camera: Hashable, Sendable {
        /// Where the camera is in the picture, or nil where it was not found.
        var region: PixelRegion?
        /// Ordinary arousal of the face, 0…1.
        var ordinaryArousal: Double?
        /// Segments in a row that had light but no face.
        var missed = 0
    }

    private struct State {
        var isReady = false
        var spool: Spool?
        var camera: Camera
        var sound = SoundGauge()
    }

    let request: LiveRequest
    let clock: SessionClock
    let recorder: LiveRecorder
    /// The devices that are recorded, where it is devices.
    let devices = LiveDevices()
    /// Clips that are written at the same time; more wait for their turn.
    let cuts = TurnLimit(count: 8)
    private let state: Mutex<State>

    init(_ request: LiveRequest, notice: @escaping @Sendable (LiveRecorder.Notice) -> Void) {
        self.request = request
        clock = SessionClock(origin: request.origin)
        recorder = LiveRecorder(
            limits: ReplayRing.Limits(span: request.ringSpan, bytes: request.ringBytes),
            notice: notice
        )
        state = Mutex(State(camera: Camera(region: request.knownCamera)))
    }

    /// The spool, or nil where there is none or it was not opened yet.
    var spool: Spool? { state.withLock { $0.spool } }

    /// What finds the packets of clips.
    var cutter: LiveCutter { LiveCutter(recorder: recorder, spool: spool) }

    /// What is known about the face.
    var camera: Camera { state.withLock { $0.camera } }

    /// What is known about the sound.
    var sound: SoundGauge { state.withLock { $0.sound } }

    /// Changes what is known about the face.
    func updateCamera(_ change: (inout Camera) -> Void) { state.withLock { change(&$0.camera) } }

    /// Changes what is known about the sound.
    func updateSound(_ change: (inout SoundGauge) -> Void) { state.withLock { change(&$0.sound) } }

    /// Takes the spool, and takes note that an earlier worker's packets are in place.
    func becomeReady(spool: Spool?) {
        state.withLock { state in
            state.spool = spool
            state.isReady = true
        }
    }

    /// Waits until an earlier worker's packets are in place.
    func awaitReadiness(of job: Job) throws {
        while !state.withLock({ $0.isReady }) {
            job.progress(to: .zero)
            try job.interrupt.pause(for: .milliseconds(5))
        }
    }
}
