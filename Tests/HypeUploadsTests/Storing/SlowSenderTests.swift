import HypeUploads
import NIOCore
import TestSupport
import Testing

@Suite
struct SlowSenderTests {
    private let folder: TestFolder
    private let clock = ManualClock()
    private let store: UploadStore

    init() throws {
        folder = try TestFolder()
        var limits = UploadLimits.forTests
        limits.idle = .seconds(30)
        limits.whole = .seconds(100)
        store = UploadStore(folder: folder.path, limits: limits, clock: clock)
    }

    /// Sends a piece whenever one is asked for, after a pause; and nothing once the pauses are used up.
    ///
    /// - Parameters:
    ///   - pauses: The time before each piece.
    ///   - silence: The time after the last one, in steps.
    /// - Returns: What the upload failed with.
    private func send(after pauses: [Duration], then silence: [Duration]) async -> UploadError? {
        let body = Paced()
        return await withTaskGroup(of: UploadError?.self) { group in
            group.addTask { [store] in
                do {
                    _ = try await store.receive(raw: body, name: "a")
                    return nil
                } catch {
                    body.requests.continuation.finish()
                    return error as? UploadError
                }
            }
            var rest = pauses[...]
            for await _ in body.requests.stream {
                await clock.someoneSleeps()
                guard let pause = rest.popFirst() else { break }
                clock.advance(by: pause)
                body.pieces.continuation.yield(ByteBuffer(repeating: 1, count: 100_000))
            }
            // If the upload ended before the last of these, no one would sleep, and the test would not end.
            for pause in silence {
                await clock.someoneSleeps()
                clock.advance(by: pause)
            }
            return await group.next() ?? nil
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func silenceEndsAnUpload() async throws {
        let failure = try #require(
            await send(after: [.seconds(20), .seconds(20)], then: [.milliseconds(29_999), .milliseconds(1)])
        )
        #expect(failure.code == .timeout && failure.message.contains("Nothing came"))
        #expect(folder.names == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func slownessEndsAnUploadToo() async throws {
        let failure = try #require(
            await send(
                after: [.seconds(29), .seconds(29), .seconds(29)],
                then: [.milliseconds(12_999), .milliseconds(1)]
            )
        )
        #expect(failure.code == .timeout && failure.message.contains("longer than"))
        #expect(folder.names == [])
    }

    @Test(.timeLimit(.minutes(1)))
    func aFastSenderIsNotStopped() async throws {
        let upload = try await store.receive(raw: Pieces([1, 2, 3]), name: "a")
        #expect(upload.bytes == 3)
        #expect(clock.now.offset == .zero)
    }
}

/// A body that tells when a piece is asked for, and gives what a test puts in.
private struct Paced: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let requests = AsyncStream<Void>.makeStream()
    let pieces = AsyncStream<ByteBuffer>.makeStream()

    func makeAsyncIterator() -> Iterator {
        Iterator(pieces: pieces.stream.makeAsyncIterator(), requests: requests.continuation)
    }

    struct Iterator: AsyncIteratorProtocol {
        var pieces: AsyncStream<ByteBuffer>.Iterator
        let requests: AsyncStream<Void>.Continuation

        mutating func next() async throws -> ByteBuffer? {
            requests.yield()
            return await pieces.next(isolation: #isolation)
        }
    }
}
