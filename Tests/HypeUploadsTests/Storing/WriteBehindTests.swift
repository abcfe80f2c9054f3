import HypeUploads
import NIOCore
import Synchronization
import Testing

@Suite
struct WriteBehindTests {
    /// What the system was told to let go of.
    private final class Advice: Sendable {
        struct Stretch: Equatable {
            var from: Int64
            var length: Int64
        }

        private let told = Mutex<[Stretch]>([])

        var stretches: [Stretch] { told.withLock { $0 } }

        /// The system's calls, with this one noted instead of made.
        var calls: DiskCalls {
            var calls = DiskCalls.system
            calls.release = { [self] _, from, length in
                told.withLock { $0.append(Stretch(from: from, length: length)) }
            }
            return calls
        }
    }

    /// What the system is told while so many pieces of 1 MiB arrive.
    private func advice(mebibytes: Int) async throws -> [Advice.Stretch] {
        let folder = try TestFolder()
        let advice = Advice()
        let store = UploadStore(folder: folder.path, limits: .forTests, calls: advice.calls)
        let piece = ByteBuffer(repeating: 7, count: 1 << 20)
        let body = AsyncStream { continuation in
            for _ in 0..<mebibytes { continuation.yield(piece) }
            continuation.finish()
        }
        let upload = try await store.receive(raw: body, name: "a")
        #expect(upload.bytes == Int64(mebibytes) << 20)
        return advice.stretches
    }

    @Test
    func aBigFileIsLetGoOfWhileItArrives() async throws {
        let stretches = try await advice(mebibytes: 41)
        let ends: [Int64] = [8, 16, 24, 32, 40]
        // Each time the last 32 MiB, since what was dirty at the time before is written by now.
        #expect(
            stretches
                == ends.map { end in
                    let from = max(0, end - 32)
                    return Advice.Stretch(from: from << 20, length: (end - from) << 20)
                }
        )
    }

    @Test
    func aSmallFileStaysWhereItCanBeReadAtOnce() async throws {
        #expect(try await advice(mebibytes: 7).isEmpty)
    }
}
