import Crypto
import Foundation
import HypeUploads
import NIOCore
import Synchronization
import Testing

@Suite
struct UploadStoreTests {
    private let folder: TestFolder
    private let store: UploadStore

    init() throws {
        folder = try TestFolder()
        store = UploadStore(folder: folder.path, limits: .forTests)
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }

    private func send(_ form: TestForm, expected: MediaKind? = nil, by length: Int = 64 << 10) async throws -> Upload {
        try await store.receive(
            multipart: Pieces(form.bytes, of: length),
            contentType: form.contentType,
            expected: expected
        )
    }

    @Test(arguments: [0, 1, 2, 65_535, 65_536, 65_537, 1_048_575, 1_048_576, 1_048_577, 3_000_000])
    func storesEveryByte(_ size: Int) async throws {
        let content = lineEndHeavy(size, seed: UInt64(size))
        let form = TestForm.file(content, name: "Mein \\\"Clip\\\".bin")
        let upload = try await send(form, by: size == 65_537 ? 1 : 60_000)
        #expect(upload.bytes == Int64(size))
        #expect(upload.sha256 == hexadecimal(content))
        #expect(upload.kind == .unknown && upload.mediaType == "application/octet-stream")
        #expect(upload.name == "Mein \"Clip\".bin")
        #expect(upload.path == folder.file("\(upload.id).bin"))
        #expect(folder.bytes("\(upload.id).bin") == content)
        #expect(folder.names == ["\(upload.id).bin", "\(upload.id).json"])
        let mode = try FileManager.default.attributesOfItem(atPath: upload.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try await store.upload(upload.id) == upload)
    }

    @Test
    func takesABodyThatIsTheFile() async throws {
        let content = TestFiles.wav(2_100_000)
        let upload = try await store.receive(
            raw: Pieces(content),
            name: "../x/voice.wav",
            contentType: "audio/wav; x=y",
            expected: .audio,
            declaredBytes: Int64(content.count)
        )
        #expect(upload.name == "voice.wav" && upload.kind == .audio && upload.mediaType == "audio/wav")
        #expect(folder.bytes("\(upload.id).wav") == content)
        let short = await failureCode {
            try await store.receive(raw: Pieces(content), name: "a", declaredBytes: Int64(content.count) + 1)
        }
        #expect(short == .badRequest)
        #expect(folder.names.count == 2)
    }

    @Test
    func takesFormsWithSeveralFiles() async throws {
        var form = TestForm()
        form.add(field: "video", fileName: "v.mp4", type: "video/mp4", TestFiles.mp4(["vide"]))
        form.add(field: "fusion", "early")
        form.add(field: "audio", fileName: "a.wav", type: nil, TestFiles.wav(300))
        let plan = UploadFormPlan(files: ["audio": .audio, "video": .video])
        let received = try await store.receive(form: Pieces(form.bytes), contentType: form.contentType, plan: plan)
        #expect(received.fields == ["fusion": "early"])
        #expect(received.uploads.mapValues(\.kind) == ["audio": .audio, "video": .video])
        #expect(Set(try await store.list()) == Set(received.uploads.values))

        // All or nothing: the second file is not what it must be.
        form.add(field: "picture", fileName: "p.png", TestFiles.wav(300))
        let strict = UploadFormPlan(files: ["audio": .audio, "video": .video, "picture": .image])
        let code = await failureCode {
            try await store.receive(form: Pieces(form.bytes), contentType: form.contentType, plan: strict)
        }
        #expect(code == .unsupportedType)
        #expect(folder.names.count == 4)
    }

    struct Mislabelled: Sendable {
        var name: String
        var type: String?
        var content: [UInt8]
        var expected: MediaKind?
    }

    @Test(arguments: [
        Mislabelled(name: "a.mp4", type: "video/mp4", content: TestFiles.png),
        Mislabelled(name: "a.bin", type: "video/mp4", content: Array("#!/bin/sh".utf8)),
        Mislabelled(name: "a.mp3", content: Array("#EXTM3U\nhttp://10.0.0.1/".utf8)),
        Mislabelled(name: "a.png", type: "image/png", content: TestFiles.wav(100)),
        Mislabelled(name: "a.txt", type: "text/plain", content: TestFiles.wav(100)),
        Mislabelled(name: "a", content: Array("anything".utf8), expected: .video),
        Mislabelled(name: "a", content: [], expected: .audio),
        Mislabelled(name: "a.wav", content: TestFiles.wav(100), expected: .video),
        Mislabelled(name: "a.mp4", content: TestFiles.mp4(["vide"]), expected: .audio),
        Mislabelled(name: "a.mp4", content: TestFiles.mp4(["soun"]), expected: .video),
        Mislabelled(name: "a.mp4", content: TestFiles.mp4([]), expected: .image),
    ])
    func refusesMislabelledFiles(_ file: Mislabelled) async throws {
        let form = TestForm.file(file.content, name: file.name, type: file.type)
        #expect(await failureCode { try await send(form, expected: file.expected) } == .unsupportedType)
        #expect(folder.names == [])
    }

