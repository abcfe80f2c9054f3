import HypeCore
import HypeMedia
import HypeWorkerLink
import Synchronization

/// The devices that a live session records, for those who tell how they fare.
final class LiveDevices: Sendable {
    private let board = Mutex<CaptureBoard?>(nil)

    /// Opens the devices.
    ///
    /// - Parameters:
    ///   - wish: Which devices.
    ///   - clock: The session's clock.
    ///   - interrupt: The switch that ends all calls.
    /// - Returns: The open source.
    /// - Throws: ``MediaError`` where nothing can be recorded at all.
    func open(
        _ wish: CaptureRequest,
        clock: SessionClock,
        interrupt: MediaInterrupt
    ) throws(MediaError) -> any LiveInput {
        let input = try CaptureInput(CaptureSettings(wish), clock: clock, interrupt: interrupt)
        board.withLock { $0 = input.board }
        return input
    }

    /// What is wrong with the devices and what to do about it; empty while all is well.
    var complaints: [String] {
        board.withLock { $0 }?.health.filter { !$0.isWell }.compactMap(\.reason) ?? []
    }
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
