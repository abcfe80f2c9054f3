import Dispatch
import HypeCore
import Synchronization

/// Where the threads of a capture meet: frames on their way to be mixed, packets on their way out, and how devices fare.
///
/// Any thread may call. Raw pictures are large, so only ``waitingPictures`` of each device wait, and the oldest goes
/// first; of sound ``waitingSound`` runs.
package final class CaptureBoard: Sendable {
    /// What a device did.
    enum Event: Sendable {
        case frame(CapturedFrame)
        case lost
    }

    private struct State {
        var inbox: [CaptureRole: [Event]] = [:]
        var lives: [CaptureRole: DeviceLife] = [:]
        var isCovered = false
        var isSilent = false
        var remark: CaptureFailure?
        var figures = CaptureFigures()
        var unseen = 0
        var failure: MediaError?
        var streams: [StreamInfo.Kind: [StreamInfo]] = [:]
    }

    /// Pictures of a device that wait.
    static let waitingPictures = 4
    /// Runs of samples of a device that wait: 8 s where they are 20 ms long, since some devices wake up with 2 s at once.
    static let waitingSound = 400

    /// What is captured.
    package let settings: CaptureSettings
    /// The clock that everything is stamped with.
    package let clock: SessionClock
    let packets = PacketQueue()
    let stop = MediaInterrupt()
    let pictureBell = DispatchSemaphore(value: 0)
    let soundBell = DispatchSemaphore(value: 0)
    let opened = DispatchSemaphore(value: 0)
    private let deviceBells: [CaptureRole: DispatchSemaphore]
    private let state = Mutex(State())

    init(_ settings: CaptureSettings, clock: SessionClock) {
        self.settings = settings
        self.clock = clock
        deviceBells = Dictionary(uniqueKeysWithValues: settings.roles.map { ($0, DispatchSemaphore(value: 0)) })
        let now = clock.now
        state.withLock { state in
            for (index, role) in settings.roles.enumerated() {
                let seed = UInt64(bitPattern: clock.origin) &+ UInt64(index)
                state.lives[role] = DeviceLife(now: now, seed: seed)
            }
        }
    }

    /// How the devices fare.
    package var health: [CaptureHealth] {
        let now = clock.now
        return state.withLock { state in
            settings.roles.compactMap { role in
                guard let life = state.lives[role], let name = settings.device(for: role) else { return nil }
                let isEmpty = role == .camera ? state.isCovered : role == .microphone && state.isSilent
                return CaptureHealth(role: role, device: name, life: life, isEmpty: isEmpty, now: now)
            }
        }
    }

    /// Why the voice in the second sound track is not clean; nil while it is.
    package var remark: CaptureFailure? { state.withLock { $0.remark } }

    /// What happened so far.
    package var figures: CaptureFigures {
        state.withLock { state in
            var figures = state.figures
            figures.pictures.dropped += state.unseen
            figures.lostPackets = packets.lost
            figures.retries = state.lives.mapValues(\.retries)
            return figures
        }
    }

    // MARK: Devices

    func deliver(_ frame: CapturedFrame, from role: CaptureRole) {
        let limit = role.isPicture ? Self.waitingPictures : Self.waitingSound
        state.withLock { state in
            state.lives[role]?.brought(at: frame.arrival)
            var waiting = state.inbox[role] ?? []
            state.inbox[role] = nil
            if waiting.count >= limit {
                waiting.removeFirst()
                if role.isPicture { state.unseen += 1 }
            }
            waiting.append(.frame(frame))
            state.inbox[role] = waiting
        }
        (role.isPicture ? pictureBell : soundBell).signal()
    }

    /// Writes down a failure; returns how long to wait before the next attempt.
    func fail(_ failure: CaptureFailure, of role: CaptureRole) -> Duration {
        let now = clock.now
        let retry = state.withLock { state in
            state.inbox[role, default: []].append(.lost)
            return state.lives[role]?.failed(failure, at: now) ?? now
        }
        (role.isPicture ? pictureBell : soundBell).signal()
        return retry - now
    }

    func reopen(_ role: CaptureRole) {
        let now = clock.now
        state.withLock { $0.lives[role]?.reopens(at: now) }
    }

    /// Waits before the next attempt; ends early when the capture does.
    func pause(_ role: CaptureRole, for span: Duration) {
        guard let bell = deviceBells[role] else { return }
        _ = bell.wait(timeout: .now() + .nanoseconds(Int(clamping: span.nanoseconds)))
    }

    // MARK: Lines

    func take(_ roles: [CaptureRole]) -> [(role: CaptureRole, event: Event)] {
        state.withLock { state in
            var events: [(CaptureRole, Event)] = []
            for role in roles {
                events += (state.inbox[role] ?? []).map { (role, $0) }
                state.inbox[role] = nil
            }
            return events
        }
    }

    func open(_ streams: [StreamInfo], of kind: StreamInfo.Kind, remark: CaptureFailure? = nil) {
        state.withLock { state in
            state.streams[kind] = streams
            if let remark { state.remark = remark }
        }
        opened.signal()
    }

    var streams: [StreamInfo] {
        state.withLock { ($0.streams[.video] ?? []) + ($0.streams[.audio] ?? []) }
    }

    func report(_ line: PictureLine) {
        state.withLock { state in
            state.isCovered = line.isCovered
            state.figures.pictures = line.counts
        }
    }

    func report(_ line: SoundLine) {
        let (drift, delays) = (line.driftPPM, line.delays)
        state.withLock { state in
            state.isSilent = line.isSilent
            state.figures.sound = line.counts
            state.figures.driftPPM = drift
            state.figures.delays = delays
        }
    }

    /// Ends the capture because of something that no device is to blame for.
    func abort(_ error: MediaError) {
        state.withLock { $0.failure = $0.failure ?? error }
        opened.signal()
        packets.wake()
    }

    var failure: MediaError? { state.withLock { $0.failure } }

    func end() {
        stop.cancel()
        pictureBell.signal()
        soundBell.signal()
        for bell in deviceBells.values { bell.signal() }
    }
}
