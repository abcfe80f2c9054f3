import HypeCore
import HypeEmotion
import HypeInference
import HypeMedia
import HypeWorkerLink

/// Listens to the voice of a sound track, piece by piece.
///
/// A recording of up to a minute is read as one, as in training; a longer one minute by minute, each brought to full
/// scale by itself, so that memory does not grow with it.
struct VoiceHearing: Sendable {
    /// What was heard.
    struct Findings: Sendable {
        /// What the voice expresses over all of its speech; nil where nobody speaks.
        var voice: Stretch?
        /// The same for the clips in which somebody speaks.
        var clips: [Int: Stretch] = [:]
        /// Why there is no voice, for a person.
        var missing: String?
        /// What a person should know.
        var notes: [String] = []
        /// Whether there were samples, but none that could be decoded.
        var isDamagedWhole = false
        /// Where the deadline came; nil where everything was listened to.
        var stoppedAt: MediaTime?
        /// The first seconds with a voice, and when they begin, where they are wanted.
        var sample: (samples: [Float], start: MediaTime)?
        /// Time for decoding.
        var decoding = Stopwatch()
        /// Time for finding speech and reading it.
        var listening = Stopwatch()
    }

    /// What the voice of a stretch expresses, and what the net told it from.
    struct Stretch: Sendable {
        var reading: VoiceReading
        var embedding: [Float]

        var branch: BranchFusion.Branch { BranchFusion.Branch(scores: reading.emotion, embedding: embedding) }
    }

    /// Length of a piece in samples: a minute.
    private static let pieceLength = 60 * AudioBlock.sampleRate
    /// The same where there is a deadline, by which something shall be there.
    private static let hurriedLength = 5 * AudioBlock.sampleRate
    /// Speech that a clip must have for its voice to be judged.
    private static let leastSpeech = Duration.milliseconds(300)
    /// Samples of the spectrogram that is shown: ten seconds.
    private static let sampleLength = 10 * AudioBlock.sampleRate

    let job: Job
    let shelf: Shelf
    let budget: TimeBudget
    let progress: SubjectProgress

    func run(_ file: MediaFile, grid: ClipGrid, wantsSample: Bool) throws -> Findings {
        var findings = Findings()
        let ear = try makeReader()
        let origin = file.info.interval.start - MediaTime.zero
        guard
            let reader = try findings.decoding.measure({
                try budget.limited { try AudioReader(file, isSequential: true, interrupt: budget.interrupt) }
            })
        else {
            findings.stoppedAt = .zero
            return findings
        }
        let limit = budget.isLimited ? Self.hurriedLength : Self.pieceLength
        var windows: [ClipVoice.Window] = []
        var spoken: [MediaInterval] = []
        var heard = 0
        var isAtEnd = false
        while !isAtEnd, findings.stoppedAt == nil {
            var piece = SoundPiece()
            while !isAtEnd, piece.samples.count < limit {
                try job.checkCancellation()
                guard let next = try findings.decoding.measure({ try budget.limited { try reader.next() } }) else {
                    findings.stoppedAt = piece.mediaTime(of: .zero)
                    break
                }
                guard let block = next, block.start - origin < MediaTime.zero + SubjectMedia.longest else {
                    isAtEnd = true
                    break
                }
                piece.append(AudioBlock(start: block.start - origin, samples: block.samples))
            }
            heard += piece.samples.count
            guard !piece.samples.isEmpty else { break }
            let position = piece.mediaTime(of: .zero)
            progress.reached(position, by: .voice)
            let voice = try findings.listening.measure {
                try ear.read(piece.samples, isOver: { budget.isSpent }) {
                    try job.checkCancellation()
                    progress.reached(position, by: .voice)
                }
            }
            if budget.isSpent, !isAtEnd || voice?.isUnfinished ?? true { findings.stoppedAt = position }
            guard let voice else { continue }
            windows += voice.windows.map { window in
                var window = window
                window.interval = piece.mediaInterval(of: window.interval)
                return window
            }
            spoken += voice.spoken.map(piece.mediaInterval)
            if wantsSample, findings.sample == nil, let first = voice.windows.first?.interval.start {
                let start = Int((first.seconds * Double(AudioBlock.sampleRate)).rounded())
                let end = min(piece.samples.count, start + Self.sampleLength)
                findings.sample = (Array(piece.samples[start..<end]), piece.mediaTime(of: first))
            }
        }
        report(damage: reader.damagedPackets, heard: heard, in: &findings)
        sum(windows, spoken: spoken, grid: grid, ear: ear, into: &findings)
        progress.finished(.voice)
        return findings
    }

    private func makeReader() throws -> ClipVoiceReader {
        let models = try shelf.voiceModels()
        return try ClipVoiceReader(
            detector: models.makeDetector(),
            model: models.makeEmotionModel(),
            temperature: Sidecar(beside: shelf.locator.url(of: .voiceEmotion)).clipTemperature ?? 1
        )
    }

    private func report(damage packets: Int, heard: Int, in findings: inout Findings) {
        if heard == 0, findings.stoppedAt == nil {
            findings.isDamagedWhole = packets > 0
            findings.missing = packets > 0 ? "the sound cannot be decoded" : "the sound is empty"
        }
        if packets > 0, heard > 0 {
            findings.notes.append("The sound has \(packets) damaged packets; what could be decoded was used.")
        }
    }

    /// What the voice expresses over all and in each clip.
    private func sum(
        _ windows: [ClipVoice.Window],
        spoken: [MediaInterval],
        grid: ClipGrid,
        ear: ClipVoiceReader,
        into findings: inout Findings
    ) {
        guard let whole = ear.summary(of: windows.map { ($0, 1) }) else {
            if findings.missing == nil, findings.stoppedAt == nil { findings.missing = "nobody speaks" }
            return
        }
        findings.voice = Self.stretch(whole, speech: spoken.reduce(.zero) { $0 + $1.duration })
        var shares: [Int: [(window: ClipVoice.Window, weight: Double)]] = [:]
        for window in windows {
            for clip in grid.clips(in: window.interval) {
                let shared = grid.interval(of: clip).intersection(window.interval)?.duration.inSeconds ?? 0
                shares[clip, default: []].append((window, shared))
            }
        }
        var speeches: [Int: Duration] = [:]
        for stretch in spoken {
            for clip in grid.clips(in: stretch) {
                speeches[clip, default: .zero] += grid.interval(of: clip).intersection(stretch)?.duration ?? .zero
            }
        }
        for (clip, speech) in speeches where speech >= Self.leastSpeech {
            findings.clips[clip] = ear.summary(of: shares[clip] ?? []).map { Self.stretch($0, speech: speech) }
        }
    }

    private static func stretch(
        _ summary: (emotion: EmotionScores, arousal: Double, embedding: [Float]),
        speech: Duration
    ) -> Stretch {
        Stretch(
            reading: VoiceReading(emotion: summary.emotion, arousal: summary.arousal, speech: speech),
            embedding: summary.embedding
        )
    }
}
