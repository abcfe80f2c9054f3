import HypeCore
import HypeWorkerLink
import Testing

@Suite
struct PoolScheduleTests {
    private func schedule(workers: Int = 2, waiting: Int = 4, lifetime: Int = 1000) -> PoolSchedule {
        var limits = PoolLimits(workers: workers, waiting: waiting)
        limits.lifetime = lifetime
        return PoolSchedule(limits: limits)
    }

    private func submit(_ schedule: inout PoolSchedule, of client: String = "a") -> (UInt64, [PoolSchedule.Action]) {
        let ticket = schedule.makeTicket()
        return (ticket, schedule.submit(ticket, of: client))
    }

    @Test
    func nothingGoesToAWorkerThatIsNotWarm() {
        var schedule = schedule()
        let (first, actions) = submit(&schedule)
        #expect(actions.isEmpty)
        #expect(schedule.report.waiting == 1)
        #expect(schedule.ready(1) == [.start(first, worker: 1)])
        #expect(schedule.report.ready == 1)
        #expect(schedule.report.busy == 1)
    }

    @Test
    func whenTooManyWaitTheRestIsToldWhenToComeBack() {
        var schedule = schedule(workers: 1, waiting: 2)
        _ = schedule.ready(0)
        for _ in 0..<3 { _ = submit(&schedule) }
        _ = schedule.finished(0, after: .seconds(2))
        _ = submit(&schedule)
        let (ticket, actions) = submit(&schedule)
        #expect(actions == [.refuse(ticket, .busy(retryAfter: .seconds(6)))], "two wait, each takes two seconds")
        #expect(schedule.report.counts.refused == 1)
    }

    @Test
    func aRequestThatWaitsIsGivenUpWithoutAWord() {
        var schedule = schedule(workers: 1)
        _ = schedule.ready(0)
        _ = submit(&schedule)
        let (waiting, _) = submit(&schedule)
        #expect(schedule.cancel(waiting).isEmpty)
        #expect(schedule.report.waiting == 0)
        #expect(schedule.cancel(waiting).isEmpty, "again")
        #expect(schedule.report.counts.cancelled == 1)
    }

    @Test
    func aWorkerThatLetsGoTakesTheNext() {
        var schedule = schedule(workers: 1)
        _ = schedule.ready(0)
        let (running, _) = submit(&schedule)
        let (next, _) = submit(&schedule)
        #expect(schedule.cancel(running) == [.interrupt(worker: 0)])
        #expect(schedule.report.busy == 1, "it has not let go yet")
        #expect(schedule.finished(0, after: .zero) == [.start(next, worker: 0)])
        #expect(schedule.report.counts.served == 0)
    }

    @Test
    func aRequestOutlivesOneWorkerAndNotTwo() {
        var schedule = schedule(workers: 2)
        _ = schedule.ready(0)
        let (poison, _) = submit(&schedule)
        let (sound, _) = submit(&schedule, of: "b")
        #expect(schedule.lost(0).isEmpty)
        #expect(schedule.ready(1) == [.start(poison, worker: 1)], "what came back goes before what waits")
        #expect(schedule.ready(0) == [.start(sound, worker: 0)])
        #expect(schedule.lost(1) == [.refuse(poison, .guilty)])
        #expect(schedule.finished(0, after: .seconds(1)).isEmpty)
        #expect(schedule.report.counts.retried == 1)
        #expect(schedule.report.counts.guilty == 1)
        #expect(schedule.report.counts.served == 1)
    }

    @Test
    func aDeadWorkerTakesNobodyWithItWhoDoesNotCareAnyMore() {
        var schedule = schedule(workers: 1)
        _ = schedule.ready(0)
        let (gone, _) = submit(&schedule)
        _ = schedule.cancel(gone)
        #expect(schedule.lost(0).isEmpty)
        #expect(schedule.ready(0).isEmpty)
    }

