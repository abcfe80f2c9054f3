import HypeEmotion
import Testing

@Suite
struct FaceTrackerTests {
    private func face(x: Float, y: Float = 0, side: Float = 100) -> FaceDetection {
        let places: [SIMD2<Float>] = [
            SIMD2(0.3, 0.4), SIMD2(0.7, 0.4), SIMD2(0.5, 0.6), SIMD2(0.5, 0.8), SIMD2(0, 0.5), SIMD2(1, 0.5),
        ]
        return FaceDetection(
            box: FaceBox(x: x, y: y, width: side, height: side),
            keypoints: places.map { SIMD2(x, y) + $0 * side },
            confidence: 0.9
        )
    }

    @Test
    func faceThatMovesKeepsItsNumber() {
        var tracker = FaceTracker()
        for step in 0..<10 {
            #expect(tracker.update([face(x: Float(step) * 30)]).map(\.id) == [1])
        }
        #expect(tracker.tracks.map(\.hits) == [10])
    }

    @Test
    func twoFacesKeepTheirNumbersInAnyOrder() {
        var tracker = FaceTracker()
        tracker.update([face(x: 0), face(x: 300)])
        let tracks = tracker.update([face(x: 305), face(x: 5)])
        #expect(tracks.map(\.id) == [1, 2])
        #expect(tracks[0].face.box.x < 50)
        #expect(tracks[1].face.box.x > 250)
    }

    @Test
    func nearerFaceContinuesTheTrack() {
        var tracker = FaceTracker()
        tracker.update([face(x: 0)])
        let tracks = tracker.update([face(x: 60), face(x: 10)])
        #expect(tracks.map(\.id) == [1, 2])
        #expect(tracks[0].face.box.x < 30)
    }

    @Test
    func trackSurvivesAFewMissesAndThenEnds() {
        var settings = FaceTracker.Settings()
        settings.maximumMisses = 2
        var tracker = FaceTracker(settings: settings)
        tracker.update([face(x: 0)])
        for _ in 0..<2 { #expect(tracker.update([]).isEmpty) }
        #expect(tracker.update([face(x: 0)]).map(\.id) == [1])
        for _ in 0..<3 { tracker.update([]) }
        #expect(tracker.tracks.isEmpty)
        #expect(tracker.update([face(x: 0)]).map(\.id) == [2])
    }

    @Test
    func pointsOfAStillFaceAreSteadied() throws {
        var tracker = FaceTracker()
        var spread: Float = 0
        for step in 0..<20 {
            let noise: Float = step.isMultiple(of: 2) ? 1 : -1
            let track = try #require(tracker.update([face(x: noise)]).first)
            if step > 4 { spread = max(spread, abs(track.face[.rightEye].x - 30)) }
        }
        #expect(spread < 0.6)
    }

    @Test
    func faceThatJumpsIsFollowedAtOnce() throws {
        var tracker = FaceTracker()
        tracker.update([face(x: 0)])
        let track = try #require(tracker.update([face(x: 30)]).first)
        #expect(track.id == 1)
        #expect(track.face[.rightEye].x == 60)
    }
}
