import NIOCore
import SocketIO
import Testing

@Suite
struct EngineSessionTests {
    private typealias Action = EngineSession.Action
    private static let hello = WireMessage(text: "4hello")
    private let stopAll = EngineSession.Timer.allCases.map(Action.stop)

    private func polling(limit: Int = 1000) -> EngineSession { EngineSession(maximumUnsentBytes: limit) }

    private func upgraded() -> EngineSession {
        var session = polling()
        _ = session.handle(.webSocketOpened(9))
        _ = session.handle(.webSocketPacket(9, .ping("probe")))
        _ = session.handle(.webSocketPacket(9, .upgrade))
        return session
    }

    // MARK: Polling

    @Test
    func aPollWaitsForAMessage() {
        var session = polling()
        #expect(session.handle(.poll(1)) == [])
        #expect(session.send(Self.hello) == .waiting)
        #expect(session.send(Self.hello) == .waiting)
        #expect(session.flush() == .answerPoll(1, [Self.hello, Self.hello]))
        #expect(session.flush() == nil)
    }

    @Test
    func messagesWaitForAPoll() {
        var session = polling()
        #expect(session.send(Self.hello) == .waiting)
        #expect(session.flush() == nil)
        #expect(session.handle(.poll(1)) == [.answerPoll(1, [Self.hello])])
    }

