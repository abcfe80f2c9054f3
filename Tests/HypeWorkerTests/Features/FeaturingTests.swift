import Foundation
import HypeCore
import HypeDSP
import HypeWorker
import HypeWorkerLink
import Testing

/// A worker that computes features of real files.
@Suite(.timeLimit(.minutes(5)))
struct FeaturingTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "features-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func path(_ name: String) -> String { folder.appending(path: name).path }

    private func ffmpeg(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["ffmpeg", "-v", "error", "-nostdin", "-y"] + arguments
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    /// Noise and a tone as 32-bit floats, so that no sample is changed on the way.
    private func recording(_ samples: [Float], name: String = "sound.wav") throws -> String {
        let raw = path("sound.raw")
        try samples.withUnsafeBytes { try Data($0).write(to: URL(filePath: raw)) }
        try ffmpeg(["-f", "f32le", "-ar", "16000", "-ac", "1", "-i", raw, "-c:a", "pcm_f32le", path(name)])
        return path(name)
    }

    private static func samples(_ count: Int) -> [Float] {
        var state: UInt32 = 7
        return (0..<count).map { index in
            state = state &* 1_664_525 &+ 1_013_904_223
            let noise = Float(Int32(bitPattern: state)) / Float(Int32.max)
            return 0.3 * Float(sin(Double(index) * 0.2)) + 0.05 * noise
        }
    }

    private func ask(_ request: FeaturesRequest) throws -> FeaturesReport {
        let worker = try WorkerUnderTest()
        defer { try? worker.close() }
        guard case .features(let report) = try worker.result(of: worker.send(.features(request))) else {
            throw WorkerFailure(code: .other, message: "no features came")
        }
        return report
    }

    private func failure(_ request: FeaturesRequest) throws -> WorkerFailure {
        do {
            _ = try ask(request)
        } catch let failure as WorkerFailure {
            return failure
        }
        throw WorkerFailure(code: .other, message: "it did not fail")
    }

    /// What the streams make of samples in this process.
    private func expected(_ samples: [Float], _ settings: FeatureSettings) throws -> [[Float]] {
        let mel = try MelStream(settings)
        var power: [[Float]] = []
        mel.push(samples) { power.append($0) }
        mel.finish { power.append($0) }
        var stream = try FeatureStream(settings, greatest: power.flatMap { $0 }.max() ?? 0)
        return power.flatMap { stream.push($0) } + stream.finish()
    }

    @Test
    func filesHoldWhatTheStreamsMakeAndTheSummaryIsOfThem() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let samples = Self.samples(40_000)
        let settings = FeatureSettings(kind: .mfcc(count: 13), reference: .power(1), hasSlopes: true)
        let request = FeaturesRequest(
            path: try recording(samples),
            settings: settings,
            files: [
                FeatureFile(.npy, path: path("a.npy")), FeatureFile(.csv, path: path("a.csv")),
                FeatureFile(.json, path: path("a.json")),
            ]
        )
        let report = try ask(request)
        let expected = try expected(samples, settings)
        #expect(report.frameCount == expected.count && report.sound == .milliseconds(2500))
        #expect(report.values.map(\.name) == settings.names && report.notes.isEmpty)

        let array = try NumPyArray(contentsOf: path("a.npy"))
        #expect(array.shape == [39, 251] && array.frames == expected)

        let lines = try String(contentsOfFile: path("a.csv"), encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 252 && lines[0].hasPrefix("time,mfcc0,") && lines[0].hasSuffix(",dd_mfcc12"))
        let row = lines[101].split(separator: ",")
        #expect(row[0] == "1.0" && row.dropFirst().compactMap { Float($0) } == expected[100])

        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path("a.json"))))
        let document = try #require(object as? [String: Any])
        #expect(document["sampleRate"] as? Int == 16_000 && document["hop"] as? Double == 0.01)
        #expect(document["frameCount"] as? Int == 251 && (document["names"] as? [String])?.count == 39)
        let frames = try #require(document["frames"] as? [[Double]])
        #expect(frames.map { $0.map { Float($0) } } == expected)

        let first = try #require(report.values.first)
        let column = expected.map { Double($0[0]) }
        let mean = column.reduce(0, +) / Double(column.count)
        #expect(abs(first.mean - mean) < 1e-6 * abs(mean))
        #expect(first.least == column.min() && first.greatest == column.max())
        let variance = column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(column.count)
        #expect(abs(first.deviation - variance.squareRoot()) < 1e-6)
        let leftovers = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
            $0.hasSuffix(".part")
        }
        #expect(leftovers.isEmpty)
    }

    @Test
    func moreThanTheSpoolHoldsInMemoryIsReadBackInOrder() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // 256 bands every millisecond: 12,001 frames are eleven batches of the spool.
        let settings = FeatureSettings(
            kind: .mel,
            bandCount: 256,
            window: .milliseconds(128),
            hop: .milliseconds(1)
        )
        let samples = Self.samples(192_000)
        let request = FeaturesRequest(
            path: try recording(samples),
            settings: settings,
            files: [FeatureFile(.npy, path: path("long.npy"))]
        )
        #expect(try ask(request).frameCount == 12_001)
        #expect(try NumPyArray(contentsOf: path("long.npy")).frames == expected(samples, settings))
    }

    @Test(arguments: [PictureSettings.Colours.magma, .viridis, .grey])
    func picturesAreDecodedAgain(colours: PictureSettings.Colours) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = try recording(Self.samples(32_000))
        let bare = PictureSettings(colours: colours, width: 224, height: 224, hasAxes: false)
        let request = FeaturesRequest(
            path: source,
            files: [
                FeatureFile(.png(PictureSettings(colours: colours)), path: path("axes.png")),
                FeatureFile(.png(bare), path: path("bare.png")),
            ]
        )
        _ = try ask(request)
        try ffmpeg(["-i", path("bare.png"), "-f", "rawvideo", "-pix_fmt", "rgb24", path("bare.rgb")])
        let pixels = try Data(contentsOf: URL(filePath: path("bare.rgb")))
        #expect(pixels.count == 224 * 224 * 3)
        // The tone of 509 Hz is the brightest row all the way through.
        let rows = (0..<224).map { row in
            (0..<224).reduce(0) { sum, x in
                let place = (row * 224 + x) * 3
                return sum + Int(pixels[place]) + Int(pixels[place + 1]) + Int(pixels[place + 2])
            }
        }
        let brightest = try #require(rows.indices.max { rows[$0] < rows[$1] })
        #expect((174...194).contains(brightest), "row \(brightest) from the top")
        try ffmpeg(["-i", path("axes.png"), "-f", "rawvideo", "-pix_fmt", "rgb24", path("axes.rgb")])
        #expect(try Data(contentsOf: URL(filePath: path("axes.rgb"))).count > 960 * 400 * 3)
    }

    @Test
    func samplesInMemoryAreDrawnAsTheirFileIs() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let samples = Self.samples(16_000)
        let request = FeaturesRequest(
            path: try recording(samples),
            files: [FeatureFile(.png(PictureSettings()), path: path("file.png"))]
        )
        _ = try ask(request)
        let png = try SpectrogramPicture.png(of: samples)
        #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        #expect(try png == Data(contentsOf: URL(filePath: path("file.png"))))
        let mfcc = try SpectrogramPicture.png(of: samples, settings: FeatureSettings(kind: .mfcc(count: 20)))
        #expect(mfcc != png)
        #expect(throws: DSPError.self) { try SpectrogramPicture.png(of: []) }
        #expect(throws: DSPError.self) { try SpectrogramPicture.png(of: samples, picture: PictureSettings(width: 1)) }
    }

    @Test
    func aGapInTheSoundKeepsItsLength() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = try recording(Self.samples(16_000))
        let gap = path("gap.mkv")
        try ffmpeg([
            "-i", source, "-af", "asetnsamples=1000,asetpts='if(gte(N,8000),PTS+5/TB,PTS)'", "-c:a", "pcm_f32le", gap,
        ])
        let report = try ask(FeaturesRequest(path: gap))
        #expect((report.sound - .seconds(6)).nanoseconds.magnitude < 80_000_000, "\(report.sound)")
        #expect(abs(report.frameCount - 601) <= 8)
    }

    // MARK: Bad input

    @Test
    func whatHasNoSoundSaysSo() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try ffmpeg(["-f", "lavfi", "-i", "testsrc2=s=64x64:d=1", path("silent.mp4")])
        let mute = try failure(FeaturesRequest(path: path("silent.mp4")))
        #expect(mute.code == .unreadableInput && mute.message.contains("no sound track"))
        let missing = try failure(FeaturesRequest(path: path("missing.wav")))
        #expect(missing.code == .unreadableInput && missing.message.contains("missing.wav"))
        try Data(repeating: 65, count: 5000).write(to: URL(filePath: path("letter.wav")))
        #expect(try failure(FeaturesRequest(path: path("letter.wav"))).code == .unreadableInput)
    }

    @Test
    func tooShortASoundSaysWhatWouldHelp() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let blip = try recording(Self.samples(800))
        #expect(try ask(FeaturesRequest(path: blip)).frameCount == 6)
        let slopes = try failure(FeaturesRequest(path: blip, settings: FeatureSettings(hasSlopes: true)))
        #expect(slopes.code == .unreadableInput && slopes.message.contains("shorter hop"))
        let whole = FeatureSettings(window: .milliseconds(60), isCentred: false)
        #expect(try failure(FeaturesRequest(path: blip, settings: whole)).message.contains("shorter window"))
    }

    @Test
    func anUnwritableFileIsSaidAndNothingIsLeft() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let files = [
            FeatureFile(.npy, path: path("good.npy")), FeatureFile(.csv, path: path("no/such/folder/a.csv")),
        ]
        let failure = try failure(FeaturesRequest(path: try recording(Self.samples(16_000)), files: files))
        #expect(failure.code == .output && failure.message.contains("a.csv"))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!names.contains { $0.hasPrefix("good.npy") }, "\(names)")
    }

    @Test
    func aRequestThatIsGivenUpEndsAndLeavesNothing() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try ffmpeg(["-f", "lavfi", "-i", "sine=d=3600:r=16000", path("hour.wav")])
        let worker = try WorkerUnderTest()
        let files = [FeatureFile(.csv, path: path("hour.csv"))]
        let number = try worker.send(.features(FeaturesRequest(path: path("hour.wav"), files: files)))
        try worker.await { events in
            events.contains { request, event in
                if case .progress = event { request == number } else { false }
            }
        }
        try worker.cancel(number)
        #expect { _ = try worker.result(of: number) } throws: { ($0 as? WorkerFailure)?.code == .cancelled }
        try worker.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["hour.wav"])
    }
}
