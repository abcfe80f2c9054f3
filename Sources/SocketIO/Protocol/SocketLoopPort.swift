internal import NIOCore
internal import Synchronization

/// The queue of commands to an event loop, from any thread.
///
/// However many commands come, the loop is woken once for all of them and flushes each client once.
final class SocketLoopPort: Sendable {
    private struct Queue {
        var commands: [SocketCommand] = []
        var isScheduled = false
    }

    private let eventLoop: any EventLoop
    private let loop: NIOLoopBound<SocketLoop>
    private let queue = Mutex(Queue())
    private let maximum: Int
    private let dropped: SocketCore.Counter

    /// Creates the queue of a loop; on that loop.
    init(loop: SocketLoop, eventLoop: any EventLoop, maximum: Int, dropped: SocketCore.Counter) {
        self.eventLoop = eventLoop
        self.loop = NIOLoopBound(loop, eventLoop: eventLoop)
        self.maximum = maximum
        self.dropped = dropped
    }

    /// Asks for a command to be performed.
    ///
    /// - Returns: False when it was dropped because too many wait.
    @discardableResult
    func submit(_ command: SocketCommand) -> Bool {
        let (isTaken, mustSchedule) = queue.withLock { queue in
            guard queue.commands.count < maximum || !command.isEmit else { return (false, false) }
            queue.commands.append(command)
            defer { queue.isScheduled = true }
            return (true, !queue.isScheduled)
        }
        if !isTaken { dropped.add(1) }
        if mustSchedule { eventLoop.execute { self.drain() } }
        return isTaken
    }

    private func drain() {
        let commands = queue.withLock { queue in
            defer { queue = Queue() }
            return queue.commands
        }
        loop.value.perform(commands)
    }
}
