import HypeUploads
import NIOCore
import Synchronization
import Testing

@Suite
struct WriteBehindTests {
    /// What the system was told.
    private final class Advice: Sendable {
        struct Stretch {
            var from: Int64
            var length: Int64
        }

        let stretches = Mutex<[Stretch]>([])
    }

    @Test
    func aBigFileIsLetGoOfWhileItArrives() async throws {
        let folder = try TestFolder()
        let advice = Advice()
        var calls = DiskCalls.system
        calls.release = { _, from, length in
            advice.stretches.withLock { $0.append(Advice.Stretch(from: from, length: length)) }
        }
        let store = UploadStore(folder: folder.path, limits: .forTests, calls: calls)
        let piece = ByteBuffer(repeating: 7, count: 1 << 20)
        let body = AsyncStream { continuation in
            for _ in 0..<20 { continuation.yield(piece) }
            continuation.finish()
        }
        let upload = try await store.receive(raw: body, name: "a")
        #expect(upload.bytes == 20 << 20)
        let stretches = advice.stretches.withLock { $0 }
        #expect(stretches.map(\.from) == [0, 0])
        #expect(stretches.map(\.length) == [8 << 20, 16 << 20])
    }

    @Test
    func aSmallFileStaysWhereItCanBeReadAtOnce() async throws {
        let folder = try TestFolder()
        let advice = Advice()
        var calls = DiskCalls.system
        calls.release = { _, from, length in
            advice.stretches.withLock { $0.append(Advice.Stretch(from: from, length: length)) }
        }
        let store = UploadStore(folder: folder.path, limits: .forTests, calls: calls)
        _ = try await store.receive(raw: Pieces([1, 2, 3]), name: "a")
        #expect(advice.stretches.withLock { $0.isEmpty })
    }
}
