import Foundation
import HypeCatalogue
import HypeCore
import HypeDigest
import HypeMedia
import HypeWorkerLink
import Testing

/// The live requests, asked of a worker process as the control plane asks them.
@Suite(.serialized)
struct LiveWorkerTests {
    private func live(_ source: LiveSource, folder: String, faces: LiveRequest.Faces = .onDemand) -> LiveRequest {
        LiveRequest(
            source: source,
            origin: SessionClock.monotonic,
            spool: folder + "/spool",
            faces: faces,
            allowsPrivateHosts: true
        )
    }

    @Test func watchesAStreamFromItsBeginningToItsEnd() throws {
        let media = try LiveMedia()
        defer { media.remove() }
        let worker = try WorkerUnderTest()
        let live = try worker.send(.live(live(.file(path: media.recording), folder: media.folder)))
        let clip = media.folder + "/clip.mp4"
        let wish = MediaInterval(seconds: 2..<5)
        let cut = try worker.send(.cutLive(LiveCutRequest(interval: wish, waits: true, output: clip)))
        guard case .clip(let report)? = try worker.result(of: cut) else {
            Issue.record("no clip")
            return
        }
        #expect(report.sha256 == (try FileDigest(ofFile: clip).sha256))
        #expect(abs(report.interval.duration.inSeconds - 3) < 0.2)
        #expect(try worker.result(of: live) == .done)
        let reports = worker.events(of: live).compactMap { event in
            if case .live(let report) = event { report } else { nil }
        }
        let opened = reports.compactMap { report -> MediaInfo? in
            if case .opened(let info, _) = report { info } else { nil }
        }
        #expect(opened.map { $0.video?.width } == [320])
        let clocks = reports.count { if case .clock = $0 { true } else { false } }
        #expect(clocks >= 24, "about four a second for eight seconds")
        let levels = reports.compactMap { report -> LiveLevel? in
            if case .level(let level) = report { level } else { nil }
        }
        #expect(levels.count >= 20)
        #expect(levels.contains { ($0.loudness ?? -120) > -30 })
        let progress = worker.events(of: live).count { if case .progress = $0 { true } else { false } }
        #expect(progress >= 8)
        let observed = worker.observations(of: live).filter { $0.kind == .voice }.map(\.interval)
        #expect(observed.count >= 10)
        #expect(zip(observed.dropFirst(), observed).allSatisfy { $0.start >= $1.end - .milliseconds(500) })
        try worker.close()
    }

    @Test func flushesEverythingWhenItIsCancelled() throws {
        let media = try LiveMedia()
        defer { media.remove() }
        let worker = try WorkerUnderTest()
        let live = try worker.send(.live(live(.file(path: media.recording), folder: media.folder)))
        try worker.await { events in
            events.contains {
                if case (live, .live(.clock(let sample))) = $0 { sample.media.seconds > 3 } else { false }
            }
        }
        try worker.cancel(live)
        #expect(throws: WorkerFailure.self) { try worker.result(of: live) }
        let spool = try Spool(Spool.Settings(folder: media.folder + "/spool"))
        let tail = try #require(spool.tail(span: .seconds(60), limit: 1 << 30))
        #expect(try #require(tail.snapshot.packets.last?.time) > MediaTime(seconds: 2.9))
        try worker.close()
    }

