/// Which column of a table holds what.
struct CSVLayout {
    /// The byte between two fields.
    let separator: UInt8
    /// Whether the first row names the columns.
    let hasHeader: Bool
    /// How many columns the first row has.
    let columnCount: Int
    /// Column of the time.
    let time: Int
    /// Column of the user's name.
    let user: Int
    /// Column of the user's number, where there is one.
    let userID: Int?
    /// Column of the text.
    let text: Int
    /// Column of the kind of line, where there is one.
    let kind: Int?
    /// Column of the number of viewers or gifts, where there is one.
    let count: Int?
    /// Column of the message's number, where there is one.
    let id: Int?

    /// Reads a row of column names.
    ///
    /// Case, blanks and punctuation of the names do not matter. The result is nil unless the names of time, user and text
    /// are among them.
    /// - Parameter header: The row without its line ending.
    init?(header: ByteSlice) {
        for separator in Self.separators {
            let names = Self.fields(of: header, separator: separator).map { $0.lowercased().filter(\.isLetter) }
            func column(_ wanted: [String]) -> Int? {
                wanted.lazy.compactMap { names.firstIndex(of: $0) }.first
            }
            guard let time = column(Self.timeNames), let text = column(Self.textNames),
                let user = column(Self.userNames) ?? column(Self.userIDNames)
            else { continue }
            self.separator = separator
            hasHeader = true
            columnCount = names.count
            self.time = time
            self.user = user
            userID = column(Self.userIDNames)
            self.text = text
            kind = column(Self.kindNames)
            count = column(Self.countNames)
            id = column(Self.idNames)
            return
        }
        return nil
    }

    /// Guesses the columns of a table without names: time, user, text.
    ///
    /// The result is nil unless there are at least three fields and the first is a time.
    /// - Parameter row: The row without its line ending.
    init?(firstRow row: ByteSlice) {
        for separator in Self.separators {
            let fields = Self.fields(of: row, separator: separator)
            guard fields.count >= 3 else { continue }
            var first = fields[0]
            guard first.withUTF8({ ClockText.reading($0) }) != nil else { continue }
            self.separator = separator
            hasHeader = false
            columnCount = 3
            time = 0
            user = 1
            userID = nil
            text = 2
            kind = nil
            count = nil
            id = nil
            return
        }
        return nil
    }

    private static let separators = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
    private static let timeNames = [
        "time", "timeinseconds", "contentoffsetseconds", "offset", "offsetseconds", "seconds", "videotime", "timestamp",
        "timetext", "date", "datetime", "createdat", "ts",
    ]
    private static let userNames = [
        "user", "username", "displayname", "author", "authordisplayname", "authorname", "name", "nick", "nickname",
        "login", "userlogin", "commenter", "commentername", "sender", "chatter", "from",
    ]
    private static let userIDNames = ["userid", "authorid", "commenterid", "senderid", "chatterid", "uid"]
    private static let textNames = ["text", "message", "body", "messagebody", "content", "comment", "msg", "chat"]
    private static let kindNames = ["kind", "type", "messagetype", "event"]
    private static let countNames = ["count", "viewers", "viewercount", "gifts"]
    private static let idNames = ["id", "messageid", "msgid", "commentid"]

    private static func fields(of row: ByteSlice, separator: UInt8) -> [String] {
        var position = 0
        var fields: [CSVField] = []
        let end = CSVField.readRow(row, &position, separator: separator, isLast: true, into: &fields)
        // A quoted field may go on in the next line.
        return fields.map(\.string) + (end == .unclosedQuote ? [""] : [])
    }
}

/// A field of a table, as a piece of the file.
struct CSVField {
    /// The bytes, without the quotation marks round them.
    let bytes: ByteSlice
    /// Whether quotation marks are doubled in it.
    let hasDoubledQuotes: Bool

    /// The text.
    var string: String {
        hasDoubledQuotes ? bytes.text.replacing("\"\"", with: "\"") : bytes.text
    }

