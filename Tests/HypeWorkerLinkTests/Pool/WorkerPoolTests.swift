import Foundation
import HypeCore
import HypeWorkerLink
import Logging
import Synchronization
import Testing

/// Drives a pool with small programs that stand in for the worker.
@Suite(.timeLimit(.minutes(5)))
struct WorkerPoolTests {
    /// A worker in Python that does what the path of each request says: answers, dies, hangs, or waits until it is told to stop.
    private static let program = """
        #!/usr/bin/env python3
        import json, os, struct, sys, threading, time
        out, lock, stops = sys.stdout.buffer, threading.Lock(), {}
        def say(number, body):
            data = json.dumps({"request": number, "body": body}).encode()
            with lock:
                out.write(struct.pack(HEADER, len(data)) + data); out.flush()
        def note(text):
            with open(os.path.join(FOLDER, "notes"), "a") as file: file.write(text + "\\n")
        def work(number, path):
            if path == "pid":
                note(str(os.getpid()))
                time.sleep(0.3)
            stop = stops.setdefault(number, threading.Event())
            if path == "die": os.kill(os.getpid(), 9)
            if path == "die-once":
                mark = os.path.join(FOLDER, "died")
                if not os.path.exists(mark):
                    open(mark, "w").close(); os.kill(os.getpid(), 9)
            if path == "hang":
                os.kill(os.getpid(), 19)
                time.sleep(3600)  # this thread may be the last one to stop
            if path == "wait":
                note("began")
                stop.wait()
                note("let go")
                return say(number, {"failed": {"_0": {"code": "cancelled", "message": "given up"}}})
            if path == "stubborn":
                note("began")
                time.sleep(3600)
            say(number, {"finished": {"_0": {"done": {}}}})
        while True:
            head = sys.stdin.buffer.read(4)
            if len(head) < 4: os._exit(0)
            message = json.loads(sys.stdin.buffer.read(struct.unpack(HEADER, head)[0]))
            number, body = message["request"], message["body"]
            if "hello" in body:
                say(number, {"finished": {"_0": {"welcome": {"_0": {"protocolVersion": VERSION, "processID": os.getpid()}}}}})
            elif "warmUp" in body: say(number, {"finished": {"_0": {"done": {}}}})
            elif "emotionModels" in body: say(number, {"finished": {"_0": {"predicted": {"_0": []}}}})
            elif "cancel" in body: stops.setdefault(body["cancel"]["request"], threading.Event()).set()
            else: threading.Thread(target=work, args=(number, body["probe"]["path"]), daemon=True).start()
        """

    private struct Stage {
        let folder: URL

