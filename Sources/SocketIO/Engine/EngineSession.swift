/// The session of one Engine.IO client: which transport it is on, what waits for it, whether it is alive.
///
/// A pure state machine. The shell tells it what happened and performs the actions that it returns, in their order.
/// Requests and WebSockets are known by numbers that the shell chooses.
package struct EngineSession: Sendable {
    /// A timer of the session.
    package enum Timer: Hashable, Sendable, CaseIterable {
        /// Until the next ping.
        case ping
        /// Until the answer to a ping must be there.
        case pong
        /// Until an upgrade must be complete.
        case upgrade
        /// Until a poll is ended for the sake of an upgrade.
        case release
    }

    /// Something that happened.
    package enum Event: Sendable {
        /// A client polls.
        case poll(UInt64)
        /// A client hung up while it polled.
        case pollAbandoned(UInt64)
        /// The head of a POST came.
        case postBegan(UInt64)
        /// The client hung up within a POST.
        case postAbandoned(UInt64)
        /// The whole of a POST came; nil when its body cannot be read.
        case post(UInt64, [EnginePacket]?)
        /// A WebSocket with this session's id was opened.
        case webSocketOpened(UInt64)
        /// A packet came; nil when it cannot be read.
        case webSocketPacket(UInt64, EnginePacket?)
        /// A WebSocket is gone.
        case webSocketClosed(UInt64, SocketIODisconnectReason)
        /// A timer ran off.
        case timer(Timer)
        /// The server ends the session.
        case close(SocketIODisconnectReason)
    }

    /// Something to do.
    package enum Action: Hashable, Sendable {
        /// Answer a poll with these packets.
        case answerPoll(UInt64, [WireMessage])
        /// Answer a POST with `ok`.
        case acceptPost(UInt64)
        /// Answer a request with an error.
        case refuse(UInt64, EngineFault)
        /// Write to a WebSocket.
        case write(UInt64, WireMessage)
        /// Close a WebSocket.
        case closeWebSocket(UInt64, SocketIODisconnectReason)
        /// Give a message to the application.
        case deliver(EngineMessage)
        /// Start a timer anew.
        case start(Timer)
        /// Stop a timer.
        case stop(Timer)
        /// Forget the session. When the farewell is not empty, one late poll is still answered with it.
        case end(SocketIODisconnectReason, farewell: [WireMessage])
    }

    /// What became of a message that was to be sent.
    package enum Delivery: Hashable, Sendable {
        /// Write it to this WebSocket.
        case webSocket(UInt64)
        /// It waits for a poll or for the end of an upgrade; call ``EngineSession/flush()`` when done with sending.
        case waiting
        /// It was volatile and nobody waited for it.
        case skipped
        /// Too much waits already: end the session.
        case overflow
        /// The session is over.
        case gone
    }

    private enum Transport: Hashable {
        case polling
        case webSocket(UInt64)
    }

    private var transport: Transport
    private let maximumUnsentBytes: Int
    private var isOpen = true
    private var pendingPoll: UInt64?
    private var pendingPost: UInt64?
    private var candidate: UInt64?
    private var isProbed = false
    /// Whether the pending poll came while an upgrade was under way, which only a client does that goes on polling.
    private var isPollLate = false
    private var waiting: [WireMessage] = []
    private var waitingBytes = 0

    /// Creates the session of a client that made its handshake by polling.
    ///
    /// - Parameter maximumUnsentBytes: How much may wait for a client between two polls.
    package init(maximumUnsentBytes: Int) {
        transport = .polling
        self.maximumUnsentBytes = maximumUnsentBytes
    }

    /// Creates the session of a client that made its handshake over a WebSocket.
    ///
    /// - Parameters:
    ///   - webSocket: The number of its WebSocket.
    ///   - maximumUnsentBytes: Counted by the WebSocket itself from here on.
    package init(webSocket: UInt64, maximumUnsentBytes: Int) {
        transport = .webSocket(webSocket)
        self.maximumUnsentBytes = maximumUnsentBytes
    }

    /// Whether the client polls.
    package var isPolling: Bool { transport == .polling }

    /// Takes a message for the client.
    ///
    /// - Parameters:
    ///   - message: What to send.
    ///   - isVolatile: Whether it is worth nothing unless it can leave at once.
    /// - Returns: What to do with it.
    package mutating func send(_ message: WireMessage, isVolatile: Bool = false) -> Delivery {
        guard isOpen else { return .gone }
        if case .webSocket(let number) = transport { return .webSocket(number) }
        guard !isVolatile || pendingPoll != nil else { return .skipped }
        guard waitingBytes + message.byteCount <= maximumUnsentBytes else { return .overflow }
        waiting.append(message)
        waitingBytes += message.byteCount
        return .waiting
    }

    /// Answers the pending poll, if there is one and something waits.
    package mutating func flush() -> Action? {
        guard let poll = pendingPoll, !waiting.isEmpty else { return nil }
        pendingPoll = nil
        return .answerPoll(poll, takeWaiting())
    }

    private mutating func takeWaiting() -> [WireMessage] {
        defer {
            waiting = []
            waitingBytes = 0
        }
        return waiting
    }

    /// Takes notice of an event.
    ///
    /// - Parameter event: What happened.
    /// - Returns: What to do, in this order.
    package mutating func handle(_ event: Event) -> [Action] {
        guard isOpen else { return afterEnd(event) }
        switch event {
        case .poll(let number): return poll(number)
        case .pollAbandoned(let number): return pendingPoll == number ? abandonPoll() : []
        case .postBegan(let number): return postBegan(number)
        case .postAbandoned(let number):
            if pendingPost == number { pendingPost = nil }
            return []
        case .post(let number, let packets): return post(number, packets)
        case .webSocketOpened(let number): return webSocketOpened(number)
        case .webSocketPacket(let number, let packet): return webSocketPacket(number, packet)
        case .webSocketClosed(let number, let reason): return webSocketClosed(number, reason)
        case .timer(let timer): return ranOff(timer)
        case .close(let reason): return end(reason, farewell: reason == .slowClient ? .none : .server)
        }
    }

    private mutating func afterEnd(_ event: Event) -> [Action] {
        switch event {
        case .poll(let number), .postBegan(let number):
            return [.refuse(number, .unknownSession)]
        case .post(let number, _) where number == pendingPost:
            pendingPost = nil
            return [.refuse(number, .unknownSession)]
        case .webSocketOpened(let number):
            return [.closeWebSocket(number, .transportClose)]
        default:
            return []
        }
    }

    private mutating func poll(_ number: UInt64) -> [Action] {
        guard isPolling else { return [.refuse(number, .badRequest)] }
        guard pendingPoll == nil else {
            return end(.transportError, farewell: .none) + [.refuse(number, .badRequest)]
        }
        pendingPoll = number
        isPollLate = candidate != nil
        if let answer = flush() { return [answer] }
        return isProbed ? [.start(.release)] : []
    }

    private mutating func answerWithNoop() -> Action? {
        defer { pendingPoll = nil }
        return pendingPoll.map { .answerPoll($0, [.noop]) }
    }

    private mutating func abandonPoll() -> [Action] {
        pendingPoll = nil
        // While an upgrade goes on, the poll may be given up: the WebSocket is about to take over.
        return candidate == nil ? end(.transportClose, farewell: .none) : []
    }

    private mutating func postBegan(_ number: UInt64) -> [Action] {
        guard isPolling else { return [.refuse(number, .badRequest)] }
        guard pendingPost == nil else {
            return end(.transportError, farewell: .none) + [.refuse(number, .badRequest)]
        }
        pendingPost = number
        return []
    }

    private mutating func post(_ number: UInt64, _ packets: [EnginePacket]?) -> [Action] {
        // A POST of which the head was already refused.
        guard pendingPost == number else { return [] }
        pendingPost = nil
        guard isPolling else { return [.refuse(number, .badRequest)] }
        guard let packets else { return [.refuse(number, .badRequest)] + end(.parseError, farewell: .none) }
        var actions: [Action] = []
        for packet in packets {
            guard isOpen else { break }
            switch packet {
            case .close: actions += end(.transportClose, farewell: .client)
            case .text, .binary, .pong, .noop: actions += receive(packet)
            case .open, .ping, .upgrade:
                return actions + [.refuse(number, .badRequest)] + end(.parseError, farewell: .none)
            }
        }
        return actions + [.acceptPost(number)]
    }

    private func receive(_ packet: EnginePacket) -> [Action] {
        switch packet {
        case .text(let text): [.deliver(.text(text))]
        case .binary(let bytes): [.deliver(.binary(bytes))]
        case .pong: [.stop(.pong), .start(.ping)]
        default: []
        }
    }

    private mutating func webSocketOpened(_ number: UInt64) -> [Action] {
        guard isPolling, candidate == nil else { return [.closeWebSocket(number, .transportError)] }
        candidate = number
        isProbed = false
        return [.start(.upgrade)]
    }

    private mutating func webSocketPacket(_ number: UInt64, _ packet: EnginePacket?) -> [Action] {
        if number == candidate { return candidatePacket(number, packet) }
        guard transport == .webSocket(number) else { return [] }
        switch packet {
        case .text, .binary, .pong, .noop: return receive(packet ?? .noop)
        case .close: return end(.transportClose, farewell: .none)
        case nil, .open, .ping, .upgrade: return end(.parseError, farewell: .none)
        }
    }

    private mutating func candidatePacket(_ number: UInt64, _ packet: EnginePacket?) -> [Action] {
        switch packet {
        case .ping("probe"):
            isProbed = true
            // The client goes over when its poll has ended. It may go over without waiting for that, and its polls
            // come on other connections, so they get a moment to find their order.
            return [.write(number, .probeAnswer)] + (pendingPoll == nil ? [] : [.start(.release)])
        case .upgrade:
            transport = .webSocket(number)
            let poll = isPollLate ? pendingPoll.map { Action.refuse($0, .badRequest) } : answerWithNoop()
            pendingPoll = nil
            return forgetCandidate() + [poll].compactMap { $0 } + takeWaiting().map { .write(number, $0) }
        default:
            return forgetCandidate() + [.closeWebSocket(number, .parseError)]
        }
    }

    private mutating func forgetCandidate() -> [Action] {
        candidate = nil
        isProbed = false
        return [.stop(.upgrade), .stop(.release)]
    }

    private mutating func webSocketClosed(_ number: UInt64, _ reason: SocketIODisconnectReason) -> [Action] {
        if number == candidate { return forgetCandidate() }
        return transport == .webSocket(number) ? end(reason, farewell: .none) : []
    }

    private mutating func ranOff(_ timer: Timer) -> [Action] {
        switch timer {
        case .ping:
            switch send(.ping) {
            case .webSocket(let number): return [.write(number, .ping), .start(.pong)]
            case .overflow: return end(.slowClient, farewell: .none)
            default: return [flush(), .start(.pong)].compactMap { $0 }
            }
        case .pong:
            return end(.pingTimeout, farewell: .none)
        case .upgrade:
            guard let number = candidate else { return [] }
            return forgetCandidate() + [.closeWebSocket(number, .transportError)]
        case .release:
            return [answerWithNoop()].compactMap { $0 }
        }
    }

    /// Who is owed an answer after the end.
    private enum Farewell {
        case none
        /// The client closed by POST; the poll that belongs to it ends with a noop, even when it comes later.
        case client
        /// The server closed; what waits and the close packet still go out with the next poll.
        case server
    }

    private mutating func end(_ reason: SocketIODisconnectReason, farewell: Farewell) -> [Action] {
        isOpen = false
        var last: [WireMessage] = []
        switch farewell {
        case .none: last = [.close]
        case .client: last = [.noop]
        case .server: last = takeWaiting() + [.close]
        }
        var actions = Timer.allCases.map(Action.stop)
        if let poll = pendingPoll {
            actions.append(.answerPoll(poll, last))
            last = []
        }
        if farewell == .none || !isPolling { last = [] }
        if let candidate { actions.append(.closeWebSocket(candidate, reason)) }
        if case .webSocket(let number) = transport { actions.append(.closeWebSocket(number, reason)) }
        pendingPoll = nil
        candidate = nil
        waiting = []
        return actions + [.end(reason, farewell: last)]
    }
}
