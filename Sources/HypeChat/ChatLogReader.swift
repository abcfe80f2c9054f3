import Foundation
import HypeCore

/// Turns bytes into messages, whole records at a time.
protocol ChatRecordParser {
    /// Reads as many whole records as there are.
    ///
    /// - Parameters:
    ///   - bytes: What has not been consumed yet, from the first byte of a record.
    ///   - isLast: Whether nothing comes after these bytes.
    ///   - builder: Where messages and complaints go.
    /// - Returns: How many bytes were read; the rest is offered again with more bytes after it.
    mutating func consume(_ bytes: ByteSlice, isLast: Bool, into builder: inout ChatLogBuilder) -> Int
}

extension ChatLog {
    /// Reads a chat log, recognising its format by its content.
    ///
    /// A line that cannot be read is counted, never fatal. The file is read in pieces of 256 KiB.
    /// - Parameters:
    ///   - path: The file.
    ///   - streamStart: When the recording began, as the time since 1970-01-01 UTC; only used where the log has nothing
    ///     but wall-clock times. Without it the first message is time zero.
    /// - Returns: The log, with at least one message.
    /// - Throws: ``ChatError`` where there is no chat in the file or it cannot be read.
    package static func read(contentsOf path: String, streamStart: Duration? = nil) throws -> ChatLog {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw ChatError(.notFound, "There is no file \(path). Check the path of the chat log.")
        }
        guard !isDirectory.boolValue else {
            throw ChatError(.unreadable, "\(path) is a directory. Pass the chat log itself.")
        }
        do {
            let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
            defer { try? file.close() }
            var reader = ChatLogReader(size: try? Int(clamping: file.seekToEnd())) { target in
                while true {
                    let count = Foundation.read(file.fileDescriptor, target.baseAddress, target.count)
                    if count >= 0 { return count }
                    guard errno == EINTR else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
                }
            }
            try? file.seek(toOffset: 0)
            return try reader.read(streamStart: streamStart, name: path)
        } catch let error as ChatError {
            throw error
        } catch {
            throw ChatError(
                .unreadable,
                "\(path) cannot be read (\(error.localizedDescription)). Check its permissions and the disk.",
                cause: error
            )
        }
    }

    /// Reads a chat log from memory.
    ///
    /// - Parameters:
    ///   - bytes: The content of the file.
    ///   - streamStart: As for ``read(contentsOf:streamStart:)``.
    /// - Returns: The log, with at least one message.
    /// - Throws: ``ChatError`` where there is no chat in the bytes.
    package static func read(_ bytes: [UInt8], streamStart: Duration? = nil) throws -> ChatLog {
        var rest = bytes[...]
        var reader = ChatLogReader(size: bytes.count) { target in
            let piece = rest.prefix(target.count)
            target.copyBytes(from: piece)
            rest = rest.dropFirst(piece.count)
            return piece.count
        }
        return try reader.read(streamStart: streamStart, name: "The chat log")
    }
}

/// Feeds a file to the parser of its format, piece by piece.
private struct ChatLogReader {
    /// Bytes per read.
    private static let pieceSize = 256 << 10
    /// The largest record that is waited for.
    ///
    /// TwitchDownloader may put pictures of several MB before the messages.
    private static let largestRecord = 256 << 20
    /// Bytes that are looked at to recognise the format.
    private static let prefixSize = 64 << 10

    private let next: (UnsafeMutableRawBufferPointer) throws -> Int
    private let size: Int?
    private var buffer: [UInt8] = []
    private var filled = 0
    private var atEnd = false

    /// Creates a reader.
    ///
    /// - Parameters:
    ///   - size: Bytes of the file, where that is known; only used to set memory aside.
    ///   - next: Fills in further bytes and says how many; 0 at the end.
    init(size: Int?, next: @escaping (UnsafeMutableRawBufferPointer) throws -> Int) {
        self.size = size
        self.next = next
    }

