import HypeCore
import HypeEmotion
import Testing

struct FaceTimelineTests {
    private func look(
        _ track: Int,
        at time: Double,
        for length: Double = 0.25,
        side: Float = 100,
        confidence: Float = 0.9,
        _ emotion: Emotion = .happy
    ) -> FaceLook {
        FaceLook(
            track: track,
            time: MediaTime(seconds: time),
            shown: MediaInterval(seconds: time..<time + length),
            box: FaceBox(x: Float(time), y: 0, width: side, height: side),
            confidence: confidence,
            emotion: EmotionScores([emotion: 1]),
            cut: [Float](repeating: Float(time), count: 48 * 48)
        )
    }

    private func timeline(_ looks: [FaceLook], seconds: Double = 6, keepsLooks: Bool = false) -> FaceTimeline {
        let grid = ClipGrid(duration: .nanoseconds(Int64(seconds * 1e9)))
        var timeline = FaceTimeline(grid: grid, keepsLooks: keepsLooks)
        for look in looks {
            timeline.sawPicture(.lit)
            timeline.add(look)
        }
        return timeline
    }

    @Test
    func looksArePooledByClipAndTrack() throws {
        let timeline = timeline([
            look(1, at: 0), look(1, at: 0.25, .sad), look(1, at: 0.5, .sad), look(1, at: 0.75, .sad),
            look(1, at: 4, .angry), look(2, at: 4, side: 40, .fear), look(2, at: 4.25, side: 40, .fear),
        ])
        let tracks = timeline.tracks
        #expect(tracks.map(\.id) == [1, 2])
        #expect(tracks[0].cells.map(\.clip) == [0, 2])
        #expect(tracks[0].looks == 5)
        let first = try #require(tracks[0].cells[0].scores.mean)
        #expect(abs(first[.sad] - 0.75) < 1e-6 && abs(first[.happy] - 0.25) < 1e-6)
        #expect(tracks[0].interval == MediaInterval(seconds: 0..<4.25))
        #expect(tracks[1].scores.mean?.dominant == .fear)
    }

    @Test
    func surestLookIsShown() {
        let timeline = timeline([look(1, at: 0, confidence: 0.7), look(1, at: 1, confidence: 0.95), look(1, at: 2.5)])
        let track = timeline.tracks[0]
        #expect(track.best.time == MediaTime(seconds: 1))
        #expect(track.cut.first == 1)
        #expect(track.cells.map(\.best.time) == [MediaTime(seconds: 1), MediaTime(seconds: 2.5)])
    }

    @Test
    func pictureThatStandsCountsInAllItsClips() throws {
        let timeline = timeline([look(1, at: 0, for: 5, .sad), look(1, at: 5, for: 1)])
        let cells = timeline.tracks[0].cells
        #expect(cells.map(\.clip) == [0, 1, 2])
        let last = try #require(cells[2].scores.mean)
        #expect(abs(last[.sad] - 0.5) < 1e-6)
        let all = try #require(timeline.tracks[0].scores.mean)
        #expect(abs(all[.sad] - 5.0 / 6) < 1e-6)
    }

    @Test
    func flickerIsNoFaceWhereThereAreManyPictures() {
        #expect(timeline([look(1, at: 0)]).tracks.count == 1)
        var many = timeline([look(1, at: 0), look(2, at: 1), look(2, at: 1.25)])
        for _ in 0..<4 { many.sawPicture(.lit) }
        #expect(many.tracks.map(\.id) == [2])
    }

    @Test
    func largestAndLongestFaceComesFirst() {
        let small = (0..<8).map { look(1, at: Double($0) / 4, side: 40) }
        let large = (0..<4).map { look(2, at: Double($0) / 4, side: 200) }
        #expect(timeline(small + large).tracks.map(\.id) == [2, 1])
    }

    @Test
    func looksAreKeptOnlyWhereAskedForAndWithoutTheirCuts() {
        let looks = [look(1, at: 0), look(1, at: 0.25)]
        #expect(timeline(looks).looks.isEmpty)
        let kept = timeline(looks, keepsLooks: true).looks
        #expect(kept.map(\.time) == looks.map(\.time))
        #expect(kept.allSatisfy { $0.cut.isEmpty })
    }

    @Test
    func reasonsSayWhatWasThere() {
        var timeline = FaceTimeline(grid: ClipGrid(duration: .seconds(1)))
        #expect(timeline.reason == "no picture could be decoded")
        timeline.sawPicture(.dark)
        #expect(timeline.reason == "the picture is dark")
        timeline.sawPicture(.flat)
        #expect(timeline.reason == "the picture shows one flat colour")
        timeline.sawPicture(.lit)
        #expect(timeline.reason == "no face was found")
        timeline.sawPicture(.lit, hasCutOffFace: true)
        #expect(timeline.reason == "a face is only partly in the picture")
    }
}
