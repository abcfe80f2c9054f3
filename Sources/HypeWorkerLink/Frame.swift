package import Foundation

/// A message with the number of the request that it belongs to.
package struct Envelope<Body: Codable & Sendable>: Codable, Sendable {
    /// Number of the request, chosen by the control plane.
    package var request: UInt64
    /// The message.
    package var body: Body

    /// Creates an envelope.
    package init(request: UInt64, body: Body) {
        self.request = request
        self.body = body
    }
}

/// The framing of messages on a byte stream: a 32-bit big-endian length, then that many bytes of JSON.
package enum Frame {
    /// Largest JSON payload in bytes, 16 MiB; a longer one means that the stream is out of step.
    package static let maximumPayload = 16 << 20

    /// Frames one message.
    ///
    /// - Parameter message: What to send.
    /// - Returns: Length and payload as they go on the wire.
    /// - Throws: ``LinkError`` with code `.frameTooLarge`, or what the encoder throws.
    package static func encode<Body>(_ message: Envelope<Body>) throws -> Data {
        let encoder = JSONEncoder()
        // Evidence may hold measures without a finite value, such as the level of digital silence.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        let payload = try encoder.encode(message)
        guard payload.count <= maximumPayload else {
            throw LinkError(
                .frameTooLarge,
                "a message of \(payload.count) bytes is over the limit of \(maximumPayload)"
            )
        }
        var frame = Data(capacity: payload.count + 4)
        withUnsafeBytes(of: UInt32(payload.count).bigEndian) { frame.append(contentsOf: $0) }
        frame.append(payload)
        return frame
    }
}

/// Takes a byte stream apart into messages, however the bytes arrive.
package struct FrameParser<Body: Codable & Sendable>: Sendable {
    private var buffer = Data()

    /// Creates an empty parser.
    package init() {}

    /// Takes bytes in.
    package mutating func append(_ bytes: some Sequence<UInt8>) {
        buffer.append(contentsOf: bytes)
    }

    /// The next complete message.
    ///
    /// - Returns: A message, or nil until more bytes arrive.
    /// - Throws: ``LinkError`` with code `.frameTooLarge` or `.malformed`; the stream cannot be used after that.
    package mutating func next() throws -> Envelope<Body>? {
        guard buffer.count >= 4 else { return nil }
        let length = buffer.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        guard length <= Frame.maximumPayload else {
            throw LinkError(
                .frameTooLarge,
                "a frame announces \(length) bytes, over the limit of \(Frame.maximumPayload)"
            )
        }
        guard buffer.count >= 4 + length else { return nil }
        let payload = buffer.dropFirst(4).prefix(length)
        let message: Envelope<Body>
        do {
            let decoder = JSONDecoder()
            decoder.nonConformingFloatDecodingStrategy = .convertFromString(
                positiveInfinity: "inf",
                negativeInfinity: "-inf",
                nan: "nan"
            )
            message = try decoder.decode(Envelope<Body>.self, from: payload)
        } catch {
            throw LinkError(.malformed, "a frame of \(length) bytes is not a message of this version", cause: error)
        }
        buffer.removeFirst(4 + length)
        return message
    }
}

/// What can go wrong between the two processes.
package struct LinkError: Error, CustomStringConvertible {
    /// What kind of fault it is.
    package enum Code: Sendable {
        case frameTooLarge, malformed, closed
    }

    /// What kind of fault it is.
    package let code: Code
    /// What happened.
    package let message: String
    /// What it came from, where there is something.
    package let cause: (any Error)?

    /// Creates an error.
    package init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message and its cause.
    package var description: String { cause.map { "\(message): \($0)" } ?? message }
}
