import Foundation
import HypeCore
import HypeLibrary
import HypeStore
import Testing

@Suite
struct RetentionPlanTests {
    private let now = Date(timeIntervalSince1970: 1_700_000_000)

    /// Ten clips of 100 bytes each, the oldest ten hours old, the newest one hour.
    private var candidates: [RetentionPlan.Candidate] {
        (1...10).map { hour in
            RetentionPlan.Candidate(id: "c\(11 - hour)", createdAt: now - Double(11 - hour) * 3600, bytes: 100)
        }
    }

    private func plan(
        _ change: (inout RetentionSettings) -> Void,
        clips: Int = 10,
        bytes: Int64 = 1000,
        free: Int64? = nil
    ) -> RetentionPlan {
        var settings = RetentionSettings()
        settings.freeBytes = nil
        change(&settings)
        let totals = ClipTotals(clips: clips, bytes: bytes)
        return RetentionPlan(
            candidates: candidates,
            situation: RetentionPlan.Situation(totals: totals, free: free, now: now),
            settings: settings
        )
    }

    @Test
    func withoutLimitsNothingGoes() {
        #expect(plan { _ in }.steps.isEmpty && plan { _ in }.unmet.isEmpty)
    }

    @Test
    func ageTakesWhatIsOlder() {
        let plan = plan { $0.clipAge = .seconds(8 * 3600) }
        #expect(plan.steps == [.init(id: "c10", cause: .age), .init(id: "c9", cause: .age)])
    }

    @Test
    func countTakesTheOldest() {
        let plan = plan { $0.clipCount = 7 }
        #expect(plan.steps.map(\.id) == ["c10", "c9", "c8"] && plan.steps.allSatisfy { $0.cause == .count })
    }

    @Test
    func bytesTakeTheOldest() {
        let plan = plan { $0.clipBytes = 750 }
        #expect(plan.steps.map(\.id) == ["c10", "c9", "c8"] && plan.steps.allSatisfy { $0.cause == .bytes })
    }

    @Test
    func aFullDiskTakesTheOldestUntilThereIsSpace() {
        let plan = plan({ $0.freeBytes = 1000 }, free: 801)
        #expect(plan.steps == [.init(id: "c10", cause: .lowDisk), .init(id: "c9", cause: .lowDisk)])
    }

    @Test
    func eachClipGoesForTheFirstLimitThatItBreaks() {
        let plan = plan(
            {
                $0.clipAge = .seconds(Int64(9.5 * 3600))
                $0.clipCount = 8
                $0.clipBytes = 700
                $0.freeBytes = 1000
            },
            free: 600
        )
        #expect(plan.steps.map(\.cause) == [.age, .count, .bytes, .lowDisk])
    }

    @Test
    func clipsToBeKeptCountButDoNotGo() {
        let plan = plan({ $0.clipCount = 3 }, clips: 15)
        #expect(plan.steps.count == 10 && plan.unmet == [.count])
    }

    @Test
    func freshClipsGoOnlyForAFullDisk() {
        let grace = plan { settings in
            settings.grace = .seconds(Int64(9.5 * 3600))
            settings.clipCount = 0
        }
        #expect(grace.steps.map(\.id) == ["c10"] && grace.unmet == [.count])
        let full = plan(
            {
                $0.grace = .seconds(864_000)
                $0.freeBytes = 1000
            },
            free: 950
        )
        #expect(full.steps == [.init(id: "c10", cause: .lowDisk)])
    }

    @Test
    func whatCannotBeReachedIsSaid() {
        let plan = plan(
            {
                $0.freeBytes = 5000
                $0.clipBytes = 100
            },
            bytes: 2000,
            free: 10
        )
        #expect(plan.steps.count == 10 && plan.unmet == [.bytes, .lowDisk])
    }

    @Test
    func anUnknownDiskTakesNothing() {
        #expect(plan { $0.freeBytes = .max }.steps.isEmpty)
    }

    /// For any situation: the oldest go first, none twice, and none that could have stayed.
    @Test
    func noPlanTakesMoreThanItMust() {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<500 {
            let count = generator.index(below: 12)
            let bytes = Int64(generator.index(below: 1200))
            let free = Int64(generator.index(below: 1500))
            let plan = plan(
                {
                    $0.clipCount = count
                    $0.clipBytes = bytes
                    $0.freeBytes = 1000
                },
                free: free
            )
            let taken = plan.steps.count
            #expect(plan.steps.map(\.id) == candidates.prefix(taken).map(\.id))
            if taken > 0 {
                let left = 10 - (taken - 1)
                #expect(left > count || Int64(left) * 100 > bytes || free + Int64(taken - 1) * 100 < 1000)
            }
            if taken < 10 { #expect(plan.unmet.isEmpty) }
        }
    }
}
