/// What the command line asks for.
struct Options {
    /// Which of the suites will come.
    enum Suite: String {
        /// Engine.IO: an echo.
        case engine
        /// Socket.IO: the events that its suite expects.
        case socket
    }

    private(set) var suite = Suite.socket
    private(set) var port = 3000
    /// How many event loops serve.
    private(set) var loops = 2
    /// Milliseconds between two pings; the timeout is two thirds of it, as in the suites.
    private(set) var pingInterval = 300

    /// Reads the arguments; nil when they make no sense.
    init?(_ arguments: some Sequence<String>) {
        var rest = Array(arguments)[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { return nil }
            switch name {
            case "--suite":
                guard let suite = Suite(rawValue: value) else { return nil }
                self.suite = suite
            case "--port":
                guard let port = Int(value), (0...65_535).contains(port) else { return nil }
                self.port = port
            case "--loops":
                guard let loops = Int(value), (1...64).contains(loops) else { return nil }
                self.loops = loops
            case "--ping-interval":
                guard let interval = Int(value), (3...600_000).contains(interval) else { return nil }
                pingInterval = interval
            default:
                return nil
            }
        }
    }
}
