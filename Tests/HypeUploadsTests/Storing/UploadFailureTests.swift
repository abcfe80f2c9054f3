import Foundation
import HypeUploads
import NIOCore
import Synchronization
import Testing

@Suite
struct UploadFailureTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    private let form = TestForm.file([UInt8](repeating: 7, count: 3 << 20))

    private func send(_ store: UploadStore, declared: Int64? = nil) async -> UploadError.Code? {
        await failureCode {
            try await store.receive(
                multipart: Pieces(form.bytes),
                contentType: form.contentType,
                declaredBytes: declared
            )
        }
    }

    @Test
    func refusesWhatDoesNotFitOnTheDisk() async throws {
        var limits = UploadLimits()
        limits.reserve = 1000
        let store = UploadStore(folder: folder.path, limits: limits, freeSpace: { _ in 10_000 })
        #expect(await send(store, declared: 9001) == .noSpace)
        #expect(try await store.receive(raw: Pieces([1]), name: "a", declaredBytes: 1).bytes == 1)
    }

    @Test
    func stopsWhenTheDiskFillsUpMeanwhile() async throws {
        let asked = Mutex(0)
        let store = UploadStore(
            folder: folder.path,
            limits: .forTests,
            freeSpace: { _ in
                asked.withLock { asked in
                    asked += 1
                    return asked == 1 ? 1 << 40 : -1
                }
            }
        )
        // Free space is looked at again after 64 MiB.
        let body = Repeated(piece: ByteBuffer(repeating: 1, count: 1 << 20), count: 100)
        #expect(await failureCode { try await store.receive(raw: body, name: "a") } == .noSpace)
        #expect(asked.withLock { $0 } == 2)
        #expect(folder.names == [])
    }

    @Test(arguments: [ENOSPC, EIO])
    func aFailingWriteLeavesNothing(_ number: Int32) async throws {
        let written = Mutex(0)
        var calls = DiskCalls.system
        calls.write = { (descriptor, bytes, offset) throws(DiskCalls.Failure) in
            let count = written.withLock { written in
                defer { written += bytes.count }
                return written
            }
            if count >= 2 << 20 { throw DiskCalls.Failure(number) }
            return try DiskCalls.system.write(descriptor, bytes, offset)
        }
        let store = UploadStore(folder: folder.path, limits: .forTests, calls: calls)
        #expect(await send(store) == (number == ENOSPC ? .noSpace : .storage))
        #expect(folder.names == [])
    }

    @Test
    func shortWritesLoseNothing() async throws {
        var calls = DiskCalls.system
        calls.write = { (descriptor, bytes, offset) throws(DiskCalls.Failure) in
            try DiskCalls.system.write(descriptor, UnsafeRawBufferPointer(rebasing: bytes.prefix(100_001)), offset)
        }
        let store = UploadStore(folder: folder.path, limits: .forTests, calls: calls)
        let content = lineEndHeavy(2_500_000, seed: 5)
        let upload = try await store.receive(raw: Pieces(content), name: "a")
        #expect(folder.bytes("\(upload.id).bin") == content)
    }

    @Test
    func afterwardsFailuresLeaveNothing() async throws {
        for failing in 0..<5 {
            let count = Mutex(0)
            var calls = DiskCalls.system
            let fail: @Sendable () throws(DiskCalls.Failure) -> Void = { () throws(DiskCalls.Failure) in
                let number = count.withLock { count in
                    defer { count += 1 }
                    return count
                }
                if number == failing { throw DiskCalls.Failure(EIO) }
            }
            // Syncs of file and record, the two renames, and the folder's sync, in their order.
            calls.sync = { (descriptor) throws(DiskCalls.Failure) in
                try fail()
                try DiskCalls.system.sync(descriptor)
            }
            calls.rename = { (old, new) throws(DiskCalls.Failure) in
                try fail()
                try DiskCalls.system.rename(old, new)
            }
            let store = UploadStore(folder: folder.path, limits: .forTests, calls: calls)
            #expect(await send(store) == .storage, "\(failing)")
            #expect(folder.names == [], "\(failing)")
        }
    }

    @Test
    func aFolderThatCannotBeMadeIsReported() async throws {
        folder.write([1], to: "file")
        let store = UploadStore(folder: folder.file("file") + "/uploads", limits: .forTests)
        #expect(await send(store) == .storage)
    }

    @Test
    func takesOnlySoManyAtOnce() async throws {
        var limits = UploadLimits.forTests
        limits.simultaneous = 1
        let store = UploadStore(folder: folder.path, limits: limits)
        let (body, first) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        first.yield(ByteBuffer(bytes: [1]))
        let began = Began(base: body)
        async let upload = store.receive(raw: began, name: "a")
        await began.waitUntilRead()
        #expect(await failureCode { try await store.receive(raw: Pieces([1]), name: "b") } == .busy)
        first.finish()
        #expect(try await upload.bytes == 1)
        #expect(try await store.receive(raw: Pieces([1]), name: "b").bytes == 1)
    }

    @Test
    func aCancelledUploadLeavesNothing() async throws {
        let store = UploadStore(folder: folder.path, limits: .forTests)
        let (body, sender) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        sender.yield(ByteBuffer(repeating: 1, count: 2 << 20))
        let began = Began(base: body)
        await #expect(throws: CancellationError.self) {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { _ = try await store.receive(raw: began, name: "a") }
                await began.waitUntilRead()
                group.cancelAll()
                try await group.waitForAll()
            }
        }
        #expect(folder.names == [])
    }
}

/// One piece many times.
struct Repeated: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let piece: ByteBuffer
    let count: Int

    func makeAsyncIterator() -> Iterator { Iterator(piece: piece, left: count) }

    struct Iterator: AsyncIteratorProtocol {
        let piece: ByteBuffer
        var left: Int

        mutating func next() async throws -> ByteBuffer? {
            guard left > 0 else { return nil }
            left -= 1
            return piece
        }
    }
}

/// A body that tells when its second piece is asked for, so when the first has been taken.
struct Began<Base: AsyncSequence & Sendable>: AsyncSequence, Sendable where Base.Element == ByteBuffer {
    typealias Element = ByteBuffer

    let base: Base
    private let reads = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingOldest(1))

    init(base: Base) { self.base = base }

    func waitUntilRead() async { for await _ in reads.stream { return } }

    func makeAsyncIterator() -> Iterator { Iterator(base: base.makeAsyncIterator(), reads: reads.continuation) }

    struct Iterator: AsyncIteratorProtocol {
        var base: Base.AsyncIterator
        let reads: AsyncStream<Void>.Continuation
        var count = 0

        mutating func next() async throws -> ByteBuffer? {
            count += 1
            if count == 2 { reads.yield() }
            return try await base.next(isolation: #isolation)
        }
    }
}