        init() throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "pool-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let text = WorkerPoolTests.program
                .replacing("HEADER", with: "\">I\"")
                .replacing("FOLDER", with: "\"\(folder.path)\"")
                .replacing("VERSION", with: "\(WorkerHello.currentVersion)")
            try Data(text.utf8).write(to: URL(filePath: worker))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: worker)
        }

        var worker: String { folder.appending(path: "worker").path }
        var notes: [Substring] {
            let text = (try? String(contentsOf: folder.appending(path: "notes"), encoding: .utf8)) ?? ""
            return text.split(separator: "\n")
        }

        func noted(_ count: Int) async throws {
            let end = ContinuousClock.now + .seconds(20)
            while notes.count < count {
                try #require(ContinuousClock.now < end, "the worker noted only \(notes)")
                await Task.yield()
            }
        }

        func run<Result: Sendable>(
            workers: Int = 2,
            waiting: Int = 4,
            silence: Duration = .seconds(20),
            longest: Duration = .seconds(600),
            lifetime: Int = 10_000,
            recall: Duration = .milliseconds(200),
            executable: String? = nil,
            _ test: (WorkerPool) async throws -> Result
        ) async throws -> Result {
            defer { try? FileManager.default.removeItem(at: folder) }
            var settings = PoolSettings(
                worker: WorkerSettings(
                    executable: executable ?? worker,
                    hello: WorkerHello(modelFolders: []),
                    silenceLimit: silence
                ),
                limits: PoolLimits(workers: workers, waiting: waiting),
                longest: longest
            )
            settings.worker.recallLimit = recall
            settings.limits.lifetime = lifetime
            let pool = WorkerPool(settings: settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { await pool.run() }
                defer { group.cancelAll() }
                return try await test(pool)
            }
        }
    }

    private static func request(
        _ path: String,
        of client: String = "a",
        deadline: Duration? = nil
    ) -> WorkerPool.Request {
        WorkerPool.Request(client: client, deadline: deadline) { _ in .probe(path: path) }
    }

    private func failure(_ pool: WorkerPool, _ request: WorkerPool.Request) async throws -> PoolFailure {
        try #require(await #expect(throws: PoolFailure.self) { _ = try await pool.perform(request) })
    }

    @Test
    func manyRequestsAreAllAnswered() async throws {
        try await Stage().run(waiting: 100) { pool in
            try await withThrowingTaskGroup(of: WorkerResult.self) { group in
                for index in 0..<60 {
                    group.addTask { try await pool.perform(Self.request("fine", of: "\(index % 3)")) }
                }
                for try await result in group { #expect(result == .done) }
            }
            let report = await pool.report
            #expect(report.counts.served == 60)
            #expect(report.counts.died == 0)
            #expect(report.waiting == 0 && report.busy == 0)
        }
    }

    @Test
    func aFileThatKillsWorkersIsFoundOutAndTheOthersDoNotNotice() async throws {
        try await Stage().run(waiting: 100) { pool in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<40 {
                    let path = index % 10 == 3 ? "die" : "fine"
                    group.addTask {
                        do {
                            return try await pool.perform(Self.request(path)) == .done && path == "fine"
                        } catch let failure as PoolFailure {
                            return failure == .guilty && path == "die"
                        }
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
            #expect(await pool.report.counts.guilty == 4)
            #expect(await pool.report.counts.served == 36)
        }
    }

    @Test
    func aWorkerThatIsKilledCostsNoAnswer() async throws {
        try await Stage().run { pool in
            let starts = Mutex(0)
            let result = try await pool.perform(Self.request("die-once")) { update in
                if case .started = update { starts.withLock { $0 += 1 } }
            }
            #expect(result == .done)
            #expect(starts.withLock { $0 } == 2)
            #expect(await pool.report.counts.retried == 1)
        }
    }

    @Test
    func whenAllWorkersAreKilledAtOnceNoAnswerIsLost() async throws {
        let stage = try Stage()
        try await stage.run(workers: 3, waiting: 20) { pool in
            try await withThrowingTaskGroup(of: WorkerResult.self) { group in
                for index in 0..<6 { group.addTask { try await pool.perform(Self.request("pid", of: "\(index)")) } }
                try await stage.noted(3)
                for worker in stage.notes.compactMap({ Int32($0) }) { kill(worker, SIGKILL) }
                for try await result in group { #expect(result == .done) }
            }
            #expect(await pool.report.counts.guilty == 0)
            #expect(await pool.report.counts.died >= 3)
        }
    }

    @Test
    func aWorkerThatWasFoundDeadIsNotHeldAgainstTheRequest() {
        var schedule = PoolSchedule(limits: PoolLimits(workers: 2, waiting: 4))
        _ = schedule.ready(0)
        _ = schedule.ready(1)
        let ticket = schedule.makeTicket()
        #expect(schedule.submit(ticket, of: "a") == [.start(ticket, worker: 0)])
        #expect(!schedule.isSuspect(ticket))
        #expect(schedule.lost(0) == [.start(ticket, worker: 1)])
        #expect(schedule.isSuspect(ticket))
        #expect(schedule.lost(1, isBlamed: false).isEmpty)
        #expect(schedule.ready(0) == [.start(ticket, worker: 0)])
        #expect(schedule.lost(0) == [.refuse(ticket, .guilty)])
    }

    @Test
    func aWorkerThatHangsIsReplaced() async throws {
        try await Stage().run(silence: .milliseconds(300)) { pool in
            let failure = try await failure(pool, Self.request("hang"))
            #expect(failure == .guilty)
            #expect(try await pool.perform(Self.request("fine")) == .done)
        }
    }

    @Test
    func aCancelledRequestMakesItsWorkerLetGo() async throws {
        let stage = try Stage()
        try await stage.run(workers: 1, recall: .seconds(20)) { pool in
            // Awaited below.
            let asking = Task { try await pool.perform(Self.request("wait")) }
            try await stage.noted(1)
            asking.cancel()
            await #expect(throws: CancellationError.self) { try await asking.value }
            #expect(try await pool.perform(Self.request("fine")) == .done, "the same worker takes the next")
            #expect(stage.notes == ["began", "let go"])
            #expect(await pool.report.counts.died == 0)
        }
    }

    @Test
    func aWorkerThatDoesNotLetGoIsKilled() async throws {
        let stage = try Stage()
        try await stage.run(workers: 1) { pool in
            let asking = Task { try await pool.perform(Self.request("stubborn")) }
            try await stage.noted(1)
            asking.cancel()
            await #expect(throws: CancellationError.self) { try await asking.value }
            #expect(try await pool.perform(Self.request("fine")) == .done)
            #expect(await pool.report.counts.died == 1)
            #expect(await pool.report.counts.guilty == 0)
        }
    }

    @Test
    func whoComesWhenTooManyWaitIsTurnedAway() async throws {
        let stage = try Stage()
        try await stage.run(workers: 1, waiting: 2) { pool in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try? await pool.perform(Self.request("wait")) }
                try await stage.noted(1)
                for _ in 0..<2 { group.addTask { _ = try? await pool.perform(Self.request("fine")) } }
                while await pool.report.waiting < 2 { await Task.yield() }
                guard case .busy(let time) = try await failure(pool, Self.request("fine")) else {
                    Issue.record("it was not busy")
                    return
                }
                #expect(time > .zero)
                group.cancelAll()
            }
        }
    }

    @Test
    func aDeadlineEndsTheRequestAndItsWork() async throws {
        let stage = try Stage()
        try await stage.run(workers: 1) { pool in
            _ = try await pool.perform(Self.request("fine"))
            let begin = ContinuousClock.now
            #expect(try await failure(pool, Self.request("wait", deadline: .milliseconds(100))) == .expired)
            #expect(ContinuousClock.now - begin < .seconds(5))
            try await stage.noted(2)
            #expect(stage.notes.last == "let go")
        }
    }

    @Test
    func aRequestThatTakesTooLongIsGivenUp() async throws {
        try await Stage().run(longest: .milliseconds(200)) { pool in
            let failure = try await failure(pool, Self.request("wait"))
            #expect(failure == .tooLong(.milliseconds(200)))
            #expect(try await pool.perform(Self.request("fine")) == .done)
        }
    }

    @Test
    func wornWorkersAreReplacedWithoutALostRequest() async throws {
        try await Stage().run(waiting: 100, lifetime: 5) { pool in
            try await withThrowingTaskGroup(of: WorkerResult.self) { group in
                for _ in 0..<40 { group.addTask { try await pool.perform(Self.request("fine")) } }
                for try await result in group { #expect(result == .done) }
            }
            #expect(await pool.report.counts.replaced > 0)
            #expect(await pool.report.counts.died == 0)
        }
    }

    @Test
    func aMissingWorkerIsSaidAtOnce() async throws {
        try await Stage().run(executable: "/nonexistent/worker") { pool in
            guard case .worker(let failure) = try await failure(pool, Self.request("fine")) else {
                Issue.record("it should say why")
                return
            }
            #expect(failure.message.contains("/nonexistent/worker"))
            #expect(await pool.failure != nil)
        }
    }
}
