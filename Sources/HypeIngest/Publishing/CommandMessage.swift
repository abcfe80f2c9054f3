internal import NIOCore

/// A command, or its answer (specification 1.0, section 7.1.1): a name, a transaction, an object and arguments.
package struct CommandMessage: Hashable, Sendable {
    /// The command's name, such as `connect`.
    package var name: String
    /// The number that the answer repeats; 0 where none is expected.
    package var transaction: Double
    /// The command object, mostly null, and the arguments.
    package var values: [AMF0Value]

    /// Creates a command.
    package init(_ name: String, transaction: Double, _ values: AMF0Value...) {
        self.name = name
        self.transaction = transaction
        self.values = values
    }

    /// Reads a command.
    ///
    /// - Returns: Nil for other types of messages, and for a command without a name.
    /// - Throws: ``RTMPFault/values(_:)``.
    package init?(_ message: RTMPMessage) throws(RTMPFault) {
        var payload = message.payload
        switch message.type {
        case RTMPMessage.Kind.command: break
        // A byte that says which format follows; what encoders send behind it is AMF0 again.
        case RTMPMessage.Kind.commandAMF3: payload.moveReaderIndex(forwardBy: min(1, payload.readableBytes))
        default: return nil
        }
        let values: [AMF0Value]
        do { values = try AMF0Reader.values(in: payload) } catch { throw .values(error) }
        guard let name = values.first?.text else { return nil }
        self.name = name
        transaction = values.dropFirst().first?.finiteNumber ?? 0
        self.values = Array(values.dropFirst(2))
    }

    /// The argument at a position behind the command object, nil where there is none.
    package func argument(_ index: Int) -> AMF0Value? {
        values.dropFirst(index + 1).first
    }

    /// The message that carries the command.
    package func message(streamID: UInt32 = 0) -> RTMPMessage {
        var payload = ByteBuffer()
        payload.writeAMF0(.string(name), .number(transaction))
        for value in values { payload.writeAMF0(value) }
        return RTMPMessage(type: RTMPMessage.Kind.command, streamID: streamID, payload: payload)
    }
}
