import Crypto
import Foundation
import HypeUploads
import NIOCore
import Synchronization
import Testing

@Suite
struct TusUploadsTests {
    private let folder: TestFolder
    private let store: UploadStore
    private let tus: TusUploads
    private let content = TestFiles.wav(2_500_000)

    init() throws {
        folder = try TestFolder()
        store = UploadStore(folder: folder.path, limits: .forTests)
        tus = TusUploads(store)
    }

    private var metadata: String { "filename \(Data("Stimme ä.wav".utf8).base64EncodedString()),filetype YXVkaW8vd2F2" }

    private func piece(_ range: Range<Int>) -> Pieces { Pieces(Array(content[range])) }

    private func expectWhole(_ upload: Upload?, in folder: TestFolder) throws {
        let upload = try #require(upload)
        #expect(upload.sha256 == SHA256.hash(data: content).map { String(format: "%02x", $0) }.joined())
        #expect(upload.bytes == Int64(content.count) && upload.kind == .audio && upload.mediaType == "audio/wav")
        #expect(folder.bytes("\(upload.id).wav") == content)
        #expect(folder.names == ["\(upload.id).json", "\(upload.id).wav"])
    }

    @Test
    func goesOnPieceByPiece() async throws {
        let created = try await tus.create(length: Int64(content.count), metadata: metadata, expected: .audio)
        #expect(created.offset == 0 && created.metadata == metadata && created.expiresAt != nil)
        var offset = 0
        for length in [1, 70_000, 1_000_000] {
            let state = try await tus.append(created.id, offset: Int64(offset), body: piece(offset..<offset + length))
            offset += length
            #expect(state.offset == Int64(offset) && state.upload == nil)
            #expect(try await tus.head(created.id).offset == Int64(offset))
        }
        let done = try await tus.append(created.id, offset: Int64(offset), body: piece(offset..<content.count))
        try expectWhole(done.upload, in: folder)
        #expect(done.upload?.name == "Stimme ä.wav")
        #expect(try await store.upload(created.id) == done.upload)
        // A client that missed the answer asks again.
        #expect(try await tus.head(created.id) == done)
        #expect(try await tus.append(created.id, offset: done.offset, body: Pieces([])) == done)
    }

    @Test
    func keepsWhatArrivedBeforeTheConnectionBroke() async throws {
        let id = try await tus.create(length: Int64(content.count), metadata: metadata).id
        let broken = Pieces(Array(content[..<1_200_000]), failure: ConnectionBroke())
        #expect(await failureCode { try await tus.append(id, offset: 0, body: broken) } == .badRequest)
        #expect(try await tus.head(id).offset == 1_200_000)
        let done = try await tus.append(id, offset: 1_200_000, body: piece(1_200_000..<content.count))
        try expectWhole(done.upload, in: folder)
    }

    @Test
    func goesOnAfterARestart() async throws {
        let id = try await tus.create(length: Int64(content.count), metadata: metadata, expected: .audio).id
        _ = try await tus.append(id, offset: 0, body: piece(0..<1_500_000))
        let next = UploadStore(folder: folder.path, limits: .forTests, now: { Date(timeIntervalSinceNow: 1) })
        #expect(try await next.sweep() == [])
        #expect(try await TusUploads(next).head(id).offset == 1_500_000)
        let done = try await TusUploads(next).append(id, offset: 1_500_000, body: piece(1_500_000..<content.count))
        try expectWhole(done.upload, in: folder)
    }

    @Test
    func aRestartFinishesWhatIsWhole() async throws {
        let id = try await tus.create(length: Int64(content.count), metadata: metadata).id
        _ = try await tus.append(id, offset: 0, body: piece(0..<100_000))
        // As if the process had ended between the last byte and the rename.
        folder.write(content, to: "\(id).tus")
        let next = UploadStore(folder: folder.path, limits: .forTests, now: { Date(timeIntervalSinceNow: 1) })
        try await next.sweep()
        try expectWhole(try await next.upload(id), in: folder)
    }

    @Test
    func refusesOtherOffsetsAndTooManyBytes() async throws {
        let id = try await tus.create(length: 100).id
        _ = try await tus.append(id, offset: 0, body: Pieces([UInt8](repeating: 1, count: 50)))
        for offset in [0, 49, 51, 100] as [Int64] {
            #expect(await failureCode { try await tus.append(id, offset: offset, body: Pieces([1])) } == .conflict)
        }
        let long = Pieces([UInt8](repeating: 1, count: 51))
        #expect(await failureCode { try await tus.append(id, offset: 50, declaredBytes: 51, body: long) } == .tooLarge)
        #expect(await failureCode { try await tus.append(id, offset: 50, body: long) } == .tooLarge)
        #expect(try await tus.head(id).offset == 50)
        #expect(await failureCode { try await tus.create(length: 17 << 30) } == .tooLarge)
        #expect(await failureCode { try await tus.create(length: -1) } == .badRequest)
    }

