import Foundation
import HypeCore
import HypeDSP
import HypeEmotion
import HypeInference
import Testing

/// The Swift pipeline against the Python reference, on the models in the repository.
///
/// `Training/hypetrain/parity.py` writes the fixture; both sides compute the inputs from the same formulas.
@Suite
struct ParityTests {
    private static let command = "PYTHONPATH=Training python -m hypetrain.parity"

    @Test(arguments: ["face-expression", "voice-emotion"])
    func fixtureBelongsToTheModelInTheRepository(name: String) throws {
        let models = try Parity.load().models
        let wanted = try #require(models.first { $0.name == name })
        let sidecar = try Sidecar(beside: FaceTestModels.repository.appending(path: "Models/\(name).onnx"))
        #expect(
            wanted.sha256 == sidecar.sha256,
            "Tests/HypeEmotionTests/Parity/parity.json belongs to another \(name).onnx; run \(Self.command)"
        )
    }

    @Test
    func emotionsStandInTheSameOrder() throws {
        let fixture = try Parity.load()
        #expect(fixture.emotions == Emotion.allCases.map(\.rawValue))
    }

    @Test(arguments: 0..<3)
    func clipIsLookedAtInTheSamePlacesWithTheSameFeatures(index: Int) throws {
        let voice = try Parity.load().voices[index]
        let samples = voice.samples.fullScale
        let bounds = try #require(ClipWindows.bounds(of: samples))
        #expect([bounds.lowerBound, bounds.upperBound] == voice.bounds)
        let starts = ClipWindows.starts(in: bounds)
        #expect(starts.count == voice.windows)
        let frontEnd = try LogMel()
        for (number, start) in starts.enumerated() {
            let mel = frontEnd.spectrogram(of: ClipWindows.window(at: start, of: samples))
            for band in 0..<mel.bandCount {
                let row = (0..<mel.frameCount).map { Double(mel[band, $0]) }
                #expect(abs(row.reduce(0, +) / Double(row.count) - voice.bandMeans[number][band]) <= 1e-4)
            }
            guard number == 0 else { continue }
            for (place, frame) in stride(from: 0, to: mel.frameCount, by: 8).enumerated() {
                for band in 0..<mel.bandCount {
                    let difference = abs(Double(mel[band, frame]) - voice.melFrames[place][band])
                    #expect(difference <= 1e-4, "band \(band) of frame \(frame) differs by \(difference)")
                }
            }
        }
    }

    @Test(.enabled(if: VoiceTestFiles.hasVoiceModel, "needs Models/voice-emotion.onnx"), arguments: 0..<3)
    func voiceProbabilitiesAreThoseOfTheReference(index: Int) throws {
        let voice = try Parity.load().voices[index]
        let model = try VoiceEmotionModelTests.model(VoiceTestFiles.voiceModelURL)
        let sidecar = try Sidecar(beside: VoiceTestFiles.voiceModelURL)
        let reader = try ClipVoiceReader(
            detector: LoudSpeechDetector(),
            model: model,
            temperature: sidecar.clipTemperature ?? 1
        )
        let clip = try #require(try reader.read(voice.samples))
        #expect(clip.windows.count == voice.windows)
        for (window, (wanted, arousal)) in zip(clip.windows, zip(voice.probabilities, voice.arousal)) {
            #expect(window.prediction.emotion.distance(to: wanted) <= 1e-3)
            #expect(abs(window.prediction.arousal - arousal) <= 1e-3)
        }
        #expect(clip.emotion.distance(to: voice.clip) <= 1e-3)
        #expect(abs(clip.arousal - voice.clipArousal) <= 1e-3)
        #expect(clip.embedding.distance(to: voice.embedding) <= 1e-3)
    }

    @Test(.enabled(if: FaceTestModels.hasExpression, "needs Models/face-expression.onnx"))
    func faceProbabilitiesAreThoseOfTheReference() throws {
        let url = try FaceTestModels.locator.url(of: .faceExpression)
        for batch in [1, 4] {
            let compiled = try FaceTestModels.core.get().load(url, inputShapes: ["face": [batch, 1, 48, 48]])
            let model = try ExpressionModel(model: compiled)
            let faces = try Parity.load().faces
            let scores = try model.scores(of: faces.map(\.pixels))
            for (score, face) in zip(scores, faces) {
                #expect(score.distance(to: face.probabilities) <= 1e-3)
            }
            let readings = try model.readings(of: faces.map(\.pixels))
            #expect(readings.map(\.scores) == scores)
            for (reading, face) in zip(readings, faces) {
                #expect(reading.embedding.distance(to: face.embedding) <= 1e-3)
            }
        }
    }

    @Test
    func alignedFaceIsThatOfTheReference() throws {
        for wanted in try Parity.load().cuts {
            let cut = try #require(
                FaceAligner.align(Parity.picture, rightEye: wanted.rightEye, leftEye: wanted.leftEye)
            )
            let worst = zip(cut, wanted.pixels).map { abs(Double($0) - $1) }.max() ?? .infinity
            // 1e-4 of the range of 255, and the fixture's last digit.
            #expect(worst <= 0.0255 + 0.0005, "differs by \(worst)")
        }
    }
}

