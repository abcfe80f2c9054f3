import HypeCore
import HypeEmotion
import HypeInference
import HypeMedia
import HypeWorkerLink

/// Answers `listen`: the voice of a whole recording.
struct Listening {
    /// Observations that are sent at once.
    private static let batch = 64

    let job: Job
    let shelf: Shelf

    func run(_ path: String) throws -> WorkerResult {
        let recording = try shelf.recording(path, for: job)
        let core = try shelf.core()
        let analyzer = try VoiceAnalyzer(
            detector: VoiceActivity(model: core.load(shelf.locator.url(of: .sileroVAD))),
            model: VoiceEmotionModel(
                model: core.load(shelf.locator.url(of: .voiceEmotion), inputShapes: VoiceEmotionModel.inputShapes)
            )
        )
        let reader = try AudioReader(recording.file, interrupt: job.interrupt)
        var pending: [Observation] = []
        while let block = try reader.next() {
            try job.checkCancellation()
            let block = recording.rebased(block)
            pending += try analyzer.push(block).map(Self.centred)
            job.progress(to: block.end)
            if pending.count >= Self.batch { send(&pending) }
        }
        pending += try analyzer.finish().map(Self.centred)
        send(&pending)
        job.emit(.speech(analyzer.speech))
        if reader.damagedPackets > 0 {
            job.emit(
                .warning("The sound has \(reader.damagedPackets) damaged packets; what could be decoded was used.")
            )
        }
        return .done
    }

    /// The observation of a window, said about the middle of the window.
    ///
    /// Windows of 2 s end every half second and overlap; what is heard in one is truest of its centre. So the
    /// observations become cells that follow each other, as chat's and the face's are.
    private static func centred(_ observation: Observation) -> Observation {
        guard observation.score != nil else { return observation }
        var cell = observation
        let middle = observation.interval.midpoint
        cell.interval = MediaInterval(start: middle - .milliseconds(250), end: middle + .milliseconds(250))
        return cell
    }

    private func send(_ pending: inout [Observation]) {
        guard !pending.isEmpty else { return }
        job.emit(.observations(pending))
        pending = []
    }
}
