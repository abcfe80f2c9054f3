import HypeCore
import HypeEmotion
import Testing

@Suite(.enabled(if: FaceTestModels.hasDetectors, "needs Scripts/bootstrap"))
struct VideoFaceReaderTests {
    /// Reads drawn pictures, four a second.
    private func read(
        _ count: Int,
        settings: VideoFaceReader.Settings = VideoFaceReader.Settings(),
        draw: (Int) -> PixelBuffer
    ) throws -> FaceTimeline {
        let grid = ClipGrid(duration: .milliseconds(250 * count))
        let reader = try VideoFaceReader(
            models: FaceTestModels.tiny.get(),
            timeline: FaceTimeline(grid: grid, keepsLooks: true),
            step: .milliseconds(250),
            settings: settings
        )
        for index in 0..<count {
            let time = Double(index) / 4
            try reader.look(at: draw(index).frame(at: time), shown: MediaInterval(seconds: time..<time + 0.25))
        }
        try reader.finish()
        return reader.timeline
    }

    private func picture(_ faces: [SyntheticFace], width: Int = 320, height: Int = 240) -> PixelBuffer {
        var picture = PixelBuffer.mosaic(width: width, height: height, seed: 3)
        for face in faces { face.draw(on: &picture) }
        return picture
    }

    @Test
    func faceThatMovesIsOneTrackInEveryPicture() throws {
        let timeline = try read(16) { index in
            picture([SyntheticFace(center: SIMD2(80 + Float(index) * 10, 120), radius: 40)])
        }
        let tracks = timeline.tracks
        #expect(tracks.count == 1)
        #expect(tracks.first?.looks == 16)
        #expect(tracks.first?.cells.map(\.clip) == [0, 1])
        #expect(timeline.looks.count == 16)
        // The box follows the face.
        let places = timeline.looks.map(\.box.center.x)
        for (index, x) in places.enumerated() { #expect(abs(x - (80 + Float(index) * 10)) < 25) }
    }

    @Test
    func severalFacesKeepTheirNumbers() throws {
        let timeline = try read(12) { index in
            picture([
                SyntheticFace(center: SIMD2(90, 120 + Float(index)), radius: 42),
                SyntheticFace(center: SIMD2(235, 120 - Float(index)), radius: 34),
            ])
        }
        #expect(timeline.tracks.count == 2)
        for track in timeline.tracks {
            #expect(track.looks >= 10)
            let own = timeline.looks.filter { $0.track == track.id }.map(\.box.center.x)
            #expect((own.max() ?? 0) - (own.min() ?? 0) < 40)
        }
    }

    @Test
    func faceThatComesBackSoonIsTheSame() throws {
        let face = SyntheticFace(center: SIMD2(160, 120), radius: 45)
        let timeline = try read(16) { index in picture(6..<10 ~= index ? [] : [face]) }
        #expect(timeline.tracks.count == 1)
        let seen = timeline.looks.map { Int(($0.time.seconds * 4).rounded()) }
        #expect(seen.allSatisfy { !(6..<10 ~= $0) })
        #expect(seen.count >= 11)
    }

    @Test
    func darknessAndPatternsHaveNoFace() throws {
        let dark = try read(6) { _ in PixelBuffer.plain(width: 160, height: 120, gray: 4) }
        #expect(dark.tracks.isEmpty && dark.reason == "the picture is dark")
        let flat = try read(6) { _ in PixelBuffer.plain(width: 160, height: 120, gray: 120) }
        #expect(flat.tracks.isEmpty && flat.reason == "the picture shows one flat colour")
        let empty = try read(6) { PixelBuffer.mosaic(width: 160, height: 120, seed: UInt64($0) + 20) }
        #expect(empty.tracks.isEmpty && empty.reason == "no face was found")
    }
}
