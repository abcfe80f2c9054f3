import HypeApp
import HypeCore
import HypeMoments
import HypeServer
import Testing

@Suite
struct ManualCutTests {
    private static let recording = MediaInterval(start: .zero, end: .zero + .seconds(60))

    private static func cut(_ request: TriggerRequest, at seconds: Double) -> ManualCut {
        ManualCut(request, at: MediaTime(seconds: seconds), within: recording, settings: MomentSettings())
    }

    @Test
    func theOrdinaryLengthsAreTakenWhereNoneAreGiven() {
        let plan = Self.cut(TriggerRequest(), at: 30).plan
        #expect(plan.interval == MediaInterval(start: MediaTime(seconds: 20), end: MediaTime(seconds: 33)))
        #expect(plan.moments.isEmpty)
    }

    @Test(arguments: [0.0, 1, 59, 60])
    func aClipNeverLeavesTheRecordingAndIsNeverTooShort(position: Double) {
        let interval = Self.cut(TriggerRequest(before: 2, after: 0), at: position).plan.interval
        #expect(interval.start >= Self.recording.start && interval.end <= Self.recording.end)
        #expect(interval.duration >= MomentSettings().shortestClip)
    }

    @Test
    func lengthsOutOfRangeAreClamped() {
        let interval = Self.cut(TriggerRequest(before: 1e9, after: -5), at: 30).plan.interval
        #expect(interval == MediaInterval(start: .zero, end: MediaTime(seconds: 30)))
    }

    @Test
    func aTitleIsTrimmedAndCut() {
        #expect(Self.cut(TriggerRequest(title: "  what a save \n"), at: 9).title == "what a save")
        #expect(Self.cut(TriggerRequest(title: " "), at: 9).title == "Clip by hand")
        #expect(Self.cut(TriggerRequest(title: String(repeating: "x", count: 999)), at: 9).title.count == 200)
    }
}