    mutating func read(streamStart: Duration?, name: String) throws -> ChatLog {
        try fill()
        guard filled > 0 else {
            throw ChatError(.empty, "\(name) is empty. Download the chat again.")
        }
        try decodeIfNeeded(name: name)
        let prefix = buffer.prefix(min(filled, Self.prefixSize))
        guard let format = prefix.withUnsafeBufferPointer({ ChatLogFormat(detecting: $0) }) else {
            throw ChatError(
                .unknownFormat,
                "\(name) is not a chat log that can be read. Readable are: \(ChatLogFormat.list)."
            )
        }
        switch format {
        case .twitchDownloader: return try run(JSONLogParser(layout: .document), format, streamStart, name)
        case .chatDownloader: return try run(JSONLogParser(layout: .array), format, streamStart, name)
        case .chatDownloaderLines: return try run(JSONLogParser(layout: .lines), format, streamStart, name)
        case .irc: return try run(IRCLogParser(), format, streamStart, name)
        case .csv: return try run(CSVLogParser(), format, streamStart, name)
        }
    }

    private mutating func run(
        _ parser: some ChatRecordParser,
        _ format: ChatLogFormat,
        _ streamStart: Duration?,
        _ name: String
    ) throws -> ChatLog {
        var parser = parser
        var builder = ChatLogBuilder()
        while true {
            let used = buffer.withUnsafeBufferPointer {
                parser.consume($0.slice(0, filled), isLast: atEnd, into: &builder)
            }
            if atEnd { break }
            if let size, used > 0 { builder.reserve(share: Double(size) / Double(used)) }
            buffer.withUnsafeMutableBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[used..<filled])
                UnsafeMutableRawBufferPointer(rebasing: bytes[..<rest.count]).copyMemory(from: rest)
            }
            filled -= used
            if used == 0 {
                guard buffer.count < Self.largestRecord else {
                    throw ChatError(
                        .recordTooLarge,
                        "\(name) holds a record of more than \(Self.largestRecord >> 20) MiB, which no chat message is."
                            + " Download the chat again, without embedded pictures."
                    )
                }
                buffer.append(contentsOf: repeatElement(0, count: buffer.count))
            }
            try fill()
        }
        return try builder.finish(format: format, streamStart: streamStart)
    }

    /// Reads until the buffer is full or the file ends.
    private mutating func fill() throws {
        if buffer.isEmpty { buffer = Array(repeating: 0, count: min(Self.pieceSize, max(64, (size ?? .max - 1) + 1))) }
        while filled < buffer.count, !atEnd {
            let count = try buffer.withUnsafeMutableBytes { bytes in
                try next(UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
            }
            atEnd = count == 0
            filled += count
        }
    }

    /// Removes a UTF-8 byte order mark, turns UTF-16 into UTF-8 and refuses gzip with a hint.
    private mutating func decodeIfNeeded(name: String) throws {
        let mark = buffer.prefix(min(filled, 4))
        if mark.starts(with: [0x1f, 0x8b]) {
            throw ChatError(.unknownFormat, "\(name) is compressed with gzip. Unpack it with gunzip first.")
        }
        if mark.starts(with: [0xef, 0xbb, 0xbf]) {
            buffer.removeFirst(3)
            filled -= 3
            return
        }
        let littleEndian = mark.starts(with: [0xff, 0xfe])
        guard littleEndian || mark.starts(with: [0xfe, 0xff]) else { return }
        while !atEnd {
            guard buffer.count < Self.largestRecord else {
                throw ChatError(
                    .recordTooLarge,
                    "\(name) is in UTF-16 and larger than \(Self.largestRecord >> 20) MiB. Convert it to UTF-8 first."
                )
            }
            buffer.append(contentsOf: repeatElement(0, count: buffer.count))
            try fill()
        }
        var units: [UInt16] = []
        units.reserveCapacity(filled / 2)
        for index in stride(from: 2, to: filled - 1, by: 2) {
            let (first, second) = (UInt16(buffer[index]), UInt16(buffer[index + 1]))
            units.append(littleEndian ? second << 8 | first : first << 8 | second)
        }
        buffer = Array(String(decoding: units, as: UTF16.self).utf8)
        filled = buffer.count
        if buffer.isEmpty { buffer = [0x20] }
    }
}
