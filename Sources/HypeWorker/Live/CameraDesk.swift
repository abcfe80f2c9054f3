import HypeCore
import HypeEmotion
import HypeMedia
import HypeWorkerLink

/// Looks for the streamer's camera in a live stream, and whether it shows anything, on a thread of its own.
struct CameraDesk: Sendable {
    /// Time between two looks at the newest key frame.
    private static let pause = Duration.seconds(4)
    /// Pictures that a search looks at; each is whole and in full size while it lasts.
    private static let pictureCount = 6

    /// How long the face's nets stay in memory without a use.
    private static let idleModels = Duration.seconds(45)

    let job: Job
    let shelf: Shelf
    let session: LiveSession

    func run(until interrupt: MediaInterrupt) {
        var schedule = CameraSchedule()
        var watch = PictureWatch()
        var watched: MediaTime?
        while true {
            do {
                try interrupt.pause(for: Self.pause)
                try look(&watch, after: &watched, interrupt: interrupt)
                try search(&schedule, interrupt: interrupt)
                if session.request.faces == .onDemand { shelf.releaseFaceModels(unusedFor: Self.idleModels) }
            } catch let error as MediaError where error.code == .cancelled {
                return
            } catch let error as MediaError {
                // A picture that cannot be decoded says nothing about the camera; the next one may.
                _ = error
            } catch {
                job.emit(.warning("Faces are not judged: \(WorkerFailure(describing: error).message)"))
                return
            }
        }
    }

    /// Looks whether the newest key frame shows anything.
    private func look(_ watch: inout PictureWatch, after watched: inout MediaTime?, interrupt: MediaInterrupt) throws {
        guard let ring = session.recorder.recorded.last?.ring, let place = ring.latestKeyFrame,
            let time = place.time, time != watched
        else { return }
        watched = time
        let settings = FrameReader.Settings(
            selection: .keyFrames,
            region: session.camera.region,
            longestSide: FaceAnalyzer.usefulSide
        )
        let only = ReplaySnapshot(streams: ring.streams, packets: [place])
        guard let frame = try FrameReader(only, settings: settings, interrupt: interrupt).next() else { return }
        if let change = watch.update(frame.image, at: time) {
            job.emit(.live(.track(.picture, reason: change.reason)))
        }
    }

    private func search(_ schedule: inout CameraSchedule, interrupt: MediaInterrupt) throws {
        guard session.request.knownCamera == nil, let ring = session.recorder.recorded.last?.ring,
            ring.latestKeyFrame != nil, let held = ring.fill.interval
        else { return }
        let camera = session.camera
        guard schedule.isDue(held: held, isFound: camera.region != nil, missed: camera.missed) else { return }
        let snapshot = ring.snapshot()
        let keys = snapshot.packets.filter(Packet.isPictureKey)
        let models = try shelf.faceModels()
        let pictures = try pictures(of: snapshot, keys: keys, interrupt: interrupt)
        let finding = try CameraFinder(models: models).find(in: pictures)
        schedule.searched(held: held, isFound: finding.region != nil)
        guard let region = finding.region else {
            session.updateCamera { $0.missed = 0 }
            return
        }
        let ordinary = try FaceAnalyzer(models: models).ordinaryArousal(in: pictures, region: region)
        session.updateCamera { camera in
            camera.region = region
            camera.ordinaryArousal = ordinary ?? camera.ordinaryArousal
            camera.missed = 0
        }
    }

    /// Key frames spread over what is held.
    private func pictures(of snapshot: ReplaySnapshot, keys: [Packet], interrupt: MediaInterrupt) throws -> [VideoFrame]
    {
        let count = min(Self.pictureCount, keys.count)
        let chosen = (0..<count).map { keys[(2 * $0 + 1) * keys.count / (2 * count)] }
        let settings = FrameReader.Settings(step: .nanoseconds(1), selection: .keyFrames)
        let reader = try FrameReader(
            ReplaySnapshot(streams: snapshot.streams, packets: chosen),
            settings: settings,
            interrupt: interrupt
        )
        var pictures: [VideoFrame] = []
        while let frame = try reader.next() { pictures.append(frame) }
        return pictures
    }
}

extension Packet {
    fileprivate static func isPictureKey(_ packet: Packet) -> Bool { packet.kind == .video && packet.isKey }
}
