internal import Synchronization

/// What the event loops of a server share.
final class SocketCore: Sendable {
    /// A number that many threads add to.
    final class Counter: Sendable {
        private let value = Atomic<Int>(0)

        /// The number now.
        var current: Int { value.load(ordering: .relaxed) }

        /// Adds to it.
        func add(_ amount: Int) {
            value.wrappingAdd(amount, ordering: .relaxed)
        }
    }

    let configuration: SocketIOConfiguration
    /// Emits dropped because a loop had too many before them.
    let droppedEmits = Counter()
    private let namespaces = Mutex<[String: SocketIONamespace]>([:])
    private let ports = Mutex<[SocketLoopPort]>([])
    private let numbers = Atomic<UInt64>(0)

    init(configuration: SocketIOConfiguration) {
        self.configuration = configuration
    }

    /// A number for a socket.
    func nextNumber() -> UInt64 { numbers.wrappingAdd(1, ordering: .relaxed).newValue }

    /// A namespace that the application made, or nil.
    func find(_ name: String) -> SocketIONamespace? {
        namespaces.withLock { $0[name] }
    }

    /// A namespace, made when it is not there.
    func namespace(_ name: String) -> SocketIONamespace {
        namespaces.withLock { namespaces in
            if let namespace = namespaces[name] { return namespace }
            let namespace = SocketIONamespace(name: name, core: self)
            namespaces[name] = namespace
            return namespace
        }
    }

    /// Enters a loop, from when on it gets broadcasts.
    func add(_ port: SocketLoopPort) {
        ports.withLock { $0.append(port) }
    }

    /// Forgets the loops: what is sent from here on reaches nobody.
    func removePorts() {
        ports.withLock { $0 = [] }
    }

    /// Asks every loop to perform a command.
    func submitToAll(_ command: SocketCommand) {
        for port in ports.withLock({ $0 }) { port.submit(command) }
    }
}
