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

    let job: Job
    let shelf: Shelf
    let session: LiveSession

    func run(until interrupt: MediaInterrupt) {
        var schedule = CameraSchedule()
        var watch = PictureWatch()
        while true {
            do {
                try interrupt.pause(for: Self.pause)
                try look(&watch, interrupt: interrupt)
                try search(&schedule, interrupt: interrupt)
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
    private func look(_ watch: inout PictureWatch, interrupt: MediaInterrupt) throws {
        guard let (snapshot, front) = newest(), let place = snapshot.packets.last(where: Packet.isPictureKey),
            let time = place.time, front - time < .seconds(30)
        else { return }
        let settings = FrameReader.Settings(
            selection: .keyFrames,
            region: session.camera.region,
            longestSide: FaceAnalyzer.usefulSide
        )
        let only = ReplaySnapshot(streams: snapshot.streams, packets: [place])
        guard let frame = try FrameReader(only, settings: settings, interrupt: interrupt).next() else { return }
        if let change = watch.update(frame.image, at: time) {
            job.emit(.live(.track(.picture, reason: change.reason)))
        }
    }

    private func search(_ schedule: inout CameraSchedule, interrupt: MediaInterrupt) throws {
        guard let (snapshot, _) = newest(), session.request.camera == nil else { return }
        let keys = snapshot.packets.filter(Packet.isPictureKey)
        guard let first = keys.first?.time, let last = keys.last?.time else { return }
        let held = MediaInterval(start: first, end: last)
        let camera = session.camera
        guard schedule.isDue(held: held, isFound: camera.region != nil, missed: camera.missed) else { return }
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

    /// What is held of the newest tracks, where they have a picture.
    private func newest() -> (ReplaySnapshot, MediaTime)? {
        guard let ring = session.recorder.recorded.last?.ring, let front = session.recorder.status.front else {
            return nil
        }
        let snapshot = ring.snapshot()
        return snapshot.streams.contains { $0.kind == .video } ? (snapshot, front) : nil
    }
}

extension Packet {
    fileprivate static func isPictureKey(_ packet: Packet) -> Bool { packet.kind == .video && packet.isKey }
}
