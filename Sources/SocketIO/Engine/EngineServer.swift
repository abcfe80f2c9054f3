internal import NIOCore
internal import Synchronization

/// An Engine.IO v4 server without a listener: sessions over polling and WebSocket, on as many event loops as hand it
/// channels.
package final class EngineServer: Sendable {
    package let configuration: EngineConfiguration
    let counters = EngineCounters()
    let directory = Mutex(SessionDirectory<EngineHandle>())
    private let makeApplication: @Sendable (EngineLoop) -> any EngineApplication
    private let loops = Mutex<[ObjectIdentifier: NIOLoopBound<EngineLoop>]>([:])
    private let state = Mutex(State())

    private struct State {
        var isShutDown = false
        var channels: [ObjectIdentifier: any Channel] = [:]
    }

    /// Creates a server.
    ///
    /// - Parameters:
    ///   - configuration: How it behaves.
    ///   - makeApplication: Makes what is spoken over the sessions of a loop; called on that loop.
    package init(
        configuration: EngineConfiguration,
        makeApplication: @escaping @Sendable (EngineLoop) -> any EngineApplication
    ) {
        self.configuration = configuration
        self.makeApplication = makeApplication
    }

    /// Whether no more sessions are taken.
    var isShutDown: Bool { state.withLock { $0.isShutDown } }

    /// The sessions of a loop; to be called on it.
    func loop(on eventLoop: any EventLoop) -> EngineLoop {
        eventLoop.preconditionInEventLoop()
        let key = ObjectIdentifier(eventLoop)
        if let loop = loops.withLock({ $0[key] }) { return loop.value }
        let loop = EngineLoop(eventLoop: eventLoop, engine: self)
        let bound = NIOLoopBound(loop, eventLoop: eventLoop)
        // Only this loop makes its own entry, so nobody can have come first.
        loops.withLock { $0[key] = bound }
        loop.application = makeApplication(loop)
        return loop
    }

    /// Takes note of a channel that became a WebSocket, so that ``shutdown()`` can wait for it.
    func track(_ channel: any Channel) {
        let key = ObjectIdentifier(channel)
        state.withLock { $0.channels[key] = channel }
        channel.closeFuture.whenComplete { [self] _ in
            state.withLock { $0.channels[key] = nil }
        }
    }

    /// Ends all sessions and takes no more; returns when every WebSocket is closed, which takes about a second at most.
    package func shutdown() async {
        let channels = state.withLock { state in
            state.isShutDown = true
            return Array(state.channels.values)
        }
        for loop in loops.withLock({ Array($0.values) }) {
            try? await loop.eventLoop.submit { loop.value.closeAll(.serverShuttingDown) }.get()
        }
        for channel in channels { try? await channel.closeFuture.get() }
        // Loops and what is spoken over them hold each other.
        let ended = loops.withLock { loops in
            defer { loops = [:] }
            return Array(loops.values)
        }
        for loop in ended { loop.eventLoop.execute { loop.value.application = nil } }
    }
}
