import Foundation
import HypeCatalogue
import HypeCore
import HypeDigest
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
        let analyzer = try makeAnalyzer()
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

    /// An analyzer that has heard nothing.
    func makeAnalyzer() throws -> VoiceAnalyzer {
        let models = try shelf.voiceModels()
        return try VoiceAnalyzer(
            detector: models.makeDetector(),
            model: models.makeEmotionModel(),
            sounds: soundModel()
        )
    }

    /// The model that hears laughter and the like, or nil where it is not installed, or not as it should be.
    private func soundModel() throws -> YAMNet? {
        guard let url = shelf.locator.optionalURL(of: .yamnet) else { return nil }
        // A damaged file may take the runtime down, and the model is not worth that.
        let digest = try? job.digest(ofFile: url.path)
        try job.checkCancellation()
        guard digest?.sha256 == ModelFile.yamnet.pinnedSHA256 else {
            job.emit(
                .warning(
                    "\(url.path) is not the pinned file and is not used: laughter and screams are not listened for. "
                        + "To mend it: \(ModelFile.yamnet.entry.remedy)"
                )
            )
            return nil
        }
        return try YAMNet(model: shelf.core().load(url))
    }

    /// The observation of a window, said about the middle of the window.
    ///
    /// Windows of 2 s end every half second and overlap; what is heard in one is truest of its centre. So the
    /// observations become cells that follow each other, as chat's and the face's are.
    static func centred(_ observation: Observation) -> Observation {
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
