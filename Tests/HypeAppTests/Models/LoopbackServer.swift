import Foundation
import Synchronization

/// A web server for one test: answers each request with bytes that a closure makes, and remembers what was asked.
final class LoopbackServer: Sendable {
    /// A request.
    struct Request: Sendable {
        /// Path of the address.
        var path: String
        /// First byte that a range asks for, or nil.
        var rangeStart: Int?
    }

    /// An answer.
    struct Answer: Sendable {
        /// Status line and headers without the final empty line.
        var head: String
        /// What follows; may be shorter than the head promises.
        var body: Data
        /// Whether the connection is held open until the client leaves, as by a server that fell silent.
        var stalls = false

        init(_ status: String, headers: [String] = [], body: Data = Data(), length: Int? = nil, stalls: Bool = false) {
            let all = ["HTTP/1.1 \(status)", "Content-Length: \(length ?? body.count)", "Connection: close"] + headers
            head = all.joined(separator: "\r\n")
            self.body = body
            self.stalls = stalls
        }
    }

    /// Port on 127.0.0.1.
    let port: Int
    private let listener: Int32
    private let seen = Mutex<[Request]>([])

    /// Starts serving on a port that the system chooses.
    init(_ answer: @escaping @Sendable (Request) -> Answer) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        guard isListening else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        let thread = Thread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                self?.serve(connection, answer)
            }
        }
        thread.start()
    }

    /// Address of a path.
    func url(_ path: String) throws -> URL {
        guard let url = URL(string: "http://127.0.0.1:\(port)/\(path)") else { throw URLError(.badURL) }
        return url
    }

    /// What was asked so far.
    var requests: [Request] { seen.withLock { $0 } }

    /// Stops listening.
    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    deinit {
        stop()
        close(listener)
    }

    private func serve(_ connection: Int32, _ answer: (Request) -> Answer) {
        defer { close(connection) }
        var received = Data()
        var buffer = [UInt8](repeating: 0, count: 4096)
        while received.range(of: Data("\r\n\r\n".utf8)) == nil {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            received.append(contentsOf: buffer[..<count])
        }
        let lines = String(decoding: received, as: UTF8.self).split(separator: "\r\n")
        let path = lines.first?.split(separator: " ").dropFirst().first.map(String.init) ?? ""
        let range = lines.compactMap { $0.firstMatch(of: /(?i)^range: bytes=(\d+)-/).flatMap { Int($0.1) } }.first
        let request = Request(path: path, rangeStart: range)
        seen.withLock { $0.append(request) }
        let reply = answer(request)
        var bytes = Data((reply.head + "\r\n\r\n").utf8) + reply.body
        while !bytes.isEmpty {
            let sent = bytes.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            bytes = bytes.dropFirst(sent)
        }
        // Blocks until the client closes its end.
        if reply.stalls { while recv(connection, &buffer, buffer.count, 0) > 0 {} }
    }
}
