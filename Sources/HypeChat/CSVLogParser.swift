/// Reads a table with a time, a user and a text.
struct CSVLogParser: ChatRecordParser {
    private var layout: CSVLayout?
    private var line = 1
    private var fields: [CSVField] = []

    mutating func consume(_ bytes: ByteSlice, isLast: Bool, into builder: inout ChatLogBuilder) -> Int {
        var position = 0
        if layout == nil {
            guard let found = findLayout(bytes, &position, isLast: isLast, into: &builder) else { return position }
            layout = found
        }
        guard let layout else { return position }
        while position < bytes.count {
            let start = position
            let end = CSVField.readRow(
                bytes,
                &position,
                separator: layout.separator,
                isLast: isLast,
                into: &fields
            )
            switch end {
            case .incomplete: return start
            case .unclosedQuote:
                builder.addBad(line: line, "a quotation mark is not closed")
                guard let lineEnd = bytes.firstOffset(of: 0x0a, from: start) else {
                    return isLast ? bytes.count : start
                }
                position = lineEnd + 1
            case .complete:
                let row = bytes.slice(start, position)
                if !row.trimmed.isEmpty { add(row, layout, to: &builder) }
            }
            line += bytes.slice(start, position).lineFeeds
        }
        return position
    }

    /// Finds the row that says what the columns are; rows before it are bad lines.
    private mutating func findLayout(
        _ bytes: ByteSlice,
        _ position: inout Int,
        isLast: Bool,
        into builder: inout ChatLogBuilder
    ) -> CSVLayout? {
        while true {
            let start = position
            guard let row = bytes.nextLine(&position, isLast: isLast) else { return nil }
            if let found = CSVLayout(header: row.trimmed) {
                line += 1
                return found
            }
            if let found = CSVLayout(firstRow: row.trimmed) {
                position = start
                return found
            }
            if !row.trimmed.isEmpty { builder.addBad(line: line, "the line has no time, user and text") }
            line += 1
        }
    }

    @inline(__always)
    private func add(_ row: ByteSlice, _ layout: CSVLayout, to builder: inout ChatLogBuilder) {
        guard fields.count > max(layout.time, layout.user, layout.text) else {
            return builder.addBad(
                line: line,
                "the row has \(fields.count) fields where at least "
                    + "\(max(layout.time, layout.user, layout.text) + 1) are needed"
            )
        }
        guard let time = ClockText.reading(fields[layout.time].bytes) else {
            return builder.addBad(line: line, "the row has no readable time")
        }
        var kind = ChatMessage.Kind.message
        if let column = layout.kind, column < fields.count {
            let name = fields[column].bytes
            if !name.equals("message") {
                let count = layout.count.map { $0 < fields.count ? fields[$0].bytes : .none } ?? .none
                switch ChatNotice(type: name, count: count).kind {
                case .other(let known)?: kind = known
                case .deletedMessage?: kind = .deletedMessage(ChatMessageID(fields[layout.text].bytes))
                case .ignored?: return builder.addIgnored()
                case nil: break
                }
            }
        }
        let user = fields[layout.user]
        let userID = layout.userID.flatMap { $0 < fields.count && !fields[$0].bytes.isEmpty ? fields[$0] : nil }
        guard kind != .message || !user.bytes.isEmpty || userID != nil else {
            return builder.addBad(line: line, "the row has no user")
        }
        let name = user.string
        let id = layout.id.flatMap { $0 < fields.count && !fields[$0].bytes.isEmpty ? fields[$0].bytes : nil }
        builder.add(
            at: time,
            userID: userID?.string ?? name.lowercased(),
            displayName: name,
            text: text(row, layout),
            kind: kind,
            id: id.map { ChatMessageID($0) }
        )
    }

    /// The text of the row; where it is the last column and has unquoted separators in it, all of it.
    @inline(__always)
    private func text(_ row: ByteSlice, _ layout: CSVLayout) -> String {
        let field = fields[layout.text]
        guard fields.count > layout.columnCount, layout.text == layout.columnCount - 1,
            let start = field.bytes.baseAddress, let rowStart = row.baseAddress
        else { return field.string }
        return row.slice(start - rowStart, row.count).trimmed.text
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// How many line feeds there are.
    fileprivate var lineFeeds: Int {
        var count = 0
        var position = 0
        while let next = firstOffset(of: 0x0a, from: position) {
            count += 1
            position = next + 1
        }
        return count
    }
}
