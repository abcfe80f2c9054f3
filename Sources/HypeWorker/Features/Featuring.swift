import HypeCore
import HypeDSP
import HypeMedia
import HypeWorkerLink

/// Answers `features`: what nets are fed with, computed from a file's sound.
///
/// The sound is gone through once. Its power per mel band is kept on disk, because decibels are measured from the loudest
/// place, and then gone through again for everything that was asked for. So memory does not grow with the recording.
struct Featuring {
    /// Longest sound that is used.
    private static let longestSound = Duration.seconds(12 * 3600)
    /// Longest stretch without sound that becomes silence; a longer one closes up.
    private static let longestGap = Duration.seconds(60)
    /// Frames between two looks at whether the request was given up.
    private static let pace = 512

    let job: Job
    let shelf: Shelf

    func run(_ request: FeaturesRequest) throws -> FeaturesReport {
        if let mistake = request.settings.mistake { throw WorkerFailure(code: .other, message: mistake) }
        var notes: [String] = []
        let spectrum = try listen(to: request.path, settings: request.settings, notes: &notes)
        let values = try compute(request, of: spectrum)
        return FeaturesReport(
            start: spectrum.start,
            sound: spectrum.sound,
            frameCount: spectrum.frames.frameCount,
            values: values,
            notes: notes
        )
    }

    // MARK: First time

    /// Power per mel band of a whole sound.
    private struct Spectrum {
        var frames: FrameSpool
        /// The greatest power of any band and frame.
        var greatest: Float = 0
        /// Time of the first sample.
        var start = MediaTime.zero
        /// Length of the sound, with the gaps that were filled.
        var sound = Duration.zero

        mutating func take(_ frame: [Float]) throws(MediaError) {
            // Samples that are no numbers would spread over everything that is measured from the loudest.
            let frame = frame.map { $0.isFinite ? $0 : 0 }
            greatest = max(greatest, frame.max() ?? 0)
            try frames.append(frame)
        }
    }

    private func listen(to path: String, settings: FeatureSettings, notes: inout [String]) throws -> Spectrum {
        let recording = try shelf.recording(path, for: job)
        let reader = try AudioReader(recording.file, interrupt: job.interrupt)
        let mel = try MelStream(settings)
        var spectrum = Spectrum(frames: try FrameSpool(frameLength: settings.bandCount))
        var end: MediaTime?
        var closed = Duration.zero
        while let block = try reader.next().map(recording.rebased) {
            try job.checkCancellation()
            if let end {
                let gap = block.start - end
                if gap > Self.longestGap {
                    closed += gap
                } else if gap > .zero {
                    let count = Int(gap.inSeconds * Double(AudioBlock.sampleRate))
                    try mel.push(repeatElement(Float(0), count: count)) { try spectrum.take($0) }
                    spectrum.sound += gap
                }
            } else {
                spectrum.start = block.start
            }
            try mel.push(block.samples) { try spectrum.take($0) }
            spectrum.sound += block.end - block.start
            end = block.end
            job.progress(to: block.end)
            if spectrum.sound >= Self.longestSound {
                notes.append("Only the first \(Self.longestSound.components.seconds / 3600) hours were used.")
                break
            }
        }
        guard spectrum.sound > .zero else {
            throw MediaError(
                reader.damagedPackets > 0 ? .cannotDecode : .noAudio,
                reader.damagedPackets > 0
                    ? "The sound of \(path) cannot be decoded. Convert the recording."
                    : "The sound of \(path) is empty."
            )
        }
        try mel.finish { try spectrum.take($0) }
        try check(spectrum, path: path, settings: settings)
        notes += Self.notes(about: reader, closed: closed, emptyBands: mel.emptyBands)
        return spectrum
    }

    private func check(_ spectrum: Spectrum, path: String, settings: FeatureSettings) throws {
        let least = settings.hasSlopes ? FeatureSettings.slopeWidth : 1
        guard spectrum.frames.frameCount < least else { return }
        let length = Int((spectrum.sound.inSeconds * 1000).rounded())
        let lack =
            settings.hasSlopes
            ? "slopes need \(least) frames and there are \(spectrum.frames.frameCount): leave them out or take a shorter hop"
            : "not one whole frame fits: centre the frames or take a shorter window"
        throw WorkerFailure(code: .unreadableInput, message: "\(path) has \(length) ms of sound; \(lack).")
    }

    private static func notes(about reader: AudioReader, closed: Duration, emptyBands: Int) -> [String] {
        var notes: [String] = []
        if closed > .zero {
            notes.append(
                "\(Int(closed.inSeconds)) s without sound were left out, so later times are too early by that."
            )
        }
        if reader.damagedPackets > 0 {
            notes.append("The sound has \(reader.damagedPackets) damaged packets; what could be decoded was used.")
        }
        if emptyBands > 0 {
            notes.append(
                "\(emptyBands) mel bands are narrower than the transform resolves and stay empty: use fewer bands or a "
                    + "longer window."
            )
        }
        return notes
    }

    // MARK: Second time

    private func compute(_ request: FeaturesRequest, of spectrum: Spectrum) throws -> [FeaturesReport.Value] {
        let settings = request.settings
        let names = settings.names
        var stream = try FeatureStream(settings, greatest: spectrum.greatest)
        var summary = RunningSummary(valueCount: names.count)
        var sinks = try FeatureSinks(request, frameCount: spectrum.frames.frameCount, start: spectrum.start)
        var index = 0
        try spectrum.frames.replay { power in
            if index.isMultiple(of: Self.pace) {
                try job.checkCancellation()
                job.progress(to: spectrum.start + settings.hop * index)
            }
            index += 1
            sinks.take(power: power)
            for values in stream.push(power) {
                summary.add(values)
                try sinks.take(values)
            }
        }
        for values in stream.finish() {
            summary.add(values)
            try sinks.take(values)
        }
        try sinks.finish()
        return summary.report(names)
    }
}
