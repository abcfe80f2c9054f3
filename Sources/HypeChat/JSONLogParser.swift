/// Reads the JSON formats: a document with the messages in `comments`, an array, or an object per line.
struct JSONLogParser: ChatRecordParser {
    /// Where the messages stand.
    enum Layout {
        /// In the array `comments` of an object.
        case document
        /// In an array.
        case array
        /// Each on a line of its own.
        case lines
    }

    private enum State {
        case beforeRecords
        case records
        case resynchronising
        case done
    }

    /// After this many failed attempts to find the next message in broken text, the rest is given up.
    private static let longestSearch = 10_000
    /// Bytes within which a message after broken text has to end.
    private static let longestRecord = 65_536

    private let layout: Layout
    private var state: State
    private var number = 0
    private var attempts = 0

    init(layout: Layout) {
        self.layout = layout
        state = layout == .lines ? .records : .beforeRecords
    }

    mutating func consume(_ bytes: ByteSlice, isLast: Bool, into builder: inout ChatLogBuilder) -> Int {
        if layout == .lines { return consumeLines(bytes, isLast: isLast, into: &builder) }
        var position = 0
        if state == .beforeRecords {
            guard let start = findRecords(bytes, isLast: isLast, into: &builder) else { return 0 }
            position = start
        }
        while state == .records || state == .resynchronising {
            if state == .resynchronising {
                position = findNextRecord(bytes, from: position, isLast: isLast)
                guard state == .records else { return position }
            }
            guard let next = readRecord(bytes, at: position, isLast: isLast, into: &builder) else { return position }
            position = next
        }
        return state == .done ? bytes.count : position
    }

    /// Moves to the first message.
    ///
    /// - Returns: Its offset, or nil where more bytes are needed.
    private mutating func findRecords(_ bytes: ByteSlice, isLast: Bool, into builder: inout ChatLogBuilder) -> Int? {
        var cursor = JSONCursor(bytes)
        if layout == .array {
            guard cursor.take(UInt8(ascii: "[")) else { return nil }
            state = .records
            return cursor.position
        }
        guard cursor.enterObject() else { return nil }
        while let key = cursor.nextKey() {
            if key.bytes.equals("comments"), cursor.take(UInt8(ascii: "[")) {
                state = .records
                return cursor.position
            }
            guard cursor.skipValue() else { break }
        }
        if cursor.ranOut, !isLast { return nil }
        builder.addBad(line: 1, "the document has no array named comments")
        state = .done
        return bytes.count
    }

    /// Reads one message of an array, or its end.
    ///
    /// - Returns: The offset after it, or nil where more bytes are needed.
    private mutating func readRecord(
        _ bytes: ByteSlice,
        at start: Int,
        isLast: Bool,
        into builder: inout ChatLogBuilder
    ) -> Int? {
        var cursor = JSONCursor(bytes, at: start)
        if cursor.peek() == UInt8(ascii: ",") { cursor.advance() }
        switch cursor.peek() {
        case nil:
            guard isLast else { return nil }
            builder.addBad(line: number + 1, "the file ends before the list of messages does")
            state = .done
            return bytes.count
        case UInt8(ascii: "]"):
            state = .done
            return bytes.count
        default: break
        }
        let recordStart = cursor.position
        var record = JSONRecord()
        switch record.read(&cursor) {
        case .complete:
            number += 1
            record.add(to: &builder, line: number)
            attempts = 0
            return cursor.position
        case .incomplete where !isLast: return nil
        case .incomplete, .malformed:
            number += 1
            builder.addBad(line: number, "the message is not valid JSON")
            var skipper = JSONCursor(bytes, at: recordStart)
            if bytes[recordStart] == UInt8(ascii: "{"), skipper.skipValue() { return skipper.position }
            state = .resynchronising
            return recordStart + 1
        }
    }

    /// Looks for something that reads like a message: `{` and a quotation mark, after a comma.
    ///
    /// - Returns: Its offset where the state becomes `.records`, else how many bytes need not be looked at again.
    private mutating func findNextRecord(_ bytes: ByteSlice, from start: Int, isLast: Bool) -> Int {
        var position = start
        while let brace = bytes.firstOffset(of: UInt8(ascii: "{"), from: position) {
            position = brace + 1
            var before = brace
            while before > start, bytes[before - 1].isWhitespace { before -= 1 }
            guard before > start, bytes[before - 1] == UInt8(ascii: ",") else { continue }
            attempts += 1
            guard attempts <= Self.longestSearch else {
                state = .done
                return bytes.count
            }
            var attempt = JSONCursor(bytes.slice(0, min(bytes.count, brace + Self.longestRecord)), at: brace)
            var record = JSONRecord()
            switch record.read(&attempt) {
            case .complete where record.looksLikeMessage:
                state = .records
                return brace
            case .incomplete where !isLast && bytes.count - brace < Self.longestRecord: return before - 1
            default: continue
            }
        }
        return isLast ? bytes.count : max(start, bytes.count - 1)
    }

    private mutating func consumeLines(_ bytes: ByteSlice, isLast: Bool, into builder: inout ChatLogBuilder) -> Int {
        var position = 0
        while let line = bytes.nextLine(&position, isLast: isLast) {
            number += 1
            var cursor = JSONCursor(line)
            guard let first = cursor.peek() else { continue }
            var record = JSONRecord()
            guard first == UInt8(ascii: "{"), record.read(&cursor) == .complete, cursor.peek() == nil else {
                builder.addBad(line: number, "the line is not a JSON object")
                continue
            }
            record.add(to: &builder, line: number)
        }
        return position
    }
}
