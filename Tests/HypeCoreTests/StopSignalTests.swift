import HypeCore
import Testing

@Suite(.timeLimit(.minutes(1)))
struct StopSignalTests {
    @Test
    func workThatIsDoneIsNotStopped() async throws {
        let stop = StopSignal()
        #expect(try await stop.ends { 7 } == 7)
        #expect(!stop.isGiven)
    }

    @Test
    func theSignalCancelsTheWork() async throws {
        let stop = StopSignal()
        let began = StopSignal()
        async let outcome: Void = stop.ends {
            began.give()
            try await Task.sleep(for: .seconds(3600))
        }
        await began.wait()
        stop.give()
        do {
            try await outcome
            Issue.record("the work was not cancelled")
        } catch {
            #expect(error is StopSignal.Stopped)
        }
    }

    @Test
    func aSignalThatWasGivenBeforeCounts() async throws {
        let stop = StopSignal()
        stop.give()
        stop.give()
        await #expect(throws: StopSignal.Stopped.self) {
            try await stop.ends { try await Task.sleep(for: .seconds(3600)) }
        }
    }

    @Test
    func failuresOfTheWorkPassThrough() async throws {
        struct Broken: Error {}
        await #expect(throws: Broken.self) { try await StopSignal().ends { throw Broken() } }
    }

    @Test
    func aCancelledTaskIsCancelledAndNotStopped() async throws {
        let stop = StopSignal()
        let began = StopSignal()
        // Awaited below.
        let task = Task {
            try await stop.ends {
                began.give()
                try await Task.sleep(for: .seconds(3600))
            }
        }
        await began.wait()
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test
    func whoDoesNotListenAnyMoreIsNotTold() {
        let stop = StopSignal()
        let number = stop.listen { Issue.record("told") }
        stop.forget(number)
        stop.give()
    }
}
