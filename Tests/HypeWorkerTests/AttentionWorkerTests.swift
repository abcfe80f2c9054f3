import Foundation
import HypeCore
import HypeWorkerLink
import Testing

/// Attention in the worker's answers to `predict`, on generated films.
@Suite(.enabled(if: LiveMedia.portrait != nil, "needs Scripts/bootstrap"), .timeLimit(.minutes(5)))
struct AttentionWorkerTests {
    private func course(
        of film: String,
        with worker: WorkerUnderTest
    ) throws -> (course: AttentionCourse, models: [ModelIdentity], told: [AttentionAlert]) {
        var wish = PredictWish()
        wish.wantsAttention = true
        let number = try worker.send(.predict(PredictRequest(subjects: [PredictSubject(file: film)], wish: wish)))
        let result = try worker.result(of: number)
        var (course, told): (AttentionCourse?, [AttentionAlert]) = (nil, [])
        for event in worker.events(of: number) {
            if case .attention(let alert) = event { told.append(alert) }
            if case .prediction(let prediction) = event, case .read(let reading) = prediction.outcome {
                course = reading.attention
            }
        }
        guard case .predicted(let models) = result else {
            throw WorkerFailure(code: .other, message: String(describing: result))
        }
        return (try #require(course), models, told)
    }

    @Test
    func openEyesOfAPortraitAreNoAlert() throws {
        let media = try PredictMedia()
        let worker = try WorkerUnderTest()
        defer {
            worker.kill()
            media.remove()
        }
        let (course, models, told) = try course(of: media.film(), with: worker)
        #expect(abs(course.pictures - 80) <= 2, "\(course.pictures)")
        #expect(course.seen == course.pictures)
        #expect(course.samples.map { $0.time.seconds.rounded(.down) } == [0, 1, 2, 3, 4])
        #expect(course.alerts.isEmpty && told.isEmpty)
        let summary = try #require(course.summary)
        #expect(try #require(summary.openness) > 0.7)
        #expect(abs(try #require(summary.pose).yaw) < 30)
        #expect(summary.yawns == 0)
        let named = models.filter { ["face-landmarks", "iris-landmarks"].contains($0.name) }
        #expect(named.count == 2 && named.allSatisfy { $0.sha256.count == 64 && $0.warning == nil })
    }

    @Test
    func aFaceThatLeavesIsAnAlertAtItsMediaTimeUntilItIsBack() throws {
        let media = try PredictMedia()
        let worker = try WorkerUnderTest()
        defer {
            worker.kill()
            media.remove()
        }
        // The face is away from second 5 to second 11; the file's own clock begins at 100 s.
        let film = try media.film()
        let wall = try media.make(
            "wall.mp4",
            ["-f", "lavfi", "-i", "testsrc2=size=360x360:rate=30:duration=6", "-c:v", "libx264"]
        )
        let both = try media.make(
            "both.mkv",
            [
                "-i", film, "-i", wall, "-i", film, "-filter_complex", "[0:v][1:v][2:v]concat=n=3:v=1[out]", "-map",
                "[out]", "-c:v", "libx264", "-preset", "veryfast", "-output_ts_offset", "100",
            ]
        )
        let (course, _, told) = try course(of: both, with: worker)
        let lost = course.alerts.filter { $0.kind == .faceLost }
        #expect(lost.map(\.phase) == [.begun, .cleared], "\(course.alerts)")
        #expect(told == course.alerts)
        let begin = try #require(lost.first)
        #expect(abs(begin.since.seconds - 5) < 0.2)
        #expect(abs(begin.time.seconds - 8) < 0.2)
        #expect(abs(try #require(lost.last).time.seconds - 11.3) < 0.3)
        #expect(course.samples.contains { $0.time > MediaTime(seconds: 8.5) && $0.active == [.faceLost] })
    }
}
