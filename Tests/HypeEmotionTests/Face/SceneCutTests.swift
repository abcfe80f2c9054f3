import HypeCore
import HypeEmotion
import Testing

@Suite(.enabled(if: FaceTestModels.hasDetectors, "needs Scripts/bootstrap"))
struct SceneCutTests {
    @Test
    func faceAfterACutIsAnotherOne() throws {
        let reader = try VideoFaceReader(
            models: FaceTestModels.tiny.get(),
            timeline: FaceTimeline(grid: ClipGrid(duration: .seconds(4))),
            step: .milliseconds(250)
        )
        for index in 0..<16 {
            // The same face at the same place, before a dark and then a bright wall.
            var picture = PixelBuffer.plain(width: 320, height: 240, gray: index < 8 ? 60 : 210)
            SyntheticFace(center: SIMD2(160, 120), radius: 45).draw(on: &picture)
            let time = Double(index) / 4
            try reader.look(at: picture.frame(at: time), shown: MediaInterval(seconds: time..<time + 0.25))
        }
        try reader.finish()
        let tracks = reader.timeline.tracks
        #expect(tracks.count == 2)
        #expect(Set(tracks.map(\.looks)) == [8])
        #expect(tracks.map(\.id).sorted() == [1, 2])
    }
}
