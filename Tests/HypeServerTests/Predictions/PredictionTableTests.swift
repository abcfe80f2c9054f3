import Foundation
import HypeCore
import HypeServer
import Testing

@Suite
struct PredictionTableTests {
    private let start = Date(timeIntervalSince1970: 1_700_000_000)

    private func table(_ change: (inout PredictionSettings) -> Void = { _ in }) -> PredictionTable {
        var settings = PredictionSettings()
        change(&settings)
        return PredictionTable(settings: settings)
    }

    private func add(_ table: inout PredictionTable, _ id: String, of client: String = "a") -> PredictionTable.Admission
    {
        table.add(id, name: "\(id).mp4", of: client, at: start)
    }

    @Test
    func aJobGoesItsWay() {
        var table = table()
        #expect(add(&table, "x") == .queued)
        #expect(table.advance("x", to: 0.5) == nil, "its turn has not come")
        #expect(table.next() == "x")
        #expect(table.job("x")?.state == .queued, "nobody works on it yet")
        let begun = table.advance("x", to: 0)
        #expect(begun?.state == .running && begun?.percent == 0)
        #expect(table.advance("x", to: 0.004) == nil, "no news")
        #expect(table.advance("x", to: 0.42)?.percent == 42)
        #expect(table.advance("x", to: 0.3) == nil, "never back")
        #expect(table.advance("x", to: 7)?.percent == 99)
        let done = table.finish("x", .done(Data("{}".utf8)), at: start + 5)
        #expect(done?.state == .done && done?.percent == 100 && done?.finishedAt == start + 5)
        #expect(table.finish("x", .cancelled(nil), at: start) == nil, "what is over stays as it is")
        #expect(table.advance("x", to: 0.5) == nil)
        #expect(table.unfinished == 0)
    }

    @Test
    func onlySomeAreReadAtATime() {
        var table = table { $0.parallel = 2 }
        for id in ["x", "y", "z"] { _ = add(&table, id) }
        #expect(table.next() == "x")
        #expect(table.next() == "y")
        #expect(table.next() == nil)
        table.finish("x", .failed(Problem(422, "broken")), at: start)
        #expect(table.job("x")?.reason == "broken")
        #expect(table.next() == "z")
    }

    @Test
    func theQueueIsBoundedAndFair() {
        var table = table { $0.waiting = 3 }
        for id in ["x", "y", "z"] { #expect(add(&table, id) == .queued) }
        #expect(add(&table, "more") == .refused)
        #expect(table.job("more") == nil)
        #expect(add(&table, "other", of: "b") == .displaced("z"))
        #expect(table.job("z")?.state == .failed)
        #expect(table.job("z")?.problem?.status == 429)
        #expect([table.next(), table.finishAndNext("x", at: start)] == ["x", "other"])
    }

    @Test
    func resultsAreKeptForATimeAndWithinBounds() {
        var table = table {
            $0.kept = 3
            $0.keptBytes = 100
            $0.lifetime = .seconds(60)
            $0.parallel = 10
        }
        for index in 0..<5 {
            _ = add(&table, "\(index)")
            table.finish("\(index)", .done(Data(count: 10)), at: start + Double(index))
        }
        #expect(table.all.map(\.id).sorted() == ["2", "3", "4"])
        _ = add(&table, "big")
        table.finish("big", .done(Data(count: 95)), at: start + 10)
        #expect(table.all.map(\.id) == ["big"], "its bytes leave no room for others")
        table.tidy(at: start + 69.9)
        #expect(table.job("big") != nil)
        table.tidy(at: start + 70)
        #expect(table.all.isEmpty)
    }

    @Test
    func whatWaitsCanBeGivenUp() {
        var table = table()
        _ = add(&table, "x")
        _ = add(&table, "y")
        #expect(table.finish("x", .cancelled("no more"), at: start)?.reason == "no more")
        #expect(table.next() == "y")
        #expect(table.unfinished == 1)
    }

    /// Whatever happens, the bounds hold and a job that is over changes no more.
    @Test(arguments: [UInt64](1...20))
    func boundsHoldWhateverHappens(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var table = table {
            $0.waiting = 5
            $0.kept = 4
            $0.keptBytes = 200
            $0.parallel = 2
            $0.lifetime = .seconds(30)
        }
        var now = start
        var ends: [String: PredictionTable.State] = [:]
        var active: Set<String> = []
        for step in 0..<2_000 {
            now += Double.random(in: 0...2, using: &random)
            let known = table.all.map(\.id)
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1: _ = table.add("\(step)", name: "", of: "\(step % 3)", at: now)
            case 2: if let id = table.next() { active.insert(id) }
            case 3:
                guard let id = known.randomElement(using: &random) else { continue }
                _ = table.advance(id, to: Double.random(in: -1...2, using: &random))
            case 4:
                guard let id = known.randomElement(using: &random) else { continue }
                let outcome: PredictionTable.Outcome =
                    Bool.random(using: &random) ? .done(Data(count: step % 90)) : .cancelled(nil)
                table.finish(id, outcome, at: now)
                active.remove(id)
            default: table.tidy(at: now)
            }
            active = active.filter { table.job($0)?.state.isOver == false }
            let over = table.all.filter(\.state.isOver)
            #expect(active.count <= 2)
            #expect(table.unfinished <= 5 + 2)
            #expect(over.count <= 4)
            #expect(over.reduce(0) { $0 + ($1.result?.count ?? 0) } <= 200)
            for job in over {
                #expect(ends[job.id, default: job.state] == job.state)
                ends[job.id] = job.state
            }
            #expect(
                table.all.allSatisfy { (0...100).contains($0.percent) && ($0.percent == 100) == ($0.state == .done) }
            )
        }
    }
}

extension PredictionTable {
    fileprivate mutating func finishAndNext(_ id: String, at now: Date) -> String? {
        finish(id, .cancelled(nil), at: now)
        return next()
    }
}
