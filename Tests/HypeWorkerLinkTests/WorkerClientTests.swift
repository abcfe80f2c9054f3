import Foundation
import HypeCore
import HypeWorkerLink
import Logging
import Synchronization
import Testing

/// Drives a client against small scripts that misbehave in the ways a worker can.
@Suite(.timeLimit(.minutes(5)))
struct WorkerClientTests {
    /// A shell script that stands in for the worker, in a folder of its own.
    private struct Script {
        let folder: URL
        var path: String { folder.appending(path: "worker").path }

        init(_ body: String) throws {
            folder = FileManager.default.temporaryDirectory.appending(path: "worker-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Data("#!/bin/sh\ncd '\(folder.path)'\n\(body)\n".utf8).write(to: URL(filePath: path))
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        }

        /// Puts a framed event where the script can `cat` it.
        func provide(_ name: String, _ event: WorkerEvent, request: UInt64) throws {
            try Frame.encode(Envelope(request: request, body: event)).write(to: folder.appending(path: name))
        }

        func provideWelcome(version: Int = WorkerHello.currentVersion) throws {
            let identity = WorkerIdentity(protocolVersion: version, processID: 1)
            try provide("welcome", .finished(.welcome(identity)), request: 0)
        }

        func remove() { try? FileManager.default.removeItem(at: folder) }
    }

    private func ask(
        _ script: Script,
        silenceLimit: Duration = .seconds(20),
        onUpdate: @escaping @Sendable (WorkerUpdate) -> Void = { _ in }
    ) async throws -> WorkerResult {
        let settings = WorkerSettings(
            executable: script.path,
            hello: WorkerHello(modelFolders: []),
            silenceLimit: silenceLimit,
            backoff: Backoff(first: .milliseconds(1))
        )
        let client = WorkerClient(settings: settings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await client.run() }
            defer { group.cancelAll() }
            return try await client.perform(.probe(path: "x"), onUpdate: onUpdate)
        }
    }

    private func failure(_ script: Script, silenceLimit: Duration = .seconds(20)) async throws -> WorkerFailure {
        let error = await #expect(throws: WorkerFailure.self) {
            _ = try await ask(script, silenceLimit: silenceLimit)
        }
        return try #require(error)
    }

    @Test
    func anAnswerReachesTheAsker() async throws {
        let script = try Script("cat welcome; cat answer; cat >/dev/null")
        defer { script.remove() }
        try script.provideWelcome()
        try script.provide("answer", .finished(.done), request: 1)
        #expect(try await ask(script) == .done)
    }

    @Test
    func aWorkerThatCrashesOnceIsReplacedAndTheRequestSentAgain() async throws {
        let script = try Script(
            """
            cat welcome
            if [ ! -e crashed ]; then : > crashed; cat partial; kill -SEGV $$; fi
            cat answer; cat >/dev/null
            """
        )
        defer { script.remove() }
        try script.provideWelcome()
        try script.provide("partial", .speech([]), request: 1)
        try script.provide("answer", .finished(.done), request: 1)
        let restarts = Mutex(0)
        let result = try await ask(script) { update in
            if case .restarted = update { restarts.withLock { $0 += 1 } }
        }
        #expect(result == .done)
        #expect(restarts.withLock { $0 } == 1)
    }

    @Test
    func aRequestThatKillsItsWorkersFailsWithTheLastWords() async throws {
        let script = try Script("cat welcome; echo 'broken: the moov atom' >&2; sleep 0.2; kill -SEGV $$")
        defer { script.remove() }
        try script.provideWelcome()
        let failure = try await failure(script)
        #expect(failure.code == .crashed)
        #expect(failure.message.contains("signal 11"))
        #expect(failure.message.contains("the moov atom"))
    }

    @Test
    func aWorkerThatFallsSilentIsKilled() async throws {
        let script = try Script("cat welcome; exec sleep 600")
        defer { script.remove() }
        try script.provideWelcome()
        let failure = try await failure(script, silenceLimit: .milliseconds(300))
        #expect(failure.code == .crashed)
        #expect(failure.message.contains("stopped answering"))
    }

    @Test
    func aWorkerThatStopsReadingDoesNotEndItsClient() async throws {
        let script = try Script("exec 0<&-; cat welcome; exec sleep 600")
        defer { script.remove() }
        try script.provideWelcome()
        let failure = try await failure(script, silenceLimit: .milliseconds(300))
        #expect(failure.code == .crashed)
    }

    @Test
    func garbageOnTheLineIsNotWaitedOut() async throws {
        let script = try Script("cat welcome; printf '\\377\\377\\377\\377'; exec sleep 600")
        defer { script.remove() }
        try script.provideWelcome()
        #expect(try await failure(script).message.contains("unreadable"))
    }

    @Test
    func aWorkerOfAnotherVersionIsRefused() async throws {
        let script = try Script("cat welcome; cat >/dev/null")
        defer { script.remove() }
        try script.provideWelcome(version: 999)
        let failure = try await failure(script)
        #expect(failure.code == .version)
        #expect(failure.message.contains("999"))
    }

    @Test
    func aMissingWorkerIsNamed() async throws {
        let script = try Script("true")
        script.remove()
        let failure = try await failure(script)
        #expect(failure.message.contains(script.path))
    }

    @Test
    func aCancelledRequestEndsAtOnce() async throws {
        let script = try Script("cat welcome; exec sleep 600")
        defer { script.remove() }
        try script.provideWelcome()
        let asking = Task { try await ask(script) }
        asking.cancel()
        await #expect(throws: CancellationError.self) { _ = try await asking.value }
    }
}