    /// How reading a row ended.
    enum RowEnd {
        /// The row was read.
        case complete
        /// The row goes on beyond the bytes.
        case incomplete
        /// A quotation mark is not closed within a sensible length.
        case unclosedQuote
    }

    /// A quoted field longer than this is taken for a missing quotation mark.
    private static let longestField = 65_536

    /// Reads a row by RFC 4180.
    ///
    /// A quotation mark within a field that does not begin with one is text, and so is a quoted field that is followed by
    /// more than a separator.
    /// - Parameters:
    ///   - bytes: The file.
    ///   - position: Start of the row; after a complete row, start of the next.
    ///   - separator: The byte between two fields.
    ///   - isLast: Whether the file ends with these bytes.
    ///   - fields: Receives the fields.
    /// - Returns: Whether a whole row was read.
    @inline(__always)
    static func readRow(
        _ bytes: ByteSlice,
        _ position: inout Int,
        separator: UInt8,
        isLast: Bool,
        into fields: inout [CSVField]
    ) -> RowEnd {
        fields.removeAll(keepingCapacity: true)
        var index = position
        while true {
            if index < bytes.count, bytes[index] == UInt8(ascii: "\"") {
                switch quotedField(bytes, index, separator: separator, isLast: isLast) {
                case .field(let field, let end):
                    fields.append(field)
                    index = end
                case .incomplete: return .incomplete
                case .unclosed: return .unclosedQuote
                case .plain:
                    let end = plainEnd(bytes, index + 1, separator)
                    if end == bytes.count, !isLast { return .incomplete }
                    fields.append(plain(bytes, index, end))
                    index = end
                }
            } else {
                let end = plainEnd(bytes, index, separator)
                if end == bytes.count, !isLast { return .incomplete }
                fields.append(plain(bytes, index, end))
                index = end
            }
            guard index < bytes.count, bytes[index] == separator else { break }
            index += 1
        }
        if index < bytes.count, bytes[index] == 0x0d { index += 1 }
        if index < bytes.count, bytes[index] == 0x0a { index += 1 }
        position = index
        return .complete
    }

    @inline(__always)
    private static func plain(_ bytes: ByteSlice, _ start: Int, _ end: Int) -> CSVField {
        CSVField(
            bytes: bytes.slice(start, end > start && bytes[end - 1] == 0x0d ? end - 1 : end),
            hasDoubledQuotes: false
        )
    }

    /// Offset of the separator or line feed at or after an offset, or of the end.
    @inline(__always)
    private static func plainEnd(_ bytes: ByteSlice, _ start: Int, _ separator: UInt8) -> Int {
        var index = start
        while index + 8 <= bytes.count {
            let word = bytes.word(at: index)
            let hits = word.lanes(equalTo: separator) | word.lanes(equalTo: 0x0a)
            if hits != 0 { return index + (hits.trailingZeroBitCount >> 3) }
            index += 8
        }
        while index < bytes.count, bytes[index] != separator, bytes[index] != 0x0a { index += 1 }
        return index
    }

    private enum Quoted {
        case field(CSVField, end: Int)
        case incomplete
        case unclosed
        case plain
    }

    private static func quotedField(_ bytes: ByteSlice, _ start: Int, separator: UInt8, isLast: Bool) -> Quoted {
        var index = start + 1
        var doubled = false
        while let quote = bytes.firstOffset(of: UInt8(ascii: "\""), from: index), quote - start <= longestField {
            let after = quote + 1
            guard after < bytes.count else {
                guard isLast else { return .incomplete }
                return .field(CSVField(bytes: bytes.slice(start + 1, quote), hasDoubledQuotes: doubled), end: after)
            }
            switch bytes[after] {
            case UInt8(ascii: "\""):
                doubled = true
                index = after + 1
            case separator, 0x0a, 0x0d:
                return .field(CSVField(bytes: bytes.slice(start + 1, quote), hasDoubledQuotes: doubled), end: after)
            default: return .plain
            }
        }
        return isLast || bytes.count - start > longestField ? .unclosed : .incomplete
    }
}
