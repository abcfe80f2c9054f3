import NIOCore
import SocketIO
import Testing

@Suite
struct SessionDirectoryTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func farewell(_ entry: SessionDirectory<Int>.Entry?) -> [WireMessage]? {
        if case .farewell(let messages) = entry { messages } else { nil }
    }

    @Test
    func findsWhatGoesOn() {
        var directory = SessionDirectory<Int>()
        directory.insert(5, id: "a")
        guard case .live(5) = directory.lookUp(id: "a", isPoll: false, now: start) else {
            Issue.record("not found")
            return
        }
        directory.remove(id: "a", farewell: [], now: start)
        #expect(directory.lookUp(id: "a", isPoll: true, now: start) == nil)
    }

    @Test
    func aFarewellIsGivenOnceAndOnlyToAPoll() {
        var directory = SessionDirectory<Int>()
        directory.insert(5, id: "a")
        directory.remove(id: "a", farewell: [.noop], now: start)
        #expect(farewell(directory.lookUp(id: "a", isPoll: false, now: start)) == nil)
        #expect(farewell(directory.lookUp(id: "a", isPoll: true, now: start)) == [.noop])
        #expect(farewell(directory.lookUp(id: "a", isPoll: true, now: start)) == nil)
        #expect(directory.tombstoneCount == 0)
    }

    @Test
    func farewellsAreBoundedByTimeNumberAndSize() {
        var directory = SessionDirectory<Int>(
            maximumTombstones: 2,
            maximumTombstoneBytes: 100,
            tombstoneLifetime: .seconds(1)
        )
        for id in ["a", "b", "c"] { directory.remove(id: id, farewell: [.noop], now: start) }
        #expect(directory.tombstoneCount == 2)
        #expect(farewell(directory.lookUp(id: "a", isPoll: true, now: start)) == nil)
        #expect(farewell(directory.lookUp(id: "b", isPoll: true, now: start + .seconds(2))) == nil)
        #expect(directory.tombstoneCount == 0)
        let large = WireMessage(text: String(repeating: "4", count: 80))
        directory.remove(id: "d", farewell: [large], now: start)
        directory.remove(id: "e", farewell: [large], now: start)
        #expect(directory.tombstoneCount == 1)
        #expect(farewell(directory.lookUp(id: "e", isPoll: true, now: start)) == [large])
    }
}
