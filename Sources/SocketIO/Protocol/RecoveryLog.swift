package import NIOCore

/// What a namespace sent lately and who was cut off from it, so that a client that comes back misses nothing (pure).
///
/// Bounded by age, number and size; what is too old is forgotten, and a client that needs it begins anew.
package struct RecoveryLog: Sendable {
    /// A client that was cut off.
    package struct Session: Hashable, Sendable {
        /// The id of its socket.
        package let socketID: String
        /// The rooms it was in.
        package let rooms: Set<String>
        /// What the application kept with the socket.
        package let data: [String: SocketIOValue]

        /// Creates a session.
        package init(socketID: String, rooms: Set<String>, data: [String: SocketIOValue]) {
            self.socketID = socketID
            self.rooms = rooms
            self.data = data
        }
    }

    /// A client that came back.
    package struct Restored: Hashable, Sendable {
        /// What it was.
        package let session: Session
        /// What it missed, oldest first.
        package let missed: [WireMessage]
        /// The position of the last packet that was sent, missed ones included.
        package let position: UInt64
    }

    private struct Packet: Sendable {
        let id: String
        let position: UInt64
        let selection: RoomSelection
        let message: WireMessage
        let sentAt: NIODeadline
    }

    private let settings: SocketIORecovery
    private var packets: [Packet] = []
    private var firstPacket = 0
    private var bytes = 0
    private var sessions: [String: (session: Session, lostAt: NIODeadline)] = [:]
    private var lastPosition: UInt64 = 0

    /// Creates an empty log.
    ///
    /// - Parameter settings: How much is kept, and for how long.
    package init(settings: SocketIORecovery) {
        self.settings = settings
    }

    /// How many packets are kept.
    package var packetCount: Int { packets.count - firstPacket }

    /// How many clients may come back.
    package var sessionCount: Int { sessions.count }

    /// Keeps a packet that is being sent.
    ///
    /// - Parameters:
    ///   - selection: Who gets it.
    ///   - now: The time.
    ///   - encode: Encodes the packet with the id that is put behind its arguments.
    /// - Returns: What to send, and its position.
    package mutating func append(
        selection: RoomSelection,
        now: NIODeadline,
        encode: (String) -> WireMessage
    ) -> (message: WireMessage, position: UInt64) {
        lastPosition += 1
        let id = String(lastPosition, radix: 36)
        let message = encode(id)
        packets.append(
            Packet(id: id, position: lastPosition, selection: selection, message: message, sentAt: now)
        )
        bytes += message.byteCount
        trim(now: now)
        return (message, lastPosition)
    }

    /// Remembers a client that was cut off.
    ///
    /// - Parameters:
    ///   - session: What it was.
    ///   - secret: The id by which only the client can claim it.
    ///   - now: The time.
    package mutating func lost(_ session: Session, secret: String, now: NIODeadline) {
        forgetOld(now: now)
        // An attacker who connects and hangs up must not push memory up without end.
        guard sessions.count < settings.maximumSessions else { return }
        sessions[secret] = (session, now)
    }

    /// Gives a client back what it was and what it missed.
    ///
    /// - Parameters:
    ///   - secret: The id that it got when it connected.
    ///   - offset: The id of the last packet it got.
    ///   - now: The time.
    /// - Returns: Nil when that is too long ago or never was.
    package mutating func restore(secret: String, offset: String, now: NIODeadline) -> Restored? {
        guard let (session, lostAt) = sessions.removeValue(forKey: secret),
            lostAt + settings.maximumDisconnection.timeAmount > now,
            let index = packets[firstPacket...].firstIndex(where: { $0.id == offset })
        else { return nil }
        let missed = packets[(index + 1)...].filter { $0.selection.includes(memberOf: session.rooms) }
        return Restored(session: session, missed: missed.map(\.message), position: lastPosition)
    }

    private mutating func forgetOld(now: NIODeadline) {
        guard sessions.count >= settings.maximumSessions else { return }
        sessions = sessions.filter { $0.value.lostAt + settings.maximumDisconnection.timeAmount > now }
    }

    private mutating func trim(now: NIODeadline) {
        let oldest = now - settings.maximumDisconnection.timeAmount
        while firstPacket < packets.count - 1 {
            let packet = packets[firstPacket]
            let isTooMuch = packetCount > settings.maximumPackets || bytes > settings.maximumBytes
            guard isTooMuch || packet.sentAt < oldest else { break }
            bytes -= packet.message.byteCount
            firstPacket += 1
        }
        if firstPacket > 1024, firstPacket * 2 > packets.count {
            packets.removeFirst(firstPacket)
            firstPacket = 0
        }
    }
}
