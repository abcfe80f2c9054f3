import Foundation
import HypeEvents
import Testing

@Suite
struct WebhookLanesTests {
    private let now = Date(timeIntervalSince1970: 1_700_000_000)

    @Test
    func eachWebhookHasItsOwnPlaces() {
        var lanes = WebhookLanes(places: 2)
        let slow = [lanes.start("1", of: "slow"), lanes.start("2", of: "slow"), lanes.start("3", of: "slow")]
        #expect(slow == [true, true, false])
        #expect(lanes.demand(of: "slow", at: now) == 0 && lanes.demand(of: "quick", at: now) == 2)
        lanes.finish("1", of: "slow")
        #expect(lanes.demand(of: "slow", at: now) == 2 && lanes.count == 1)
    }

    @Test
    func nothingIsSentTwiceAtATime() {
        var lanes = WebhookLanes(places: 2)
        let both = [lanes.start("1", of: "a"), lanes.start("1", of: "a")]
        #expect(both == [true, false])
    }

    @Test
    func aReceiverThatAsksForPatienceIsLeftAlone() {
        var lanes = WebhookLanes(places: 1)
        lanes.pause("a", until: now + 10)
        lanes.pause("a", until: now + 5)
        #expect(lanes.demand(of: "a", at: now + 9) == 0)
        #expect(lanes.demand(of: "a", at: now + 10) == 1)
        lanes.forget(allBut: [], at: now)
        #expect(lanes.demand(of: "a", at: now) == 1)
    }
}