    @Test
    func takesTheExpectedKindWhereTheBeginningLeavesItOpen() async throws {
        let form = TestForm.file(TestFiles.mp4([]), name: "a.mp4", type: "video/mp4")
        let sound = try await send(form, expected: .audio)
        #expect(sound.kind == .audio && sound.mediaType == "audio/mp4" && sound.path.hasSuffix(".m4a"))
        #expect(try await send(form, expected: .video).mediaType == "video/mp4")
    }

    @Test
    func refusesEarlyWhatIsNotWanted() async throws {
        // The failure of the connection behind 128 KiB is never reached.
        let bytes = Array(TestForm.file(TestFiles.wav(2 << 20), name: "a.wav").bytes.prefix(128 << 10))
        let body = Pieces(bytes, of: 32 << 10, failure: ConnectionBroke())
        let code = await failureCode {
            try await store.receive(multipart: body, contentType: TestForm().contentType, expected: .video)
        }
        #expect(code == .unsupportedType)
        #expect(folder.names == [])
    }

    @Test(arguments: [0, 30, 1000, 70_000, 1_100_000, 1_200_100])
    func aTruncatedBodyLeavesNothing(_ length: Int) async throws {
        let form = TestForm.file(lineEndHeavy(1_200_000, seed: 1))
        for failure in [nil, ConnectionBroke()] as [(any Error)?] {
            let body = Pieces(Array(form.bytes.prefix(length)), failure: failure)
            #expect(
                await failureCode { try await store.receive(multipart: body, contentType: form.contentType) }
                    == .badRequest
            )
            #expect(folder.names == [])
        }
    }

    @Test
    func limitsSizePartsAndText() async throws {
        var limits = UploadLimits.forTests
        limits.bytes = 100_000
        limits.parts = 2
        limits.fieldBytes = 10
        let store = UploadStore(folder: folder.path, limits: limits)
        func code(_ form: TestForm, declared: Int64? = nil) async -> UploadError.Code? {
            await failureCode {
                try await store.receive(
                    multipart: Pieces(form.bytes),
                    contentType: form.contentType,
                    declaredBytes: declared
                )
            }
        }
        #expect(await code(.file([UInt8](repeating: 1, count: 100_001))) == .tooLarge)
        #expect(await code(.file([1]), declared: 1_000_000) == .tooLarge)
        let exact = TestForm.file([UInt8](repeating: 1, count: 100_000))
        #expect(
            try await store.receive(
                multipart: Pieces(exact.bytes),
                contentType: exact.contentType,
                declaredBytes: Int64(exact.bytes.count)
            ).bytes == 100_000
        )
        var many = TestForm()
        for field in ["a", "b", "c"] { many.add(field: field, "1") }
        #expect(await code(many) == .tooLarge)
        var long = TestForm()
        long.add(field: "a", "12345678901")
        #expect(await code(long) == .tooLarge)
        #expect(await code(TestForm()) == .badRequest)
        var elsewhere = TestForm()
        elsewhere.add(field: "other", fileName: "a.bin", [1])
        #expect(await code(elsewhere) == .badRequest)
        var twice = TestForm.file([1])
        twice.add(fileName: "b", [2])
        #expect(await code(twice) == .badRequest)
        #expect(folder.names.count == 2)
    }

    @Test
    func keepsListsAndRemoves() async throws {
        let first = try await send(.file([1]))
        let second = try await send(.file([2, 3]))
        #expect(Set(try await store.list().map(\.id)) == [first.id, second.id])
        #expect(try await store.remove(first.id) == first)
        #expect(await failureCode { try await store.upload(first.id) } == .notFound)
        #expect(await failureCode { try await store.remove(first.id) } == .notFound)
        #expect(try await store.list() == [second])
        #expect(folder.names.count == 2)
        // Neither a path nor another file's name is an id.
        for id in ["../x", "..%2fx", "", "\(second.id).json", second.id.uppercased()] {
            #expect(await failureCode { try await store.upload(id) } == .notFound)
        }
    }

    @Test
    func expiresByAge() async throws {
        let time = Mutex(Date(timeIntervalSince1970: 1_800_000_000))
        let store = UploadStore(folder: folder.path, limits: .forTests, now: { time.withLock { $0 } })
        func send() async throws -> Upload { try await store.receive(raw: Pieces([1]), name: "a") }
        let old = try await send()
        let kept = try await send()
        time.withLock { $0 += 3600 }
        let new = try await send()
        #expect(try await store.expire(olderThan: .seconds(1800), except: [kept.id]) == [old])
        #expect(try await store.list().map(\.id) == [kept.id, new.id])
    }
}
