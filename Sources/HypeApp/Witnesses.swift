import HypeCore
import HypeMoments
import HypeWorkerLink

/// Asks the worker about voice and face, side by side, and keeps going where one of them cannot be had.
struct Witnesses: Sendable {
    /// Everything that was seen and heard.
    struct Statement: Sendable {
        /// Observations of voice and face, each kind in the order of time.
        var observations: [Observation]
        /// Where somebody speaks.
        var speech: [MediaInterval]
        /// What a person should know.
        var warnings: [String]
        /// Where the camera is, as a sentence part.
        var camera: String
        /// Where faces were looked at.
        var watched: [MediaInterval]
        /// How late chat reacts, estimated from chat and voice.
        var lag: ChatLag
    }

    /// Segments that one request watches at most; few enough that progress shows and cores share the work.
    private static let longestWatch = 8

    let client: WorkerClient
    let options: AnalysisOptions
    let media: MediaInfo
    let recording: MediaInterval
    let tally: ProgressTally
    let clock: StopWatch

    /// Hears all witnesses.
    ///
    /// Voice and camera are attended to side by side. Faces are looked at around the chat's spikes while the voice is
    /// still being listened to, and then around what the voice showed.
    ///
    /// - Parameter chat: Chat observations, which are known before anything is decoded.
    /// - Returns: What was seen and heard.
    /// - Throws: ``WorkerFailure``, ``AppFailure`` or `CancellationError`.
    func hear(chat: [Observation]) async throws -> Statement {
        async let listening = clock.time(.voice) { try await listen() }
        let camera = try await clock.time(.camera) { try await findCamera() }
        tally.set(.camera, 1)

        let early = options.isFull ? [options.moments.cells(covering: recording)] : demand(chat, options.moments)
        var faces = try await clock.time(.faces) { try await watch(early, camera: camera) }
        let voice = try await listening
        let lag = LagEstimator(settings: options.moments).estimate(chat: chat, reactions: voice.observations)
        var watched = early
        if !options.isFull {
            var settings = options.moments
            settings.chatLag = lag.lag
            let late = demand(chat + voice.observations, settings).flatMap { $0.subtracting(early) }
            let more = try await clock.time(.faces) { try await watch(late, camera: camera) }
            faces.observations += more.observations
            faces.warnings += more.warnings
            watched = (early + late).merged()
        }
        tally.set(.faces, 1)
        return Statement(
            observations: voice.observations + faces.observations.sorted { $0.interval.start < $1.interval.start },
            speech: voice.speech,
            warnings: (camera.warnings + voice.warnings + faces.warnings).uniqued(),
            camera: camera.summary,
            watched: watched,
            lag: lag
        )
    }

    private func demand(_ observations: [Observation], _ settings: MomentSettings) -> [MediaInterval] {
        FaceDemand.intervals(for: MomentRule.inOrder(observations), settings: settings, within: recording)
    }

    // MARK: Voice

    private func listen() async throws -> WitnessCollector.Testimony {
        guard media.audio != nil else {
            tally.set(.voice, 1)
            return missing(
                .voice,
                "the recording has no sound",
                warning: "The recording has no sound: the voice cannot vote."
            )
        }
        let length = recording.duration.inSeconds
        let collector = WitnessCollector { position in
            tally.set(.voice, position.seconds / max(length, 0.001))
        }
        do {
            _ = try await client.perform(.listen(path: options.video)) { collector.take($0) }
        } catch let failure as WorkerFailure where failure.code == .crashed || failure.code == .unreadableInput {
            tally.set(.voice, 1)
            return missing(.voice, "the sound cannot be decoded", warning: "The voice cannot vote: \(failure.message).")
        }
        tally.set(.voice, 1)
        return collector.testimony
    }

    // MARK: Face

    private struct Camera: Sendable {
        var path: String?
        var region: PixelRegion?
        var ordinaryArousal: Double?
        var maySearch = false
        var summary: String
        var warnings: [String] = []
    }

    private func findCamera() async throws -> Camera {
        switch options.camera {
        case .region(let region):
            guard let video = media.video else { return noPicture }
            guard let inside = region.clamped(toWidth: video.width, height: video.height) else {
                throw AppFailure(
                    .failed,
                    "--camera \(region.x),\(region.y),\(region.width),\(region.height) lies outside of the picture, "
                        + "which has \(video.width)×\(video.height) pixels"
                )
            }
            var camera = try await search(options.video, region: inside)
            camera.summary = "at the place given by --camera"
            camera.maySearch = false
            return camera
        case .file(let path):
            guard case .media(let info) = try await client.perform(.probe(path: path)), info.video != nil else {
                throw AppFailure(.unreadableInput, "the camera recording \(path) has no picture")
            }
            return try await search(path, region: nil)
        case .search:
            guard media.video != nil else { return noPicture }
            return try await search(options.video, region: nil)
        }
    }

