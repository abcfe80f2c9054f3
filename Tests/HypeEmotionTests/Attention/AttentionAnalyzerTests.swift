import HypeCore
import HypeEmotion
import Testing

/// The analyzer on drawn pictures.
@Suite(.enabled(if: AttentionTestModels.areThere, "needs Scripts/bootstrap"))
struct AttentionAnalyzerTests {
    private let analyzer: AttentionAnalyzer

    init() throws {
        analyzer = try AttentionAnalyzer(models: AttentionTestModels.loaded.get())
    }

    @Test
    func picturesThatShowNothingAreUnseenAndPicturesWithoutAFaceAreNot() throws {
        #expect(try analyzer.read(PlainPictures.filled(4).frame(at: 0)).sight == .unseen(.dark))
        #expect(try analyzer.read(PlainPictures.filled(180).frame(at: 1)).sight == .unseen(.flat))
        #expect(try analyzer.read(PlainPictures.stripes.frame(at: 2)).sight == .noFace)
        let empty = PixelBuffer(width: 0, height: 0, bytes: [])
        #expect(try analyzer.read(empty.frame(at: 3)).sight == .unseen(.noPicture))
    }

    @Test
    func aFaceIsFollowedWithoutTheDetectorUntilItGoes() throws {
        let box = AttentionFixture.drawnDetection.face.box
        let first = try #require(try analyzer.read(AttentionFixture.drawnFace.frame(at: 0), face: box).face)
        #expect(first.presence > 0.5)
        #expect(first.rightEye != nil && first.leftEye != nil && first.mouth != nil && first.gaze != nil)
        for number in 1..<4 {
            let next = try #require(try analyzer.read(AttentionFixture.drawnFace.frame(at: Double(number))).face)
            #expect(abs(next.pose.yaw - first.pose.yaw) < 5)
            #expect(next.box.overlap(with: first.box) > 0.8)
        }
        #expect(analyzer.detections == 0)
        #expect(try analyzer.read(PlainPictures.stripes.frame(at: 5)).sight == .noFace)
        #expect(analyzer.detections == 1)
    }

    @Test
    func aBoxOutsideTheFollowedFaceStartsAnew() throws {
        let frame = AttentionFixture.drawnFace.frame(at: 0)
        #expect(try analyzer.read(frame, face: AttentionFixture.drawnDetection.face.box).face != nil)
        let elsewhere = FaceBox(x: 0, y: 150, width: 30, height: 30)
        #expect(try analyzer.read(frame, face: elsewhere).sight == .noFace)
        #expect(try analyzer.read(frame, face: nil).sight == .noFace)
        #expect(analyzer.detections == 0)
    }

    @Test
    func boxesAreInPixelsOfTheSource() throws {
        let image = AttentionFixture.drawnFace
        let frame = VideoFrame(
            time: .zero,
            image: image,
            region: PixelRegion(x: 1000, y: 500, width: image.width * 2, height: image.height * 2)
        )
        let box = FaceBox(x: 1144, y: 604, width: 192, height: 192)
        let face = try #require(try analyzer.read(frame, face: box).face)
        #expect(abs(face.box.center.x - 1240) < 40 && abs(face.box.center.y - 700) < 60)
        #expect(try analyzer.read(frame).face != nil)
    }
}
