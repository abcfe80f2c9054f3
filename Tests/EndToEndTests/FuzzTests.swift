import Foundation
import HypeCore
import HypeWorkerLink
import Logging
import Testing

/// A thousand damaged recordings through the real worker: each ends with an answer or a reason.
@Suite(.timeLimit(.minutes(15)))
struct FuzzTests {
    private static let fileCount = 1_000

    /// A small generator, so that a failing file can be made again from its number.
    private struct Random {
        var state: UInt64

        mutating func next(below bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(max(1, bound)))
        }
    }

    @Test
    func damagedRecordingsNeverTakeTheControlPlaneDown() async throws {
        let scratch = try Scratch()
        defer { scratch.remove() }
        let seeds = try ["mp4", "mkv", "ts", "flv", "flac", "wav"].map { ending in
            let path = scratch.path("seed.\(ending)")
            let picture =
                ["flac", "wav"].contains(ending)
                ? ["-vn"] : ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-c:a", "aac"]
            try Command.tool(
                "ffmpeg",
                [
                    "-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=s=96x64:r=10:d=2", "-f", "lavfi", "-i",
                    "sine=d=2:r=16000",
                ] + picture + ["-y", path]
            )
            return (ending, try Data(contentsOf: URL(filePath: path)))
        }
        let models = ["Models", ".deps/models"].map { Command.repository.appending(path: $0).path }
        let settings = WorkerSettings(
            executable: Command.worker,
            hello: WorkerHello(modelFolders: models),
            maximumDeaths: 1,
            backoff: Backoff(first: .milliseconds(1), longest: .milliseconds(1))
        )
        let client = WorkerClient(settings: settings, logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() })
        let outcome = try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await client.run() }
            defer { group.cancelAll() }
            var outcome = Outcome()
            for number in 0..<Self.fileCount {
                let (ending, seed) = seeds[number % seeds.count]
                let path = scratch.path("fuzz-\(number).\(ending)")
                try damaged(seed, number: number).write(to: URL(filePath: path))
                for request in requests(path, output: scratch.path("clip.mp4")) {
                    await ask(client, request, number: number, outcome: &outcome)
                }
                try FileManager.default.removeItem(atPath: path)
            }
            return outcome
        }
        #expect(outcome.unexplained.isEmpty, "files without a reason: \(outcome.unexplained)")
        #expect(outcome.crashes.isEmpty, "files that killed a worker: \(outcome.crashes)")
        #expect(outcome.answers > 0 && outcome.failures > 0)
    }

    private struct Outcome {
        var answers = 0
        var failures = 0
        var crashes: [Int] = []
        var unexplained: [Int] = []
    }

    private func ask(_ client: WorkerClient, _ request: WorkerRequest, number: Int, outcome: inout Outcome) async {
        do {
            _ = try await client.perform(request)
            outcome.answers += 1
        } catch let failure as WorkerFailure {
            outcome.failures += 1
            if failure.code == .crashed { outcome.crashes.append(number) }
            if failure.message.count < 10 { outcome.unexplained.append(number) }
        } catch {
            outcome.unexplained.append(number)
        }
    }

    private func requests(_ path: String, output: String) -> [WorkerRequest] {
        let interval = MediaInterval(seconds: 0.3..<1.4)
        return [
            .probe(path: path),
            .listen(path: path),
            .watch(
                WatchRequest(
                    path: path,
                    interval: MediaInterval(seconds: 0..<2),
                    segment: .seconds(4),
                    camera: nil,
                    maySearch: false,
                    ordinaryArousal: nil
                )
            ),
            .cut(CutRequest(path: path, interval: interval, output: output)),
            .picture(PictureRequest(path: path, time: MediaTime(seconds: 1), longestSide: 64)),
        ]
    }

    private func damaged(_ seed: Data, number: Int) -> Data {
        var random = Random(state: UInt64(number) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        var bytes = Array(seed)
        switch random.next(below: 4) {
        case 0:
            bytes.removeLast(random.next(below: bytes.count))
        case 1:
            let start = random.next(below: bytes.count)
            bytes.removeSubrange(start..<min(bytes.count, start + 1 + random.next(below: 400)))
        default:
            break
        }
        // Headers are small and matter most, so half of the changes go there.
        for _ in 0..<(1 + random.next(below: 24)) where !bytes.isEmpty {
            let reach = random.next(below: 2) == 0 ? min(bytes.count, 1_500) : bytes.count
            bytes[random.next(below: reach)] = UInt8(random.next(below: 256))
        }
        return Data(bytes)
    }
}