    @Test
    func workersAreReplacedOneAtATime() {
        var schedule = schedule(workers: 2, lifetime: 1)
        _ = schedule.ready(0)
        _ = schedule.ready(1)
        let (first, _) = submit(&schedule)
        let (second, _) = submit(&schedule)
        #expect(schedule.finished(0, after: .zero) == [.replace(worker: 0)])
        #expect(schedule.finished(1, after: .zero).isEmpty, "somebody must be there")
        let (third, actions) = submit(&schedule)
        #expect(actions == [.start(third, worker: 1)])
        _ = schedule.ready(0)
        #expect(schedule.finished(1, after: .zero) == [.replace(worker: 1)])
        #expect(schedule.report.counts.replaced == 2)
        #expect(Set([first, second, third]).count == 3)
    }

    @Test
    func aWorkerThatHasGrownIsReplaced() {
        var schedule = schedule(workers: 1)
        _ = schedule.ready(0, memory: 100 << 20)
        _ = submit(&schedule)
        #expect(schedule.finished(0, after: .zero, memory: 300 << 20).isEmpty)
        _ = submit(&schedule)
        #expect(schedule.finished(0, after: .zero, memory: 400 << 20) == [.replace(worker: 0)])
    }

    @Test
    func aDeadlineThatCannotBeKeptIsRefusedAtOnceAndOneThatPassesEnds() {
        var schedule = schedule(workers: 1)
        _ = schedule.ready(0)
        let (running, _) = submit(&schedule)
        let hopeless = schedule.makeTicket()
        let refusal = schedule.submit(hopeless, of: "a", within: .milliseconds(50))
        #expect(refusal == [.refuse(hopeless, .busy(retryAfter: .milliseconds(100)))])
        let patient = schedule.makeTicket()
        #expect(schedule.submit(patient, of: "a", within: .seconds(1)).isEmpty)
        #expect(schedule.expire(patient, evenIfRunning: false) == [.refuse(patient, .expired)])
        #expect(schedule.expire(running, evenIfRunning: false).isEmpty, "its worker watches the clock itself")
        #expect(schedule.expire(running, evenIfRunning: true) == [.refuse(running, .expired), .interrupt(worker: 0)])
    }

    @Test
    func withoutAnyWorkerNobodyWaits() {
        var schedule = schedule(workers: 2)
        let (first, _) = submit(&schedule)
        #expect(schedule.broke(0).isEmpty)
        #expect(schedule.broke(1) == [.refuse(first, .broken)])
        let (second, actions) = submit(&schedule)
        #expect(actions == [.refuse(second, .broken)])
        _ = schedule.ready(0)
        #expect(!schedule.isBroken)
        let (third, started) = submit(&schedule)
        #expect(started == [.start(third, worker: 0)])
    }

    @Test
    func atTheEndEverybodyIsTold() {
        var schedule = schedule(workers: 1)
        _ = schedule.ready(0)
        let (running, _) = submit(&schedule)
        let (waiting, _) = submit(&schedule)
        #expect(Set(schedule.close()) == [.refuse(running, .closed), .refuse(waiting, .closed)])
        let (late, actions) = submit(&schedule)
        #expect(actions == [.refuse(late, .closed)])
        #expect(schedule.close().isEmpty)
    }

    /// What a shell knows, to check every answer of the schedule against.
    private struct Model {
        var waiting: Set<UInt64> = []
        var running: [Int: UInt64] = [:]
        var lettingGo: Set<Int> = []
        var warm: Set<Int> = []
        var ended: Set<UInt64> = []
        var owner: [UInt64: String] = [:]
        var overtaken: [String: Int] = [:]

