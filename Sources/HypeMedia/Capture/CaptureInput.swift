import Dispatch
package import HypeCore

/// Screen, webcam, microphone and desktop sound of this machine as one live stream.
///
/// The stream begins at once and has all its tracks whatever the devices do: what a device does not bring is black or
/// silent, and ``health`` says why. It ends only when it is closed. Belongs to one thread, but for ``board``.
package final class CaptureInput: LiveInput {
    package let streams: [StreamInfo]
    /// How the devices fare; any thread may ask.
    package let board: CaptureBoard
    private let interrupt: MediaInterrupt
    private let threads = DispatchGroup()

    /// How long devices that do not answer are waited for at the end.
    private static let farewell = Duration.seconds(2)
    /// How often the switch is looked at.
    private static let patience = Duration.milliseconds(100)

    /// Starts to capture.
    ///
    /// - Parameters:
    ///   - settings: What is captured; at least one device.
    ///   - clock: The session's clock.
    ///   - backend: What opens devices.
    ///   - interrupt: The switch that ends all calls.
    /// - Throws: ``MediaError`` with code `.noStreams` where nothing is wanted, or `.cannotEncode`. Devices that fail
    ///   are no error.
    package init(
        _ settings: CaptureSettings,
        clock: SessionClock,
        backend: any CaptureBackend = SystemCapture.backend,
        interrupt: MediaInterrupt = MediaInterrupt()
    ) throws(MediaError) {
        guard settings.hasPicture || settings.hasSound else {
            throw MediaError(
                .noStreams,
                "Nothing is to be captured. Name a screen, camera, microphone or desktop sound."
            )
        }
        self.interrupt = interrupt
        board = CaptureBoard(settings, clock: clock)
        CaptureThreads.start(board, backend: backend, group: threads)
        for _ in 0..<(settings.hasPicture ? 1 : 0) + (settings.hasSound ? 1 : 0) { board.opened.wait() }
        streams = board.streams
        if let failure = board.failure {
            board.end()
            throw failure
        }
    }

    deinit { close() }

    package func next() throws(MediaError) -> LivePacket? {
        while true {
            try interrupt.check()
            if let failure = board.failure { throw failure }
            if board.stop.isCancelled { return nil }
            if let packet = board.packets.take(waiting: Self.patience) { return LivePacket(packet) }
        }
    }

    /// Where the camera is in the picture, exactly; nil without a camera.
    package var cameraRegion: PixelRegion? { board.settings.cameraRegion }

    /// How the devices fare.
    package var health: [CaptureHealth] { board.health }

    /// Ends the capture; ``next()`` gives nothing after that.
    ///
    /// A device that does not answer keeps its thread until it does: libavdevice cannot be interrupted in the middle of
    /// a read. It holds nothing but itself.
    package func close() {
        board.end()
        _ = threads.wait(timeout: .now() + .nanoseconds(Int(clamping: Self.farewell.nanoseconds)))
    }
}
