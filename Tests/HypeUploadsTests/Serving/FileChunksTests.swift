import Foundation
import HypeUploads
import NIOCore
import Testing

@Suite
struct FileChunksTests {
    private let folder: TestFolder
    private let content = lineEndHeavy(1_000_003, seed: 8)

    init() throws {
        folder = try TestFolder()
        folder.write(content, to: "clip.mp4")
    }

    private func body(
        _ range: String?,
        chunk: Int = 256 << 10
    ) async throws -> (bytes: [UInt8], longest: Int, plan: MediaResponsePlan) {
        let file = try await ServedFile.open(folder.file("clip.mp4"))
        let resource = MediaResource(size: file.size, mediaType: "video/mp4", modified: file.modified)
        let plan = MediaResponsePlan(method: "GET", resource: resource, boundary: "B") { $0 == "Range" ? range : nil }
        var bytes: [UInt8] = []
        var longest = 0
        for try await piece in file.chunks(plan, chunk: chunk) {
            longest = max(longest, piece.readableBytes)
            bytes += Array(piece.readableBytesView)
        }
        #expect(!file.isOpen)
        #expect(plan.headers["Content-Length"] == "\(bytes.count)")
        return (bytes, longest, plan)
    }

    @Test
    func givesEveryByte() async throws {
        let whole = try await body(nil)
        #expect(whole.bytes == content && whole.longest == 256 << 10)
        #expect(try await body("bytes=-100").bytes == Array(content.suffix(100)))
        #expect(try await body("bytes=5-300004", chunk: 1000).bytes == Array(content[5...300_004]))
        #expect(try await body("bytes=5-6", chunk: 1).bytes == Array(content[5...6]))
    }

    @Test
    func partsCanBeReadBack() async throws {
        let (bytes, _, _) = try await body("bytes=500000-700000,0-0,-1", chunk: 1000)
        let separators = [Array("--B\r\n".utf8), Array("\r\n--B--\r\n".utf8)]
        #expect(bytes.starts(with: separators[0]) && Array(bytes.suffix(separators[1].count)) == separators[1])
        let wanted = Array(content[500_000...700_000])
        let head = Array("Content-Range: bytes 500000-700000/1000003\r\n\r\n".utf8)
        let place = try #require(bytes.firstRange(of: head)).upperBound
        #expect(Array(bytes[place..<place + wanted.count]) == wanted)
    }

    @Test
    func aFileThatIsRemovedMeanwhileIsStillServed() async throws {
        let file = try await ServedFile.open(folder.file("clip.mp4"))
        try FileManager.default.removeItem(atPath: folder.file("clip.mp4"))
        let plan = MediaResponsePlan(method: "GET", resource: MediaResource(size: file.size, mediaType: "a/b")) { _ in
            nil
        }
        var count = 0
        for try await piece in file.chunks(plan) { count += piece.readableBytes }
        #expect(count == content.count)
        #expect(await failureCode { try await ServedFile.open(folder.file("clip.mp4")) } == .gone)
    }

    @Test
    func aFileThatBecomesShorterFails() async throws {
        let file = try await ServedFile.open(folder.file("clip.mp4"))
        let plan = MediaResponsePlan(method: "GET", resource: MediaResource(size: file.size, mediaType: "a/b")) { _ in
            nil
        }
        #expect(truncate(folder.file("clip.mp4"), 300_000) == 0)
        let code = await failureCode {
            for try await _ in file.chunks(plan) {}
            return 0
        }
        #expect(code == .storage)
        #expect(!file.isOpen)
    }

    @Test
    func onlyPlainFilesAreServed() async throws {
        #expect(await failureCode { try await ServedFile.open(folder.path) } == .storage)
        try FileManager.default.createSymbolicLink(atPath: folder.file("link"), withDestinationPath: "/etc/hostname")
        #expect(await failureCode { try await ServedFile.open(folder.file("link")) } == .storage)
        #expect(mkfifo(folder.file("pipe"), 0o600) == 0)
        #expect(await failureCode { try await ServedFile.open(folder.file("pipe")) } == .storage)
    }

    @Test
    func cancellingClosesTheFile() async throws {
        let file = try await ServedFile.open(folder.file("clip.mp4"))
        let plan = MediaResponsePlan(method: "GET", resource: MediaResource(size: file.size, mediaType: "a/b")) { _ in
            nil
        }
        let firstRead = AsyncStream<Void>.makeStream()
        let cancelled = AsyncStream<Void>.makeStream()
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do {
                    for try await _ in file.chunks(plan, chunk: 1000) {
                        firstRead.continuation.yield()
                        for await _ in cancelled.stream { break }
                    }
                    return false
                } catch { return error is CancellationError }
            }
            for await _ in firstRead.stream { break }
            #expect(file.isOpen)
            group.cancelAll()
            #expect(await group.next() == true)
        }
        #expect(!file.isOpen)
    }
}
