import Foundation
import HypeCore
import HypeMedia
import Synchronization

/// A socket that sends the bytes of a file to each that connects, and closes; stands in for the relay.
final class RelayDouble: Sendable {
    /// Where the socket is.
    let path: String
    /// How often somebody connected.
    var connections: Int { count.withLock { $0 } }

    private let descriptor: Int32
    private let count = Mutex(0)

    /// Listens, and sends each connection the next of the given contents; the last one again and again.
    init(_ contents: [Data]) throws {
        path = NSTemporaryDirectory() + "relay-\(UUID().uuidString.prefix(8))"
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8.prefix(107)) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard bound == 0, listen(descriptor, 4) == 0 else { throw CocoaError(.fileWriteUnknown) }
        Thread { [self] in serve(contents) }.start()
    }

    /// Nobody is answered any more.
    func close() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
        unlink(path)
    }

    private func serve(_ contents: [Data]) {
        while true {
            let client = accept(descriptor, nil, nil)
            guard client >= 0 else { return }
            let index = count.withLock { count in
                count += 1
                return min(count - 1, contents.count - 1)
            }
            contents[index].withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let sent = send(
                        client,
                        UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                        rest.count,
                        Int32(MSG_NOSIGNAL)
                    )
                    guard sent > 0 else { break }
                    rest = rest.dropFirst(sent)
                }
            }
            Glibc.close(client)
        }
    }
}

/// An input that ends for good where another one is lost.
final class OnceInput: LiveInput {
    private let other: any LiveInput

    init(_ other: any LiveInput) {
        self.other = other
    }

    var streams: [StreamInfo] { other.streams }

    func next() throws(MediaError) -> LivePacket? {
        do {
            return try other.next()
        } catch {
            if error.code == .sourceLost { return nil }
            throw error
        }
    }
}

/// Packets from memory.
final class ScriptedInput: LiveInput {
    private(set) var streams: [StreamInfo]
    private var items: [(LivePacket, [StreamInfo]?)]

    init(_ streams: [StreamInfo], _ packets: [Packet]) {
        self.streams = streams
        items = packets.map { (LivePacket($0), nil) }
    }

    /// Goes on with other tracks.
    func change(to streams: [StreamInfo], _ packets: [Packet]) {
        for (index, packet) in packets.enumerated() {
            items.append((LivePacket(packet, startsEpoch: index == 0), index == 0 ? streams : nil))
        }
    }

    func next() -> LivePacket? {
        guard !items.isEmpty else { return nil }
        let (packet, tracks) = items.removeFirst()
        streams = tracks ?? streams
        return packet
    }
}