    @Test
    func onlyOneRequestWrites() async throws {
        let id = try await tus.create(length: 10).id
        let (body, sender) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        sender.yield(ByteBuffer(bytes: [1, 2]))
        let began = Began(base: body)
        async let first = tus.append(id, offset: 0, body: began)
        await began.waitUntilRead()
        #expect(await failureCode { try await tus.append(id, offset: 0, body: Pieces([1])) } == .locked)
        #expect(await failureCode { try await tus.terminate(id) } == .locked)
        sender.finish()
        #expect(try await first.offset == 2)
        #expect(try await tus.append(id, offset: 2, body: Pieces([3])).offset == 3)
    }

    @Test
    func checksumsCoverAPieceAsAWhole() async throws {
        let id = try await tus.create(length: Int64(content.count), metadata: metadata).id
        let first = Array(content[..<1_300_000])
        let good = try TusChecksum("sha1 \(Data(Insecure.SHA1.hash(data: first)).base64EncodedString())")
        #expect(try await tus.append(id, offset: 0, checksum: good, body: Pieces(first)).offset == 1_300_000)
        let second = piece(1_300_000..<content.count)
        #expect(
            await failureCode { try await tus.append(id, offset: 1_300_000, checksum: good, body: second) }
                == .checksumMismatch
        )
        #expect(try await tus.head(id).offset == 1_300_000)
        // What cannot be compared does not count.
        let broken = Pieces(Array(content[1_300_000..<2_400_000]), failure: ConnectionBroke())
        #expect(
            await failureCode { try await tus.append(id, offset: 1_300_000, checksum: good, body: broken) }
                == .badRequest
        )
        #expect(try await tus.head(id).offset == 1_300_000)
        let rest = Data(SHA256.hash(data: content[1_300_000...])).base64EncodedString()
        let done = try await tus.append(id, offset: 1_300_000, checksum: TusChecksum("sha256 \(rest)"), body: second)
        try expectWhole(done.upload, in: folder)
    }

    @Test
    func contentThatMustNotBeIsRemovedEarly() async throws {
        let id = try await tus.create(length: Int64(content.count), metadata: metadata, expected: .video).id
        let first = await failureCode { try await tus.append(id, offset: 0, body: piece(0..<70_000)) }
        #expect(first == .unsupportedType)
        #expect(folder.names == [])
        #expect(await failureCode { try await tus.create(length: 0, expected: .video) } == .unsupportedType)
        #expect(folder.names == [])
        #expect(try await tus.create(length: 0).upload?.bytes == 0)
    }

    @Test
    func forgetsOnRequest() async throws {
        let id = try await tus.create(length: 10).id
        try await tus.terminate(id)
        #expect(folder.names == [])
        #expect(await failureCode { try await tus.head(id) } == .notFound)
        #expect(await failureCode { try await tus.append(id, offset: 0, body: Pieces([1])) } == .notFound)
        #expect(await failureCode { try await tus.terminate(id) } == .notFound)
        let done = try await tus.create(length: 0)
        try await tus.terminate(done.id)
        #expect(folder.names == [])
    }

    @Test
    func expiresWhatNobodyGoesOnWith() async throws {
        let time = Mutex(Date())
        let store = UploadStore(folder: folder.path, limits: .forTests, now: { time.withLock { $0 } })
        let tus = TusUploads(store)
        let id = try await tus.create(length: 10).id
        time.withLock { $0 += 23 * 3600 }
        #expect(try await tus.head(id).offset == 0)
        time.withLock { $0 += 2 * 3600 }
        #expect(await failureCode { try await tus.head(id) } == .gone)
        #expect(await failureCode { try await tus.append(id, offset: 0, body: Pieces([1])) } == .gone)
        #expect(try await store.expire(olderThan: .seconds(1)) == [])
        #expect(folder.names == [])
    }

    @Test
    func limitsUnfinishedUploads() async throws {
        var limits = UploadLimits.forTests
        limits.unfinished = 2
        let tus = TusUploads(UploadStore(folder: folder.path, limits: limits))
        let first = try await tus.create(length: 1)
        _ = try await tus.create(length: 1)
        #expect(await failureCode { try await tus.create(length: 1) } == .busy)
        _ = try await tus.append(first.id, offset: 0, body: Pieces([1]))
        #expect(try await tus.create(length: 1).offset == 0)
    }

    @Test
    func aFullDiskKeepsWhatWasWritten() async throws {
        let isFull = Mutex(false)
        var calls = DiskCalls.system
        calls.write = { (descriptor, bytes, offset) throws(DiskCalls.Failure) in
            if isFull.withLock({ $0 }), offset >= 1 << 20 { throw DiskCalls.Failure(ENOSPC) }
            return try DiskCalls.system.write(descriptor, bytes, offset)
        }
        let tus = TusUploads(UploadStore(folder: folder.path, limits: .forTests, calls: calls))
        let id = try await tus.create(length: Int64(content.count), metadata: metadata).id
        isFull.withLock { $0 = true }
        #expect(await failureCode { try await tus.append(id, offset: 0, body: piece(0..<content.count)) } == .noSpace)
        #expect(try await tus.head(id).offset == 1 << 20)
        isFull.withLock { $0 = false }
        let done = try await tus.append(id, offset: 1 << 20, body: piece(1 << 20..<content.count))
        try expectWhole(done.upload, in: folder)
    }
}
