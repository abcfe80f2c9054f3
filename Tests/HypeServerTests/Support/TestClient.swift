import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// An answer of the server.
struct TestAnswer {
    var status: Int
    var headers: HTTPHeaders
    var body: Data

    var text: String { String(decoding: body, as: UTF8.self) }

    func document() throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
    }
}

/// Speaks to a server on loopback, one connection per request.
struct TestClient {
    let port: Int
    /// Speaks TLS with the server; nil for plain HTTP.
    var tls: NIOSSLContext?
    /// The name that the server must prove to have, where TLS is spoken.
    var name = "localhost"

    /// Makes a connection, with TLS where that is wanted.
    ///
    /// A server that has said everything ends its direction; what is still being sent goes on. Not so with TLS, where NIO waits
    /// five seconds at the end of such connections.
    private func connect<Output: Sendable>(
        _ initialize: @escaping @Sendable (any Channel) throws -> Output
    ) async throws -> Output {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.allowRemoteHalfClosure, value: tls == nil)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        let handler = try NIOSSLClientHandler(context: tls, serverHostname: name)
                        try channel.pipeline.syncOperations.addHandler(handler)
                    }
                    return try initialize(channel)
                }
            }
    }

    /// Makes a connection on which a test speaks by hand.
    func connect() async throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        try await connect { try NIOAsyncChannel(wrappingChannelSynchronously: $0) }
    }

    func send(
        _ method: HTTPMethod,
        _ path: String,
        _ headers: HTTPHeaders = [:],
        body: Data? = nil
    ) async throws -> TestAnswer {
        try await stream(method, path, headers, body: body) { head, parts in
            var answer = TestAnswer(status: Int(head.status.code), headers: head.headers, body: Data())
            while let part = try await parts.next(isolation: #isolation) {
                if case .body(let bytes) = part { answer.body.append(contentsOf: bytes.readableBytesView) }
                if case .end = part { break }
            }
            return answer
        }
    }

    func json(
        _ method: HTTPMethod,
        _ path: String,
        _ text: String,
        _ headers: HTTPHeaders = [:]
    ) async throws -> TestAnswer {
        var headers = headers
        headers.replaceOrAdd(name: "Content-Type", value: "application/json")
        return try await send(method, path, headers, body: Data(text.utf8))
    }

    /// Sends a request and reads the answer piece by piece.
    func stream<Result>(
        _ method: HTTPMethod,
        _ path: String,
        _ headers: HTTPHeaders = [:],
        body: Data? = nil,
        _ read: (HTTPResponseHead, inout NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator)
            async throws ->
            Result
    ) async throws -> Result {
        let channel = try await connect { channel in
            try channel.pipeline.syncOperations.addHTTPClientHandlers()
            return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                wrappingChannelSynchronously: channel
            )
        }
        return try await channel.executeThenClose { inbound, outbound in
            var fields = headers
            if !fields.contains(name: "Host") { fields.add(name: "Host", value: "127.0.0.1:\(port)") }
            if let body { fields.replaceOrAdd(name: "Content-Length", value: "\(body.count)") }
            try await outbound.write(
                .head(HTTPRequestHead(version: .http1_1, method: method, uri: path, headers: fields))
            )
            if let body { try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: body)))) }
            try await outbound.write(.end(nil))
            var parts = inbound.makeAsyncIterator()
            guard case .head(let head)? = try await parts.next(isolation: #isolation) else {
                throw TestFailure("no answer to \(path)")
            }
            return try await read(head, &parts)
        }
    }

    /// Sends bytes as they are and reads until the server closes the connection.
    func raw(_ text: String) async throws -> String {
        let channel = try await connect()
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var all = ByteBuffer()
            for try await var piece in inbound { all.writeBuffer(&piece) }
            return String(buffer: all)
        }
    }
}

/// Something in a test went another way than it can.
struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

extension TestClient {
    /// Sends a head, waits until the server says something, then sends the body and reads to the end.
    func expectContinue(
        _ head: String,
        body: Data,
        meanwhile: () async -> Void = {}
    ) async throws -> (first: String, rest: String) {
        let channel = try await connect()
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: head))
            var pieces = inbound.makeAsyncIterator()
            let first = try await pieces.next().map { String(buffer: $0) } ?? ""
            await meanwhile()
            try await outbound.write(ByteBuffer(bytes: body))
            var rest = ""
            while let piece = try await pieces.next() { rest += String(buffer: piece) }
            return (first, rest)
        }
    }
}
