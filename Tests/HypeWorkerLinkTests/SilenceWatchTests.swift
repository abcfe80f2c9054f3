import HypeWorkerLink
import Testing

@Suite
struct SilenceWatchTests {
    private let start = ContinuousClock.now

    private func watch() -> SilenceWatch {
        var settings = WorkerSettings(
            executable: "",
            hello: WorkerHello(modelFolders: []),
            silenceLimit: .seconds(10),
            greetingLimit: .seconds(30)
        )
        settings.recallLimit = .seconds(2)
        return SilenceWatch(settings: settings, at: start)
    }

    @Test
    func aWorkerHasItsOwnTimeToGreet() {
        let watch = watch()
        #expect(!watch.isHung(at: start + .seconds(30), owes: true))
        #expect(watch.isHung(at: start + .seconds(31), owes: false))
    }

    @Test
    func silenceCountsOnlyWhileSomethingIsOwed() {
        var watch = watch()
        watch.greeted()
        #expect(!watch.isHung(at: start + .seconds(3600), owes: false))
        watch.asked(at: start + .seconds(3600))
        #expect(!watch.isHung(at: start + .seconds(3609), owes: true), "it had nothing to say before")
        #expect(watch.isHung(at: start + .seconds(3611), owes: true))
        watch.heard(at: start + .seconds(3609))
        #expect(!watch.isHung(at: start + .seconds(3611), owes: true))
    }

    @Test
    func whoLoadsItsNetsHasAsLongAsForAGreeting() {
        var watch = watch()
        watch.greeted()
        #expect(!watch.isHung(at: start + .seconds(30), owes: true, isPreparing: true))
        #expect(watch.isHung(at: start + .seconds(31), owes: true, isPreparing: true))
    }

    @Test
    func whoDoesNotLetGoHangsHoweverMuchItSays() {
        var watch = watch()
        watch.greeted()
        watch.recalled(7, at: start)
        watch.heard(at: start + .seconds(3))
        #expect(watch.isHung(at: start + .seconds(3), owes: true))
        watch.settled(7)
        #expect(!watch.isHung(at: start + .seconds(3), owes: true))
    }
}
