package import NIOCore
internal import Synchronization

/// The sessions of one event loop.
package final class EngineLoop {
    /// The loop.
    package let eventLoop: any EventLoop
    let engine: EngineServer
    /// What is spoken over the sessions.
    package var application: (any EngineApplication)?
    /// Who was written to and not flushed yet.
    var dirty: [EngineConnection] = []
    private var connections: [UInt64: EngineConnection] = [:]

    init(eventLoop: any EventLoop, engine: EngineServer) {
        self.eventLoop = eventLoop
        self.engine = engine
    }

    /// Flushes everyone who was written to: one flush per client, however many messages it got.
    package func flush() {
        while !dirty.isEmpty {
            let written = dirty
            dirty = []
            for connection in written { connection.flush() }
        }
    }

    func insert(_ connection: EngineConnection) {
        connections[connection.number] = connection
        engine.counters.clients.add(1)
        let handle = connection.handle
        engine.directory.withLock { $0.insert(handle, id: connection.id) }
    }

    func remove(_ connection: EngineConnection, farewell: [WireMessage]) {
        guard connections.removeValue(forKey: connection.number) != nil else { return }
        engine.counters.clients.add(-1)
        engine.directory.withLock { $0.remove(id: connection.id, farewell: farewell, now: .now()) }
    }

    /// Ends all sessions of this loop.
    func closeAll(_ reason: SocketIODisconnectReason) {
        for connection in connections.values { connection.close(reason) }
    }
}