        mutating func apply(_ actions: [PoolSchedule.Action], waiting capacity: Int, workers: Int) {
            for action in actions {
                switch action {
                case .start(let ticket, let worker):
                    #expect(waiting.remove(ticket) != nil, "started what did not wait")
                    #expect(warm.contains(worker) && running[worker] == nil && !lettingGo.contains(worker))
                    running[worker] = ticket
                    let client = owner[ticket] ?? ""
                    overtaken[client] = 0
                    for other in Set(waiting.compactMap { owner[$0] }) where other != client {
                        overtaken[other, default: 0] += 1
                    }
                case .refuse(let ticket, _):
                    waiting.remove(ticket)
                    running = running.filter { $0.value != ticket }
                    #expect(ended.insert(ticket).inserted, "ended twice")
                case .interrupt(let worker): lettingGo.insert(worker)
                case .replace(let worker):
                    #expect(running[worker] == nil)
                    warm.remove(worker)
                }
            }
            #expect(waiting.count <= capacity + workers)
        }
    }

    @Test(arguments: [UInt64](1...40))
    func whateverHappensEveryRequestEndsOnceAndNobodyIsStarved(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let workers = Int.random(in: 1...4, using: &random)
        let capacity = Int.random(in: 1...8, using: &random)
        let clients = ["a", "b", "c"]
        var schedule = schedule(workers: workers, waiting: capacity, lifetime: Int.random(in: 1...20, using: &random))
        var model = Model()
        func apply(_ actions: [PoolSchedule.Action]) { model.apply(actions, waiting: capacity, workers: workers) }
        for _ in 0..<2_000 {
            let worker = Int.random(in: 0..<workers, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3:
                let ticket = schedule.makeTicket()
                let client = clients[min(2, Int.random(in: 0..<9, using: &random) / 3)]
                model.owner[ticket] = client
                model.waiting.insert(ticket)
                let deadline = Bool.random(using: &random) ? nil : Duration.milliseconds(300)
                apply(schedule.submit(ticket, of: client, within: deadline))
            case 4...6:
                guard model.running[worker] != nil || model.lettingGo.contains(worker) else { continue }
                if !model.lettingGo.contains(worker), let ticket = model.running[worker] { model.ended.insert(ticket) }
                model.running[worker] = nil
                model.lettingGo.remove(worker)
                apply(schedule.finished(worker, after: .milliseconds(Int.random(in: 1...200, using: &random))))
            case 7:
                guard let ticket = (Array(model.waiting) + model.running.values).randomElement(using: &random) else {
                    continue
                }
                let actions = schedule.cancel(ticket)
                model.waiting.remove(ticket)
                for place in model.running.keys where model.running[place] == ticket { model.running[place] = nil }
                #expect(model.ended.insert(ticket).inserted)
                apply(actions)
            case 8:
                if !model.warm.contains(worker) {
                    model.warm.insert(worker)
                    apply(schedule.ready(worker))
                }
            default:
                guard model.warm.contains(worker), Int.random(in: 0..<4, using: &random) == 0 else { continue }
                model.warm.remove(worker)
                model.lettingGo.remove(worker)
                if let ticket = model.running.removeValue(forKey: worker) { model.waiting.insert(ticket) }
                apply(schedule.lost(worker))
            }
            #expect(schedule.report.waiting == model.waiting.count)
            let clientsThatWait = Set(model.waiting.compactMap { model.owner[$0] })
            model.overtaken = model.overtaken.filter { clientsThatWait.contains($0.key) }
            // A client that waits sees the others at most once each before its turn, besides what came back from the dead.
            #expect(model.overtaken.values.allSatisfy { $0 <= clients.count + 2 * workers })
        }
        for worker in 0..<workers {
            if model.running[worker] == nil, !model.lettingGo.contains(worker), !model.warm.contains(worker) {
                model.warm.insert(worker)
                apply(schedule.ready(worker))
            }
        }
        while let worker = model.running.keys.first ?? model.lettingGo.first {
            if let ticket = model.running.removeValue(forKey: worker) { model.ended.insert(ticket) }
            model.lettingGo.remove(worker)
            apply(schedule.finished(worker, after: .milliseconds(1)))
            for place in 0..<workers where !model.warm.contains(place) {
                model.warm.insert(place)
                apply(schedule.ready(place))
            }
        }
        #expect(model.waiting.isEmpty)
        #expect(model.ended.count == model.owner.count, "every request has its end")
    }
}
