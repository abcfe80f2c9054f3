/// What happened in a capture so far.
package struct CaptureFigures: Hashable, Sendable {
    /// Pictures that nobody saw, repeated ones, and frames left out.
    package var pictures: FramePlan<CapturedFrame>.Counts
    /// Samples that were missing or left out, by device.
    package var sound: [CaptureRole: SoundMixer.Counts]
    /// Packets that were lost because nobody took them in time.
    package var lostPackets: Int
    /// How often a device was opened again, by device.
    package var retries: [CaptureRole: Int]
    /// How fast a device's clock runs against the machine's, in millionths, by device.
    package var driftPPM: [CaptureRole: Double]
    /// How long a device's samples are under way, as far as it says so, by device.
    package var delays: [CaptureRole: Duration]

    /// Creates figures of nothing.
    package init() {
        pictures = FramePlan<CapturedFrame>.Counts()
        sound = [:]
        lostPackets = 0
        retries = [:]
        driftPPM = [:]
        delays = [:]
    }
}
