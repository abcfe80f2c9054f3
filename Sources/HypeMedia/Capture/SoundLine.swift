package import HypeCore

/// The sound of all devices on one clock: resampled to hold it, mixed, watched for silence.
///
/// Time comes from the frames and the caller, so that hours can be run through in seconds. Belongs to one thread.
package final class SoundLine {
    private let roles: [CaptureRole]
    private var resamplers: [CaptureRole: SyncResampler]
    private var mixer: SoundMixer
    private var silence = SilenceWatch()
    private var isMicrophoneThere = false

    /// Creates a line for what the settings want to hear.
    package init(_ settings: CaptureSettings) {
        roles = settings.roles.filter { !$0.isPicture }
        resamplers = Dictionary(uniqueKeysWithValues: roles.map { ($0, SyncResampler($0)) })
        mixer = SoundMixer(roles)
    }

    /// Takes a run of samples of a device.
    package func take(_ frame: CapturedFrame, from role: CaptureRole) {
        guard let run = resamplers[role]?.push(frame) else { return }
        if role == .microphone { isMicrophoneThere = true }
        mixer.add(run.samples, of: role, at: run.start)
    }

    /// Forgets the clock of a device that went away.
    package func lose(_ role: CaptureRole) {
        guard roles.contains(role) else { return }
        resamplers[role] = SyncResampler(role)
        if role == .microphone {
            isMicrophoneThere = false
            silence = SilenceWatch()
        }
    }

    /// Mixes what is due.
    package func blocks(at now: MediaTime) -> [SoundMixer.Block] {
        var blocks: [SoundMixer.Block] = []
        while let block = mixer.take(at: now) {
            if isMicrophoneThere, !block.voice.isEmpty {
                silence.observe(peak: Self.peak(block.voice), at: SoundMixer.time(of: block.start))
            }
            blocks.append(block)
        }
        return blocks
    }

    /// When the next block is due at the latest.
    package var deadline: MediaTime { mixer.deadline }

    /// Whether the microphone brings nothing but silence.
    package var isSilent: Bool { silence.isSilent }

    /// What happened to samples so far, by device.
    package var counts: [CaptureRole: SoundMixer.Counts] { mixer.counts }

    /// How fast the devices' clocks run, in millionths.
    package var driftPPM: [CaptureRole: Double] { resamplers.compactMapValues(\.driftPPM) }

    /// How long the devices' samples are under way, as far as they say so.
    package var delays: [CaptureRole: Duration] { resamplers.compactMapValues(\.delay) }

    private static func peak(_ samples: [Float]) -> Float {
        samples.withUnsafeBufferPointer { samples in
            var peak: Float = 0
            var index = 0
            while index < samples.count {
                peak = max(peak, abs(samples[index]))
                index += 1
            }
            return peak
        }
    }
}
