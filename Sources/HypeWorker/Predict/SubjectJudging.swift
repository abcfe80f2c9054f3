import HypeCore
import HypeEmotion
import HypeInference
import HypeMedia
import HypeWorkerLink
import Synchronization

/// Judges one subject: looks at its faces and listens to its voice side by side, and joins what they say clip by clip.
struct SubjectJudging {
    let job: Job
    let shelf: Shelf
    let fusion: BranchFusion
    let wish: PredictWish

    func run(_ subject: PredictSubject, index: Int) throws -> (EmotionReading, FilePrediction.Time) {
        let budget = TimeBudget(wish.deadline, job: job)
        var opening = Stopwatch()
        let opened = try opening.measure {
            try budget.limited { try SubjectMedia(subject, wish: wish, job: job, interrupt: budget.interrupt) }
        }
        guard let media = opened else {
            var reading = EmotionReading(kind: .video, duration: .zero)
            reading.unfinished = ["The deadline came before the file was open."]
            return (reading, FilePrediction.Time(decode: opening.total, total: opening.total))
        }
        let (sight, voice) = try perceive(media, budget: budget, index: index)
        guard Self.hasDecoded(sight, voice) else {
            throw MediaError(.cannotDecode, "\(subject.name) holds nothing that can be decoded. Convert the recording.")
        }
        var joining = Stopwatch()
        var reading = try joining.measure {
            try SubjectJoining(media: media, fusion: fusion).join(sight, voice)
        }
        if let model = wish.videoModel, case .moving(let file) = media.pictures {
            reading.video = try ClipWatching(job: job, shelf: shelf, budget: budget).run(file, model: model)
            reading.models.append(model)
            if budget.isSpent { reading.unfinished.append("The deadline came before \(model) had seen all clips.") }
        }
        if wish.wantsAttention, case .moving(let file) = media.pictures {
            reading.attention = try AttentionWatching(job: job, shelf: shelf, budget: budget).run(file)
            reading.models += ModelFile.attentionModels.map(\.rawValue)
            if budget.isSpent {
                reading.unfinished.append("The deadline came before attention was measured to the end.")
            }
        }
        if wish.explain, !budget.isSpent { reading.evidence = try evidence(sight, voice) }
        var time = FilePrediction.Time(decode: opening.total, fusion: joining.total)
        switch sight {
        case .still(let findings): time.face = findings.looking.total
        case .moving(let findings):
            time.face = findings.looking.total
            time.decode += findings.decoding.total
        case nil: break
        }
        time.voice = voice?.listening.total ?? .zero
        time.decode += voice?.decoding.total ?? .zero
        time.total = ContinuousClock.now - budget.start
        return (reading, time)
    }

    /// Whether one of the tracks brought anything, or there was no time for it.
    private static func hasDecoded(_ sight: SubjectSight?, _ voice: VoiceHearing.Findings?) -> Bool {
        if let voice, !voice.isDamagedWhole { return true }
        switch sight {
        case .still: return true
        case .moving(let findings):
            return findings.timeline.pictures > 0 || findings.damagedPackets == 0 || findings.stoppedAt != nil
        case nil: return voice == nil
        }
    }

    // MARK: Seeing and hearing

    private func perceive(
        _ media: SubjectMedia,
        budget: TimeBudget,
        index: Int
    ) throws -> (SubjectSight?, VoiceHearing.Findings?) {
        var branches: [SubjectProgress.Branch] = []
        if case .moving = media.pictures { branches.append(.face) }
        if media.sound != nil { branches.append(.voice) }
        let end = MediaTime.zero + media.grid.duration
        let progress = SubjectProgress(job: job, subject: index, end: end, branches: branches)
        let voice = Mutex<Result<VoiceHearing.Findings, any Error>?>(nil)
        let (job, shelf, wantsSample) = (job, shelf, wish.explain)
        let listen: @Sendable () -> Void = {
            guard let sound = media.sound else { return }
            let hearing = VoiceHearing(job: job, shelf: shelf, budget: budget, progress: progress)
            let heard = Result<VoiceHearing.Findings, any Error> {
                try hearing.run(sound, grid: media.grid, wantsSample: wantsSample)
            }
            voice.withLock { $0 = heard }
        }
        guard let pictures = media.pictures else {
            listen()
            return (nil, try voice.withLock { try $0?.get() })
        }
        let threads = WorkerThreads()
        if media.sound != nil { threads.start("voice", listen) }
        let sight = Result<SubjectSight, any Error> {
            try see(pictures, media: media, budget: budget, progress: progress)
        }
        threads.join()
        return (try sight.get(), try voice.withLock { try $0?.get() })
    }

    private func see(
        _ pictures: SubjectMedia.Pictures,
        media: SubjectMedia,
        budget: TimeBudget,
        progress: SubjectProgress
    ) throws -> SubjectSight {
        switch pictures {
        case .still(let still):
            return .still(try StillLooking(shelf: shelf).run(still, isCropped: wish.isCropped))
        case .moving(let file):
            let watching = FaceWatching(job: job, shelf: shelf, budget: budget, progress: progress)
            return .moving(try watching.run(file, grid: media.grid, readsAll: wish.wantsTracks))
        }
    }

    private func evidence(_ sight: SubjectSight?, _ voice: VoiceHearing.Findings?) throws -> [EvidencePicture] {
        var pictures: [EvidencePicture] = []
        switch sight {
        case .still(let findings):
            for (face, cut) in zip(findings.faces, findings.cuts).prefix(EvidenceMaking.faceLimit) {
                pictures.append(try EvidenceMaking.face(cut, track: face.track, time: face.time))
            }
        case .moving(let findings):
            for track in findings.timeline.tracks.prefix(EvidenceMaking.faceLimit) where !track.cut.isEmpty {
                pictures.append(try EvidenceMaking.face(track.cut, track: track.id, time: track.best.time))
            }
        case nil: break
        }
        if let sample = voice?.sample {
            pictures += [try EvidenceMaking.spectrogram(of: sample.samples, from: sample.start)].compactMap { $0 }
        }
        return pictures
    }
}
