import Foundation
import HypeCore
import HypeEmotion
import HypeInference
import Testing

/// The nets in this runtime against OpenVINO's Python runtime with the same cuts in NumPy.
@Suite(.enabled(if: AttentionTestModels.areThere, "needs Scripts/bootstrap"))
struct LandmarkParityTests {
    @Test
    func cutsAreThoseOfTheReference() throws {
        let fixture = try AttentionFixture.loaded.get()
        let near = FaceBox(x: 72, y: 52, width: 96, height: 96)
        let turn = Float(atan2(4.0, 40.0))
        let cuts = [
            (TurnedSquare(center: near.center, side: 144, angle: turn), fixture.cut),
            (TurnedSquare(center: SIMD2(150, 60), side: 500, angle: 0.3, isMirrored: true), fixture.wideCut),
        ]
        for (square, wanted) in cuts {
            let cut = Self.cut(AttentionFixture.drawnFace, square)
            var worst = 0.0
            for row in 0..<12 {
                for column in 0..<12 {
                    for channel in 0..<3 {
                        let value = Double(cut[(row * 16 * 192 + column * 16) * 3 + channel])
                        worst = max(worst, abs(value - wanted[(row * 12 + column) * 3 + channel]))
                    }
                }
            }
            #expect(worst < 2e-4, "differs by \(worst)")
        }
    }

    @Test
    func drawnFaceIsReadLikeTheReference() throws {
        let fixture = try AttentionFixture.loaded.get()
        let picture = AttentionFixture.drawnFace
        try Self.compare(AttentionFixture.drawnDetection.face, in: picture, with: fixture.drawn, kept: fixture.kept)
    }

    @Test(.enabled(if: Webcam.isThere, "needs ../shared/data/video"), arguments: 0..<7)
    func recordedFacesAreReadLikeTheReference(index: Int) throws {
        let fixture = try AttentionFixture.loaded.get()
        let wanted = fixture.pictures[index]
        let frame = try #require(try Webcam.frames(wanted.file, from: wanted.time, count: 1).first)
        try Self.compare(wanted.detection.face, in: frame.image, with: wanted.found, kept: fixture.kept)
    }

    @Test
    func otherModelsAreRefused() throws {
        let detector = try FaceTestModels.core.get().load(FaceTestModels.locator.url(of: .faceShortRange))
        #expect(throws: EmotionError.self) { try LandmarkModel(model: detector) }
        #expect(throws: EmotionError.self) { try IrisModel(model: detector) }
    }

    private static func cut(_ picture: PixelBuffer, _ square: TurnedSquare) -> [Float] {
        var values = [Float](repeating: 0, count: 192 * 192 * 3)
        var span = values.mutableSpan
        SquareCutter(side: 192).fill(&span, from: picture, square: square)
        return values
    }

    private static func compare(
        _ face: FaceDetection,
        in picture: PixelBuffer,
        with wanted: AttentionFixture.Found,
        kept: [Int]
    ) throws {
        let models = try AttentionTestModels.loaded.get()
        let mesh = try models.makeLandmarkModel().mesh(of: face, in: picture)
        #expect(abs(Double(mesh.presence) - wanted.presence) < 1e-3)
        for (index, point) in zip(kept, wanted.points) {
            for axis in 0..<3 { #expect(abs(Double(mesh.points[index][axis]) - point[axis]) < 0.02) }
        }
        let pose = HeadPose(of: mesh)
        for (value, wanted) in zip([pose.yaw, pose.pitch, pose.roll], wanted.pose) {
            #expect(abs(Double(value) - wanted) < 0.05)
        }
        let reader = try models.makeIrisModel()
        for (number, eye) in [Eye.right, .left].enumerated() {
            let points = try reader.points(of: eye, mesh: mesh, in: picture)
            for (point, wanted) in zip(points.outline, wanted.lids[number]) {
                for axis in 0..<2 { #expect(abs(Double(point[axis]) - wanted[axis]) < 0.02) }
            }
            for (point, wanted) in zip(points.iris, wanted.iris[number]) {
                for axis in 0..<2 { #expect(abs(Double(point[axis]) - wanted[axis]) < 0.02) }
            }
        }
    }
}
