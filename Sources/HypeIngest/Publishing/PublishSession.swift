package import NIOCore

/// The server's side of one publisher's connection, behind the handshake; a pure state machine.
///
/// It answers commands, asks whether a key may publish, and hands out media once that is settled.
package struct PublishSession: Sendable {
    /// What the shell has to do.
    package enum Action: Hashable, Sendable {
        /// Send a message on a chunk stream.
        case send(RTMPMessage, chunkStream: UInt8)
        /// Find out whether the key may publish and say so with ``PublishSession/answer(_:)``.
        case ask(PublishRequest)
        /// The encoder describes its stream.
        case metadata(AMF0Value)
        /// Sound or picture as an FLV tag's body, with the publisher's time in milliseconds, wrapping at 2³².
        case media(isVideo: Bool, timestamp: UInt32, body: ByteBuffer)
        /// The publisher says that its stream is over.
        case finish
        /// Close the connection once everything is sent.
        case close
    }

    /// What may publish and what may not.
    package enum Verdict: Hashable, Sendable {
        /// It may.
        case accepted
        /// It may not, and why.
        case refused(String)
    }

    private enum State: Hashable {
        case new
        case connected(app: String)
        case asking(app: String, stream: UInt32)
        case publishing(app: String, stream: UInt32)
        case over
    }

    /// Bytes of payload per chunk that this side announces; FFmpeg takes the same for what it sends.
    package static let chunkSize: UInt32 = 65_536
    /// Bytes after which this side expects and gives acknowledgements.
    package static let window: UInt32 = 5_000_000
    /// Streams that may be created on one connection; encoders create one.
    package static let maximumStreams: UInt32 = 8

    private var state = State.new
    private var encoder: String?
    private var lastStream: UInt32 = 0
    private var acknowledgementWindow: UInt32?
    private var acknowledged: UInt64 = 0

    /// Creates a session at the end of the handshake.
    package init() {}

    /// Whether media is taken.
    package var isPublishing: Bool {
        if case .publishing = state { true } else { false }
    }

    /// Takes a message of the publisher.
    ///
    /// - Throws: When the publisher broke the protocol; its connection is to be closed.
    package mutating func receive(_ message: RTMPMessage) throws(RTMPFault) -> [Action] {
        switch message.type {
        case RTMPMessage.Kind.audio, RTMPMessage.Kind.video:
            guard isPublishing else { return [] }
            let isVideo = message.type == RTMPMessage.Kind.video
            return [.media(isVideo: isVideo, timestamp: message.timestamp, body: message.payload)]
        case RTMPMessage.Kind.data, RTMPMessage.Kind.dataAMF3:
            return metadata(in: message)
        case RTMPMessage.Kind.aggregate:
            guard isPublishing else { return [] }
            return AggregateMessage.parts(of: message).map { part in
                let isVideo = part.type == RTMPMessage.Kind.video
                return .media(isVideo: isVideo, timestamp: part.timestamp, body: part.payload)
            }
        case RTMPMessage.Kind.command, RTMPMessage.Kind.commandAMF3:
            guard let command = try CommandMessage(message) else { return [] }
            return try perform(command)
        default:
            return try control(message)
        }
    }

    /// Takes the answer to ``Action/ask(_:)``.
    package mutating func answer(_ verdict: Verdict) -> [Action] {
        guard case .asking(let app, let stream) = state else { return [] }
        switch verdict {
        case .accepted:
            state = .publishing(app: app, stream: stream)
            return [
                .send(ControlMessage.streamBegin(stream).message, chunkStream: 2), tell(.publishStarted, on: stream),
            ]
        case .refused(let reason):
            state = .over
            return [tell(.badName(reason), on: stream), .close]
        }
    }

    /// Ends the session from this side.
    ///
    /// - Parameter reason: What the publisher is told.
    /// - Returns: What to do.
    package mutating func end(_ reason: String) -> [Action] {
        guard case .publishing(_, let stream) = state else {
            state = .over
            return [.close]
        }
        state = .over
        return [tell(.unpublished(reason), on: stream), .close]
    }

    /// Notes how much was received, and acknowledges as often as the publisher asked for.
    ///
    /// - Parameter total: Bytes since the connection began.
    /// - Returns: What to do.
    package mutating func noteReceived(_ total: UInt64) -> [Action] {
        guard let window = acknowledgementWindow, total - min(total, acknowledged) >= UInt64(window) else { return [] }
        acknowledged = total
        return [.send(ControlMessage.acknowledgement(UInt32(truncatingIfNeeded: total)).message, chunkStream: 2)]
    }

    private mutating func perform(_ command: CommandMessage) throws(RTMPFault) -> [Action] {
        switch command.name {
        case "connect": return try connect(command)
        case "createStream":
            guard lastStream < Self.maximumStreams else { throw .streams(limit: Int(Self.maximumStreams)) }
            lastStream += 1
            return [result(of: command, .number(Double(lastStream)))]
        case "releaseStream", "FCPublish":
            return command.transaction == 0 ? [] : [result(of: command, .undefined)]
        case "publish": return try publish(command)
        case "FCUnpublish", "deleteStream", "closeStream": return finish()
        case "play", "play2": return [tell(.playFailed, on: max(1, lastStream)), .close]
        // `_checkbw` of FMLE and answers to what was never asked.
        default: return []
        }
    }

    private mutating func connect(_ command: CommandMessage) throws(RTMPFault) -> [Action] {
        guard case .new = state else { throw .unexpectedCommand("connect") }
        let app = ConnectReply.app(of: command)
        encoder = command.values.first?[name: "flashVer"]?.text.map { String($0.prefix(128)) }
        state = .connected(app: app)
        acknowledgementWindow = Self.window
        return [
            .send(ControlMessage.windowAcknowledgementSize(Self.window).message, chunkStream: 2),
            .send(ControlMessage.setPeerBandwidth(Self.window, kind: 2).message, chunkStream: 2),
            .send(ControlMessage.setChunkSize(Self.chunkSize).message, chunkStream: 2),
            .send(ConnectReply.command(for: command).message(), chunkStream: 3),
        ]
    }

    private mutating func publish(_ command: CommandMessage) throws(RTMPFault) -> [Action] {
        guard case .connected(let app) = state else { throw .unexpectedCommand("publish") }
        let name = command.argument(0)?.text ?? ""
        state = .asking(app: app, stream: max(1, lastStream))
        return [.ask(PublishRequest(app: app, key: StreamKey(name), encoder: encoder))]
    }

    private mutating func finish() -> [Action] {
        guard case .publishing(let app, _) = state else { return [] }
        state = .connected(app: app)
        return [.finish]
    }

    /// Reads the encoder's description of its stream, which comes as `@setDataFrame` with `onMetaData`.
    ///
    /// What cannot be read is left out, since the stream does not depend on it.
    private func metadata(in message: RTMPMessage) -> [Action] {
        guard isPublishing else { return [] }
        var payload = message.payload
        if message.type == RTMPMessage.Kind.dataAMF3 {
            payload.moveReaderIndex(forwardBy: min(1, payload.readableBytes))
        }
        guard let values = try? AMF0Reader.values(in: payload) else { return [] }
        let names = values.prefix(2).compactMap(\.text)
        guard names.contains("onMetaData"), let object = values.last, !object.properties.isEmpty else { return [] }
        return [.metadata(object)]
    }

    private mutating func control(_ message: RTMPMessage) throws(RTMPFault) -> [Action] {
        switch try ControlMessage(message) {
        case .windowAcknowledgementSize(let window):
            acknowledgementWindow = max(1, window)
            return []
        case .pingRequest(let number):
            return [.send(ControlMessage.pingResponse(number).message, chunkStream: 2)]
        default:
            return []
        }
    }

    private func result(of command: CommandMessage, _ value: AMF0Value) -> Action {
        let reply = CommandMessage("_result", transaction: command.transaction, .null, value)
        return .send(reply.message(), chunkStream: 3)
    }

    private func tell(_ status: StatusMessage, on stream: UInt32) -> Action {
        .send(status.command.message(streamID: stream), chunkStream: 5)
    }
}
