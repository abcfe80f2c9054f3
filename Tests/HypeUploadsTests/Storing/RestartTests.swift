import Foundation
import HypeUploads
import Testing

@Suite
struct RestartTests {
    private let folder: TestFolder

    init() throws { folder = try TestFolder() }

    /// A store that was made a second later than all files so far.
    private func restarted() -> UploadStore {
        UploadStore(folder: folder.path, limits: .forTests, now: { Date(timeIntervalSinceNow: 1) })
    }

    @Test
    func uploadsOutliveARestart() async throws {
        let store = UploadStore(folder: folder.path, limits: .forTests)
        let upload = try await store.receive(raw: Pieces(TestFiles.wav(70_000)), name: "Stimme.wav", expected: .audio)
        let next = restarted()
        #expect(try await next.sweep() == [])
        #expect(try await next.upload(upload.id) == upload)
        #expect(try await next.list() == [upload])
    }

    @Test
    func theFolderCanBeMoved() async throws {
        let upload = try await UploadStore(folder: folder.file("a"), limits: .forTests).receive(
            raw: Pieces([1]),
            name: "x"
        )
        try FileManager.default.moveItem(atPath: folder.file("a"), toPath: folder.file("b"))
        let moved = try await UploadStore(folder: folder.file("b"), limits: .forTests).upload(upload.id)
        #expect(moved.path == folder.file("b/\(upload.id).bin"))
    }

    @Test
    func removesWhatACrashLeft() async throws {
        let store = UploadStore(folder: folder.path, limits: .forTests)
        let kept = try await store.receive(raw: Pieces([1, 2]), name: "a")
        let crashed = UploadID()
        let left = ["part", "json.part", "mp4", "json", "tus", "tus.json.part"].map { "\(crashed).\($0)" }
        for name in left.prefix(3) + left.suffix(2) { folder.write([1], to: name) }
        let alone = "\(UploadID()).json"
        folder.write(Array("{}".utf8), to: alone)
        let foreign = ["notes.txt", "\(crashed)x.part", "\(crashed).PART", ".hidden", "\(crashed)"]
        for name in foreign { folder.write([1], to: name) }
        #expect(Set(try await restarted().sweep()) == Set(left.prefix(3) + left.suffix(2) + [alone]))
        #expect(Set(folder.names) == Set(foreign + ["\(kept.id).bin", "\(kept.id).json"]))
    }

    @Test
    func leavesAloneWhatIsNewerThanItself() async throws {
        let store = UploadStore(folder: folder.path, limits: .forTests, now: { Date(timeIntervalSinceNow: -3600) })
        let name = "\(UploadID()).part"
        folder.write([1], to: name)
        #expect(try await store.sweep() == [])
        #expect(folder.names == [name])
    }

    @Test
    func aForgedRecordLeadsNowhere() async throws {
        let store = UploadStore(folder: folder.path, limits: .forTests)
        let upload = try await store.receive(raw: Pieces([1]), name: "a")
        let record = try #require(folder.bytes("\(upload.id).json"))
        let forged = String(decoding: record, as: UTF8.self)
        for file in ["../secret.bin", "/etc/hostname", "\(UploadID()).bin", "\(upload.id).json"] {
            let text = forged.replacing("\(upload.id).bin", with: file)
            #expect(text != forged)
            folder.write(Array(text.utf8), to: "\(upload.id).json")
            #expect(await failureCode { try await store.upload(upload.id) } == .notFound)
        }
    }
}
