import NIOCore
import SocketIO
import Testing

@Suite
struct RecoveryLogTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
    private let session = RecoveryLog.Session(socketID: "s", rooms: ["s", "room"], data: ["k": 1])

    private func log(packets: Int = 100, bytes: Int = 10_000, sessions: Int = 10) -> RecoveryLog {
        RecoveryLog(
            settings: SocketIORecovery(
                maximumDisconnection: .seconds(10),
                maximumPackets: packets,
                maximumBytes: bytes,
                maximumSessions: sessions
            )
        )
    }

    /// Appends a packet and returns its id.
    private func append(
        _ log: inout RecoveryLog,
        _ selection: RoomSelection = RoomSelection(),
        at now: NIODeadline
    ) -> String {
        var given = ""
        _ = log.append(selection: selection, now: now) { id in
            given = id
            return WireMessage(text: "4" + id)
        }
        return given
    }

    @Test
    func bringsWhatWasMissed() throws {
        var log = log()
        let seen = append(&log, at: start)
        log.lost(session, secret: "pid", now: start)
        let all = append(&log, at: start)
        _ = append(&log, RoomSelection(rooms: ["other"]), at: start)
        _ = append(&log, RoomSelection(except: ["room"]), at: start)
        let room = append(&log, RoomSelection(rooms: ["room"]), at: start)
        let found = log.restore(secret: "pid", offset: seen, now: start + .seconds(9))
        let restored = try #require(found)
        #expect(restored.session == session)
        #expect(restored.missed == [WireMessage(text: "4" + all), WireMessage(text: "4" + room)])
        #expect(restored.position == 5)
        #expect(log.restore(secret: "pid", offset: seen, now: start) == nil)
    }

    @Test
    func forgetsWhoIsTooLate() {
        var log = log()
        let seen = append(&log, at: start)
        log.lost(session, secret: "pid", now: start)
        #expect(log.restore(secret: "pid", offset: seen, now: start + .seconds(11)) == nil)
    }

    @Test
    func knowsNobodyByAWrongSecretOrOffset() {
        var log = log()
        _ = append(&log, at: start)
        log.lost(session, secret: "pid", now: start)
        #expect(log.restore(secret: "other", offset: "1", now: start) == nil)
        #expect(log.restore(secret: "pid", offset: "zz", now: start) == nil)
    }

    @Test
    func isBounded() {
        var log = log(packets: 5, bytes: 10_000, sessions: 2)
        let first = append(&log, at: start)
        for _ in 0..<5000 { _ = append(&log, at: start) }
        #expect(log.packetCount == 5)
        for index in 0..<5 { log.lost(session, secret: "pid\(index)", now: start) }
        #expect(log.sessionCount == 2)
        log.lost(session, secret: "late", now: start + .seconds(11))
        #expect(log.sessionCount == 1)
        #expect(log.restore(secret: "late", offset: first, now: start + .seconds(11)) == nil)
        _ = append(&log, at: start + .seconds(11))
        #expect(log.packetCount == 1)
    }

    @Test
    func isBoundedInBytes() {
        var log = log(bytes: 100)
        for _ in 0..<50 { _ = append(&log, at: start) }
        #expect(log.packetCount <= 100 / 4)
    }
}
