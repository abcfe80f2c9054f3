import CFFmpeg
import HypeCore

/// Brings the samples of a device to their places on the session's clock, for as long as the device runs.
///
/// Times come from ``DeviceClock``; libswresample stretches the samples by the device's drift and towards their places,
/// as ``SyncDecision`` says.
final class SyncResampler {
    private let role: CaptureRole
    private let resampler: Resampler
    private var clock: DeviceClock?
    private var rate = 0
    private var consumed: Int64 = 0
    private var position: Int64?

    /// Creates a resampler for a device.
    init(_ role: CaptureRole) {
        self.role = role
        resampler = Resampler(rate: SoundMixer.rate, channels: SoundMixer.channels(of: role))
    }

    /// How long the device's samples are under way, as far as it says so; nil before the first frame.
    var delay: Duration? { clock?.delay }

    /// How fast the device's clock runs, in millionths; nil before the first frame.
    var driftPPM: Double? { clock?.driftPPM }

    /// Takes a run of samples.
    ///
    /// - Returns: Samples at the mixer's rate and the number of the first; nil where there are none yet.
    func push(_ frame: CapturedFrame) -> (start: Int64, samples: [Float])? {
        let count = Int64(frame.pointer.pointee.nb_samples)
        if !resampler.accepts(frame.pointer) {
            guard resampler.prepare(for: frame.pointer) else { return nil }
            rate = Int(frame.pointer.pointee.sample_rate)
            clock = DeviceClock(rate: rate)
            consumed = 0
            position = nil
        }
        let length = Duration.nanoseconds(count * 1_000_000_000 / Int64(max(1, rate)))
        // What plays is handed over when it is mixed; sound servers report the delays of other things for it.
        clock?.observe(
            end: consumed + count,
            arrival: frame.arrival,
            age: role == .microphone ? frame.age.map { $0 - length } : nil
        )
        guard let time = clock?.time(of: Double(consumed) - resampler.delay(rate: rate)) else { return nil }
        let place = time.seconds * Double(SoundMixer.rate)
        let start = position ?? Int64(place.rounded())
        position = start
        switch SyncDecision.decide(
            distance: place - Double(start),
            driftPPM: clock?.driftPPM ?? 0,
            rate: SoundMixer.rate
        ) {
        case .stretch(let ppm): resampler.stretch(ppm: ppm)
        case .shift(let samples): position = start + Int64(samples)
        }
        consumed += count
        let samples = resampler.convert(frame.pointer)
        guard !samples.isEmpty, let first = position else { return nil }
        position = first + Int64(samples.count / SoundMixer.channels(of: role))
        return (first, samples)
    }
}