    @Test func aWorkerThatIsKilledLosesAlmostNothingAndTheNextOneGoesOn() throws {
        let media = try LiveMedia()
        defer { media.remove() }
        let request = live(.file(path: media.recording), folder: media.folder)
        let first = try WorkerUnderTest()
        let live = try first.send(.live(request))
        var seen = MediaTime.zero
        try first.await { events in
            for case (live, .live(.clock(let sample))) in events { seen = max(seen, sample.media) }
            return seen.seconds > 3
        }
        first.kill()
        let spool = try Spool(Spool.Settings(folder: request.spool))
        let saved = try #require(
            spool.tail(span: .seconds(60), limit: 1 << 30)?.snapshot.packets.compactMap(\.end).max()
        )
        #expect((seen - saved).inSeconds < 0.5)
        // The same request to the next worker: pre-roll from before the death, at once.
        let second = try WorkerUnderTest()
        let again = try second.send(.live(request))
        let clip = media.folder + "/clip.mp4"
        let wish = MediaInterval(seconds: 1..<6)
        let cut = try second.send(.cutLive(LiveCutRequest(interval: wish, waits: true, output: clip)))
        guard case .clip(let report)? = try second.result(of: cut) else {
            Issue.record("no clip")
            return
        }
        #expect(abs(report.interval.duration.inSeconds - 5) < 0.2)
        let file = try MediaFile(path: clip)
        #expect(abs(file.info.interval.duration.inSeconds - 5) < 0.2)
        #expect(try second.result(of: again) == .done)
        try second.close()
    }

    @Test func waitsWhileNoDeviceIsThereAndSaysWhy() throws {
        let media = try LiveMedia()
        defer { media.remove() }
        let worker = try WorkerUnderTest()
        let wish = CaptureRequest(screen: ":987", camera: "/dev/video987")
        let request = try worker.send(.live(live(.capture(wish), folder: media.folder)))
        try worker.await { events in
            events.contains {
                guard case (request, .live(.waiting(let reason))) = $0 else { return false }
                return reason.contains(":987") && reason.contains("/dev/video987")
            }
        }
        try worker.cancel(request)
        #expect(throws: WorkerFailure.self) { try worker.result(of: request) }
        try worker.close()
    }

    @Test func answersWhereNoStreamIsWatchedOrAnotherOneIs() throws {
        let media = try LiveMedia()
        defer { media.remove() }
        let worker = try WorkerUnderTest()
        let wish = MediaInterval(seconds: 0..<1)
        let early = try worker.send(
            .cutLive(LiveCutRequest(interval: wish, waits: false, output: media.folder + "/x.mp4"))
        )
        #expect(throws: WorkerFailure.self) { try worker.result(of: early) }
        let live = try worker.send(.live(live(.relay(socket: media.folder + "/nobody"), folder: media.folder)))
        let other = try worker.send(.live(self.live(.relay(socket: media.folder + "/nobody"), folder: media.folder)))
        #expect(throws: WorkerFailure.self) { try worker.result(of: other) }
        try worker.await { events in
            events.contains {
                if case (live, .live(.waiting(let reason))) = $0 { reason.contains("Start") } else { false }
            }
        }
        let observed = { worker.observations(of: live).contains { $0.missing == "the stream is interrupted" } }
        try worker.await { _ in observed() }
        try worker.cancel(live)
        #expect(throws: WorkerFailure.self) { try worker.result(of: live) }
        try worker.close()
    }

    @Test(.enabled(if: LiveMedia.portrait != nil, "needs .deps/demo and the face models"))
    func looksAtAFaceOutOfMemoryAsInAFile() throws {
        let media = try LiveMedia(portrait: true)
        defer { media.remove() }
        let worker = try WorkerUnderTest()
        var request = live(.file(path: media.recording), folder: media.folder)
        let camera = PixelRegion(x: 0, y: 0, width: 360, height: 360)
        request.camera = camera
        let live = try worker.send(.live(request))
        let interval = MediaInterval(seconds: 2..<6)
        let looked = try worker.send(.watchLive(LiveWatchRequest(interval: interval, segment: .seconds(2))))
        #expect(try worker.result(of: looked) == .done)
        try worker.cancel(live)
        let watched = try worker.send(
            .watch(
                WatchRequest(
                    path: media.recording,
                    interval: interval,
                    segment: .seconds(2),
                    camera: camera,
                    maySearch: true,
                    ordinaryArousal: nil
                )
            )
        )
        #expect(try worker.result(of: watched) == .done)
        let expected = worker.observations(of: watched)
        #expect(expected.contains { $0.score != nil })
        #expect(worker.observations(of: looked) == expected)
        try worker.close()
    }

    @Test(.enabled(if: LiveMedia.portrait != nil, "needs .deps/demo and the face models"))
    func looksAtAFaceAllTheTime() throws {
        // A machine that is busy with other tests looks at fewer faces than there are, so the stream goes on for a while.
        let media = try LiveMedia(portrait: true, seconds: 60)
        defer { media.remove() }
        let worker = try WorkerUnderTest()
        let live = try worker.send(.live(live(.file(path: media.recording), folder: media.folder, faces: .continuous)))
        let faces = { worker.observations(of: live).filter { $0.kind == .face } }
        try worker.await { _ in faces().count { $0.score != nil } >= 8 }
        try worker.cancel(live)
        #expect(throws: WorkerFailure.self) { try worker.result(of: live) }
        #expect(zip(faces().dropFirst(), faces()).allSatisfy { $0.interval.start >= $1.interval.end })
        try worker.close()
    }
}
