import Foundation
import Synchronization

/// The worker's end of the conversation: blocking reads, and writes from any thread.
package final class WorkerMailbox: Sendable {
    private let input: Int32
    private let output: Int32
    private let writing = Mutex(())

    /// Creates a mailbox on two open file descriptors, which it does not close.
    package init(input: Int32, output: Int32) {
        self.input = input
        self.output = output
    }

    /// Reads requests until the other side closes, on the calling thread.
    ///
    /// - Parameter handle: Called for each request, in order.
    /// - Throws: ``LinkError`` when the stream is out of step or cannot be read.
    package func receive(_ handle: (Envelope<WorkerRequest>) -> Void) throws {
        var parser = FrameParser<WorkerRequest>()
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(input, &chunk, chunk.count)
            if count == 0 { return }
            if count < 0 {
                if errno == EINTR { continue }
                throw LinkError(.closed, "reading from the control plane failed with errno \(errno)")
            }
            parser.append(chunk[..<count])
            while let request = try parser.next() { handle(request) }
        }
    }

    /// Sends one message whole.
    ///
    /// - Throws: ``LinkError`` when the other side is gone or the message is too large.
    package func send(_ event: WorkerEvent, request: UInt64) throws {
        let frame = try Frame.encode(Envelope(request: request, body: event))
        try writing.withLock { _ in
            try frame.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = write(output, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                    if count < 0 {
                        if errno == EINTR { continue }
                        throw LinkError(.closed, "the control plane is gone (errno \(errno))")
                    }
                    rest = rest.dropFirst(count)
                }
            }
        }
    }
}