    private var noPicture: Camera {
        Camera(
            summary: "the recording has no picture",
            warnings: ["The recording has no picture: the face cannot vote."]
        )
    }

    private func search(_ path: String, region: PixelRegion?) async throws -> Camera {
        do {
            let request = WorkerRequest.findCamera(path: path, region: region)
            guard case .camera(let report) = try await client.perform(request) else {
                return Camera(summary: "the worker gave no answer about the camera")
            }
            var camera = Camera(
                path: path,
                region: report.region,
                ordinaryArousal: report.ordinaryArousal,
                maySearch: true,
                summary: report.summary
            )
            if report.region == nil {
                camera.path = nil
                camera.warnings = [
                    "\(report.summary). Say where the camera is with --camera x,y,w,h, or give its file."
                ]
            }
            return camera
        } catch let failure as WorkerFailure where failure.code == .crashed || failure.code == .unreadableInput {
            return Camera(
                summary: "the picture cannot be decoded",
                warnings: ["The face cannot vote: \(failure.message)."]
            )
        }
    }

    private func watch(_ intervals: [MediaInterval], camera: Camera) async throws -> WitnessCollector.Testimony {
        guard let path = camera.path else {
            var testimony = WitnessCollector.Testimony()
            testimony.observations = intervals.flatMap(seconds).map {
                Observation(kind: .face, interval: $0, missing: camera.summary)
            }
            return testimony
        }
        let pieces = intervals.flatMap { $0.pieces(of: options.moments.faceSegment * Self.longestWatch) }
        return try await withThrowingTaskGroup(of: WitnessCollector.Testimony.self) { group in
            var waiting = pieces[...]
            var done = 0
            var sum = WitnessCollector.Testimony()
            for _ in 0..<options.parallelism {
                guard let piece = waiting.popFirst() else { break }
                group.addTask { try await watch(piece, path: path, camera: camera) }
            }
            while let testimony = try await group.next() {
                sum.observations += testimony.observations
                sum.warnings += testimony.warnings
                done += 1
                tally.set(.faces, Double(done) / Double(pieces.count) * 0.98)
                if let piece = waiting.popFirst() {
                    group.addTask { try await watch(piece, path: path, camera: camera) }
                }
            }
            return sum
        }
    }

    private func watch(
        _ interval: MediaInterval,
        path: String,
        camera: Camera
    ) async throws -> WitnessCollector.Testimony {
        let collector = WitnessCollector()
        let request = WatchRequest(
            path: path,
            interval: interval,
            segment: options.moments.faceSegment,
            camera: camera.region,
            maySearch: camera.maySearch,
            ordinaryArousal: camera.ordinaryArousal
        )
        do {
            _ = try await client.perform(.watch(request)) { collector.take($0) }
            return collector.testimony
        } catch let failure as WorkerFailure where failure.code == .crashed || failure.code == .unreadableInput {
            var testimony = WitnessCollector.Testimony()
            testimony.observations = seconds(interval).map {
                Observation(kind: .face, interval: $0, missing: "the picture cannot be decoded")
            }
            testimony.warnings = ["The face could not be looked at everywhere: \(failure.message)."]
            return testimony
        }
    }

    private func seconds(_ interval: MediaInterval) -> [MediaInterval] { interval.pieces(of: .seconds(1)) }

    private func missing(_ kind: SignalKind, _ reason: String, warning: String) -> WitnessCollector.Testimony {
        var testimony = WitnessCollector.Testimony()
        testimony.observations = seconds(recording).map { Observation(kind: kind, interval: $0, missing: reason) }
        testimony.warnings = [warning]
        return testimony
    }
}

extension MediaInterval {
    /// The interval cut into pieces of a length, the last one shorter.
    func pieces(of length: Duration) -> [MediaInterval] {
        var pieces: [MediaInterval] = []
        var cursor = start
        while cursor < end {
            let next = min(end, cursor + length)
            pieces.append(MediaInterval(start: cursor, end: next))
            cursor = next
        }
        return pieces
    }
}

extension Sequence<String> {
    /// The strings without repetitions, in their first order.
    func uniqued() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
