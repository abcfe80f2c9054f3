import Foundation
import HypeUploads
import NIOCore
import Synchronization

/// Receives a form with one big file: parser, hash, writes of 1 MiB, sync, and the names at the end.
enum UploadBenchmark {
    /// Speed in megabytes (10⁶ bytes) per second, memory in MiB.
    struct Result: Encodable {
        var bytes: Int
        var runs: Int
        var megabytesPerSecond: Double
        /// The same without waiting for the disk at the end.
        var megabytesPerSecondUnsynced: Double
        /// Highest resident memory during all runs over that before the first.
        var memoryGrowth: Double
    }

    private static let runs = 5
    /// What one read of a socket brings at most.
    private static let pieceLength = 64 << 10
    private static let boundary = "------------------------hypeclipbench000000000"

    static func run(megabytes: Int) async throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "uploads-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let count = megabytes << 20
        let body = Body(count: count, seed: (0..<pieceLength).map { _ in UInt8.random(in: 0...255) })
        // Memory is looked at on the way: the peak that the kernel keeps may be from before.
        let before = residentMemory()
        let synced = UploadStore(folder: folder)
        var calls = DiskCalls.system
        calls.sync = { _ in }
        let unsynced = UploadStore(folder: folder, calls: calls)
        var times: [Bool: [Double]] = [:]
        for _ in 0..<runs {
            for isSynced in [true, false] {
                let store = isSynced ? synced : unsynced
                let begin = ContinuousClock.now
                let upload = try await store.receive(
                    multipart: body,
                    contentType: "multipart/form-data; boundary=\(boundary)"
                )
                let elapsed = ContinuousClock.now - begin
                precondition(upload.bytes == Int64(count), "the file was not stored whole")
                times[isSynced, default: []].append(elapsed / .seconds(1))
                try await store.remove(upload.id)
            }
        }
        return Result(
            bytes: count,
            runs: runs,
            megabytesPerSecond: Double(count) / median(times[true] ?? []) / 1e6,
            megabytesPerSecondUnsynced: Double(count) / median(times[false] ?? []) / 1e6,
            memoryGrowth: (body.peak.value - before) / 1024
        )
    }

    /// Resident memory of this process in KiB.
    fileprivate static func residentMemory() -> Double {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
            .dropFirst().first
        return Double(pages.flatMap { Int($0) } ?? 0) * Double(sysconf(Int32(_SC_PAGESIZE))) / 1024
    }

    /// The body of a request as it comes from a socket: fresh buffers of 64 KiB.
    private struct Body: AsyncSequence, Sendable {
        typealias Element = ByteBuffer

        let count: Int
        let seed: [UInt8]
        let peak = Peak()

        func makeAsyncIterator() -> Iterator { Iterator(left: count, seed: seed, peak: peak) }

        struct Iterator: AsyncIteratorProtocol {
            private enum Stage { case head, content, tail, end }

            private var stage = Stage.head
            private var left: Int
            private let seed: [UInt8]
            private let peak: Peak

            init(left: Int, seed: [UInt8], peak: Peak) {
                self.left = left
                self.seed = seed
                self.peak = peak
            }

            mutating func next() async throws -> ByteBuffer? {
                switch stage {
                case .head:
                    stage = .content
                    let disposition = "Content-Disposition: form-data; name=\"file\"; filename=\"bench.bin\""
                    return ByteBuffer(string: "--\(boundary)\r\n\(disposition)\r\n\r\n")
                case .content where left > 0:
                    let length = Swift.min(left, seed.count)
                    left -= length
                    if left % (32 << 20) == 0 { peak.note(residentMemory()) }
                    return ByteBuffer(bytes: seed[..<length])
                case .content:
                    stage = .tail
                    return ByteBuffer(string: "\r\n--\(boundary)--\r\n")
                case .tail:
                    stage = .end
                    return nil
                case .end: return nil
                }
            }
        }
    }

    /// The highest of some values.
    private final class Peak: Sendable {
        private let highest = Mutex(0.0)

        var value: Double { highest.withLock { $0 } }

        func note(_ value: Double) { highest.withLock { $0 = max($0, value) } }
    }
}