/// What the reference computed.
struct Parity: Decodable {
    struct Model: Decodable {
        let name: String
        let sha256: String
    }

    struct Voice: Decodable {
        let seconds: Double
        let begin: Double
        let end: Double
        let pitch: Double
        let rise: Double
        let noise: Double
        let seed: UInt32
        let bounds: [Int]
        let windows: Int
        let melFrames: [[Double]]
        let bandMeans: [[Double]]
        let probabilities: [[Double]]
        let arousal: [Double]
        let clip: [Double]
        let clipArousal: Double
        let embedding: [Double]

        /// The sound of `hypetrain.parity.sound`.
        var samples: [Float] {
            var noise = Noise(seed: seed)
            return (0..<Int((seconds * 16_000).rounded())).map { index in
                let time = Double(index) / 16_000
                let phase = 2 * Double.pi * (pitch * time + rise * time * time)
                var tone = 0.0
                for harmonic in 1..<13 { tone += sin(Double(harmonic) * phase) / Double(harmonic) }
                let envelope = time >= begin && time < end ? 0.5 + 0.5 * sin(2 * Double.pi * 3 * time) : 0
                return Float(0.12 * envelope * tone + self.noise * noise.next())
            }
        }
    }

    struct Face: Decodable {
        let mouth: Double
        let probabilities: [Double]
        let embedding: [Double]

        /// The picture of `hypetrain.parity.face`.
        var pixels: [Float] {
            var noise = Noise(seed: 7)
            return (0..<48 * 48).map { index in
                let (x, y) = (Double(index % 48), Double(index / 48))
                func spot(_ left: Double, _ top: Double, _ wide: Double, _ high: Double) -> Double {
                    exp(-(pow((x - left) / wide, 2) + pow((y - top) / high, 2)))
                }
                var grey = 90 + 70 * spot(24, 25, 15, 20) - 80 * spot(15, 19, 3.5, 2.2)
                grey -= 80 * spot(33, 19, 3.5, 2.2) + 70 * spot(24, 37, 8, mouth)
                return Float(grey + 8 * noise.next())
            }
        }
    }

    struct Cut: Decodable {
        let right: [Float]
        let left: [Float]
        let pixels: [Double]

        var rightEye: SIMD2<Float> { SIMD2(right[0], right[1]) }
        var leftEye: SIMD2<Float> { SIMD2(left[0], left[1]) }
    }

    let models: [Model]
    let emotions: [String]
    let voices: [Voice]
    let faces: [Face]
    let cuts: [Cut]

    /// The linear congruential generator of `hypetrain.parity.noise`, -1…1.
    private struct Noise {
        var state: UInt32

        init(seed: UInt32) { state = seed }

        mutating func next() -> Double {
            state = 1_664_525 &* state &+ 1_013_904_223
            return Double(state) / 2_147_483_648 - 1
        }
    }

    static func load() throws -> Parity {
        let url = try #require(Bundle.module.url(forResource: "Parity/parity", withExtension: "json"))
        return try JSONDecoder().decode(Parity.self, from: Data(contentsOf: url))
    }

    /// The picture of `hypetrain.parity.picture`.
    static let picture: PixelBuffer = {
        func wave(_ number: Int) -> UInt8 { UInt8(abs(number % 510 - 255)) }
        var bytes: [UInt8] = []
        for y in 0..<160 {
            for x in 0..<210 { bytes += [wave(3 * x + 2 * y), wave(2 * x + 5 * y + 60), wave(x * y / 16)] }
        }
        return PixelBuffer(width: 210, height: 160, bytes: bytes)
    }()
}

extension EmotionScores {
    /// The largest difference to probabilities in the order of ``HypeCore/Emotion``.
    fileprivate func distance(to wanted: [Double]) -> Double {
        zip(Emotion.allCases, wanted).map { abs(Double(self[$0]) - $1) }.max() ?? .infinity
    }
}

extension [Float] {
    /// The largest difference to the reference; infinite where there is not one number for each.
    fileprivate func distance(to wanted: [Double]) -> Double {
        guard count == wanted.count else { return .infinity }
        return zip(self, wanted).map { abs(Double($0) - $1) }.max() ?? .infinity
    }

    /// The samples with a peak of 1.
    fileprivate var fullScale: [Float] {
        let peak = Swift.max(reduce(0) { Swift.max($0, abs($1)) }, 1e-4)
        return map { $0 / peak }
    }
}
