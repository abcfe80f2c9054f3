import HypeCore
import HypeMedia
import HypeWorkerLink
import Synchronization

/// The devices that a live session records, for those who tell how they fare.
final class LiveDevices: Sendable {
    private let board = Mutex<CaptureBoard?>(nil)

    /// How long the first device may take; then the stream begins without it, black and silent.
    private static let patience = Duration.seconds(10)

    /// Opens the devices.
    ///
    /// - Parameters:
    ///   - wish: Which devices.
    ///   - clock: The session's clock.
    ///   - isFirst: Whether nothing was recorded before; later, devices that are gone are waited for.
    ///   - interrupt: The switch that ends all calls.
    /// - Returns: The open source.
    /// - Throws: ``MediaError`` where nothing can be recorded at all.
    func open(
        _ wish: CaptureRequest,
        clock: SessionClock,
        isFirst: Bool,
        interrupt: MediaInterrupt
    ) throws(MediaError) -> any LiveInput {
        let input = try CaptureInput(CaptureSettings(wish), clock: clock, interrupt: interrupt)
        board.withLock { $0 = input.board }
        if isFirst, let refusals = try refusals(of: input, interrupt: interrupt) {
            input.close()
            throw MediaError(.noStreams, refusals.joined(separator: " "))
        }
        return input
    }

    /// What the devices say where none of them can be opened; nil as soon as one can.
    private func refusals(of input: CaptureInput, interrupt: MediaInterrupt) throws(MediaError) -> [String]? {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end {
            let health = input.health
            if health.contains(where: \.isBringing) { return nil }
            if health.allSatisfy({ $0.state == .failed }) { return health.compactMap(\.reason) }
            try interrupt.pause(for: .milliseconds(20))
        }
        return nil
    }

    /// What is wrong with the devices and what to do about it; empty while all is well.
    var complaints: [String] {
        board.withLock { $0 }?.health.filter { !$0.isWell }.compactMap(\.reason) ?? []
    }
}

extension CaptureHealth {
    /// Whether the device brings something, be it darkness.
    fileprivate var isBringing: Bool { state == .running || state == .covered || state == .silent }
}

extension CaptureSettings {
    /// What a request wants to be recorded.
    init(_ wish: CaptureRequest) {
        self.init(
            screen: wish.screen,
            camera: wish.camera,
            microphone: wish.microphone,
            desktopSound: wish.desktopSound,
            frameRate: wish.frameRate
        )
    }
}

extension LiveRequest {
    /// Where the camera is in the picture, as far as that is known without looking; nil where it must be searched.
    var knownCamera: PixelRegion? {
        if let camera { return camera }
        guard case .capture(let wish) = source else { return nil }
        return CaptureSettings(wish).cameraRegion
    }
}