    @Test
    func aSecondPollEndsTheSession() {
        var session = polling()
        _ = session.handle(.poll(1))
        #expect(
            session.handle(.poll(2)) == stopAll + [
                .answerPoll(1, [.close]), .end(.transportError, farewell: []), .refuse(2, .badRequest),
            ]
        )
        #expect(session.handle(.poll(3)) == [.refuse(3, .unknownSession)])
        #expect(session.send(Self.hello) == .gone)
    }

    @Test
    func aSecondPostEndsTheSession() {
        var session = polling()
        #expect(session.handle(.postBegan(1)) == [])
        #expect(
            session.handle(.postBegan(2)) == stopAll + [.end(.transportError, farewell: []), .refuse(2, .badRequest)]
        )
        #expect(session.handle(.post(1, [.text("a")])) == [.refuse(1, .unknownSession)])
    }

    @Test
    func aPostDeliversItsPackets() {
        var session = polling()
        _ = session.handle(.postBegan(1))
        #expect(
            session.handle(.post(1, [.text("a"), .binary(ByteBuffer(bytes: [1])), .pong("")])) == [
                .deliver(.text("a")), .deliver(.binary(ByteBuffer(bytes: [1]))), .stop(.pong), .start(.ping),
                .acceptPost(1),
            ]
        )
    }

    @Test(arguments: [nil, [EnginePacket.open("")], [.ping("")], [.upgrade]] as [[EnginePacket]?])
    func aBadPostEndsTheSession(packets: [EnginePacket]?) {
        var session = polling()
        _ = session.handle(.postBegan(1))
        #expect(
            session.handle(.post(1, packets)) == [.refuse(1, .badRequest)] + stopAll + [.end(.parseError, farewell: [])]
        )
    }

    @Test
    func theClientsCloseAnswersThePoll() {
        var session = polling()
        _ = session.handle(.poll(1))
        _ = session.handle(.postBegan(2))
        #expect(
            session.handle(.post(2, [.close, .text("ignored")])) == stopAll + [
                .answerPoll(1, [.noop]), .end(.transportClose, farewell: []), .acceptPost(2),
            ]
        )
    }

    @Test
    func theClientsCloseAnswersAPollThatComesLate() {
        var session = polling()
        _ = session.handle(.postBegan(2))
        #expect(
            session.handle(.post(2, [.close])) == stopAll + [
                .end(.transportClose, farewell: [.noop]), .acceptPost(2),
            ]
        )
    }

    @Test
    func theServersCloseStillBringsWhatWaits() {
        var session = polling()
        _ = session.send(Self.hello)
        #expect(session.handle(.close(.forcedClose)) == stopAll + [.end(.forcedClose, farewell: [Self.hello, .close])])
        var other = polling()
        _ = other.handle(.poll(1))
        #expect(
            other.handle(.close(.serverShuttingDown))
                == stopAll + [.answerPoll(1, [.close]), .end(.serverShuttingDown, farewell: [])]
        )
    }

    @Test
    func anAbandonedPollEndsTheSession() {
        var session = polling()
        _ = session.handle(.poll(1))
        #expect(session.handle(.pollAbandoned(5)) == [])
        #expect(session.handle(.pollAbandoned(1)) == stopAll + [.end(.transportClose, farewell: [])])
    }

    @Test
    func tooMuchBetweenTwoPollsIsAnOverflow() {
        var session = polling(limit: 20)
        #expect(session.send(Self.hello) == .waiting)
        #expect(session.send(Self.hello) == .waiting)
        #expect(session.send(Self.hello) == .overflow)
        #expect(session.handle(.close(.slowClient)) == stopAll + [.end(.slowClient, farewell: [])])
    }

    @Test
    func volatileMessagesNeedAWaitingPoll() {
        var session = polling()
        #expect(session.send(Self.hello, isVolatile: true) == .skipped)
        _ = session.handle(.poll(1))
        #expect(session.send(Self.hello, isVolatile: true) == .waiting)
    }

    // MARK: Heartbeat

    @Test
    func pingsAndWaitsForThePong() {
        var session = polling()
        _ = session.handle(.poll(1))
        #expect(session.handle(.timer(.ping)) == [.answerPoll(1, [.ping]), .start(.pong)])
        _ = session.handle(.poll(2))
        #expect(
            session.handle(.timer(.pong)) == stopAll + [.answerPoll(2, [.close]), .end(.pingTimeout, farewell: [])]
        )
        var socket = EngineSession(webSocket: 7, maximumUnsentBytes: 10)
        #expect(socket.handle(.timer(.ping)) == [.write(7, .ping), .start(.pong)])
        #expect(socket.handle(.webSocketPacket(7, .pong(""))) == [.stop(.pong), .start(.ping)])
    }

    // MARK: WebSocket and upgrade

    @Test
    func aWebSocketTakesMessagesAtOnce() {
        var session = EngineSession(webSocket: 7, maximumUnsentBytes: 10)
        #expect(session.send(Self.hello) == .webSocket(7))
        #expect(session.handle(.webSocketPacket(7, .text("a"))) == [.deliver(.text("a"))])
        #expect(session.handle(.poll(1)) == [.refuse(1, .badRequest)])
        #expect(session.handle(.postBegan(1)) == [.refuse(1, .badRequest)])
        #expect(
            session.handle(.webSocketClosed(7, .transportClose))
                == stopAll + [.closeWebSocket(7, .transportClose), .end(.transportClose, farewell: [])]
        )
    }

    @Test(arguments: [nil, .open(""), .ping(""), .upgrade] as [EnginePacket?])
    func badPacketsCloseTheWebSocket(packet: EnginePacket?) {
        var session = EngineSession(webSocket: 7, maximumUnsentBytes: 10)
        #expect(
            session.handle(.webSocketPacket(7, packet))
                == stopAll + [.closeWebSocket(7, .parseError), .end(.parseError, farewell: [])]
        )
    }

    @Test
    func anUpgradeMovesWhatWaitsToTheSocket() {
        var session = polling()
        _ = session.handle(.poll(1))
        #expect(session.handle(.webSocketOpened(9)) == [.start(.upgrade)])
        #expect(session.handle(.webSocketPacket(9, .ping("probe"))) == [.write(9, .probeAnswer), .start(.release)])
        #expect(session.handle(.timer(.release)) == [.answerPoll(1, [.noop])])
        #expect(session.handle(.poll(2)) == [.start(.release)])
        #expect(session.handle(.timer(.release)) == [.answerPoll(2, [.noop])])
        #expect(session.send(Self.hello) == .waiting)
        #expect(
            session.handle(.webSocketPacket(9, .upgrade)) == [.stop(.upgrade), .stop(.release), .write(9, Self.hello)]
        )
        #expect(session.send(Self.hello) == .webSocket(9))
        #expect(session.handle(.poll(3)) == [.refuse(3, .badRequest)])
    }

    @Test
    func pollsThatOverlapAnUpgradeFindTheirOrder() {
        var early = polling()
        _ = early.handle(.poll(1))
        _ = early.handle(.webSocketOpened(9))
        _ = early.handle(.webSocketPacket(9, .ping("probe")))
        #expect(
            early.handle(.webSocketPacket(9, .upgrade))
                == [.stop(.upgrade), .stop(.release), .answerPoll(1, [.noop])]
        )
        // Sent after the upgrade, on another connection, and overtook it.
        var late = polling()
        _ = late.handle(.webSocketOpened(9))
        #expect(late.handle(.poll(1)) == [])
        _ = late.handle(.webSocketPacket(9, .ping("probe")))
        #expect(
            late.handle(.webSocketPacket(9, .upgrade))
                == [.stop(.upgrade), .stop(.release), .refuse(1, .badRequest)]
        )
    }

    @Test
    func aSecondSocketIsTurnedAway() {
        var session = upgraded()
        #expect(session.handle(.webSocketOpened(10)) == [.closeWebSocket(10, .transportError)])
        var probing = polling()
        _ = probing.handle(.webSocketOpened(9))
        #expect(probing.handle(.webSocketOpened(10)) == [.closeWebSocket(10, .transportError)])
    }

    @Test
    func aFailedUpgradeLeavesThePollingAlone() {
        var session = polling()
        _ = session.handle(.webSocketOpened(9))
        #expect(
            session.handle(.webSocketPacket(9, .text("x"))) == [
                .stop(.upgrade), .stop(.release), .closeWebSocket(9, .parseError),
            ]
        )
        _ = session.handle(.webSocketOpened(10))
        #expect(session.handle(.webSocketClosed(10, .transportClose)) == [.stop(.upgrade), .stop(.release)])
        _ = session.handle(.webSocketOpened(11))
        #expect(
            session.handle(.timer(.upgrade))
                == [.stop(.upgrade), .stop(.release), .closeWebSocket(11, .transportError)]
        )
        #expect(session.send(Self.hello) == .waiting)
        #expect(session.handle(.poll(1)) == [.answerPoll(1, [Self.hello])])
    }

    @Test
    func anyOrderOfEventsAnswersEachRequestOnce() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<3000 {
            var session = polling(limit: 60)
            var open: Set<UInt64> = []
            var answered: Set<UInt64> = []
            var ends = 0
            for number in 1...UInt64(24) {
                let event: EngineSession.Event =
                    switch Int.random(in: 0..<9, using: &random) {
                    case 0, 1: .poll(number)
                    case 2: .postBegan(number)
                    case 3: .post(open.randomElement(using: &random) ?? 0, [.text("a")])
                    case 4: .webSocketOpened(number)
                    case 5: .webSocketPacket(number &- 1, .ping("probe"))
                    case 6: .webSocketPacket(number &- 2, .upgrade)
                    case 7: .timer(.ping)
                    default: .close(.forcedClose)
                    }
                switch event {
                case .poll, .postBegan: open.insert(number)
                default: break
                }
                _ = session.send(Self.hello)
                for action in session.handle(event) + [session.flush()].compactMap({ $0 }) {
                    switch action {
                    case .answerPoll(let request, _), .acceptPost(let request), .refuse(let request, _):
                        #expect(answered.insert(request).inserted)
                    case .end: ends += 1
                    default: break
                    }
                }
            }
            #expect(ends <= 1)
        }
    }
}
