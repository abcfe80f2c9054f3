import Foundation
package import NIOCore

/// Takes a form apart while it arrives (RFC 7578, RFC 2046 §5.1).
///
/// A pure push parser: feed bytes, take events until there are none. It copies nothing of a part's content but the few
/// bytes before the end of what was fed that may begin a delimiter. A delimiter holds one carriage return, its first byte,
/// so attempts to match it never overlap and any input takes linear time.
package struct MultipartParser: Sendable {
    /// What was found.
    package enum Event: Hashable, Sendable {
        /// A part begins.
        case partBegan(PartHeader)
        /// A piece of the part's content, never empty.
        case body(ByteBuffer)
        /// The part is whole.
        case partEnded
        /// The form is whole; what follows is ignored.
        case finished
    }

    /// How much a form may hold.
    package struct Limits: Hashable, Sendable {
        /// Parts, at least 1.
        package var parts: Int
        /// Bytes of one part's headers.
        package var headerBytes: Int
        /// Bytes before the first and after the last delimiter together.
        package var surroundingBytes = 64 << 10

        /// Sets the limits.
        package init(parts: Int = 16, headerBytes: Int = 8 << 10) {
            self.parts = parts
            self.headerBytes = headerBytes
        }
    }

    private enum State {
        case preamble
        case delimiter
        /// Bytes at the beginning of the buffer in which the end of the headers was not found.
        case headers(searched: Int)
        case body
        case epilogue
    }

    private static let lineEnd: [UInt8] = [0x0d, 0x0a]
    /// Blanks between a delimiter and its line end.
    private static let paddingLimit = 256

    private let delimiter: [UInt8]
    private let limits: Limits
    private var state = State.preamble
    // As if a line end came first, so that the first delimiter is like any other.
    private var buffer = ByteBuffer(bytes: Self.lineEnd)
    private var partCount = 0
    private var surroundingCount = 0

    /// Creates a parser for one form.
    package init(boundary: MultipartBoundary, limits: Limits = Limits()) {
        delimiter = boundary.delimiter
        self.limits = limits
    }

    /// Whether the last delimiter was found.
    package var isFinished: Bool { if case .epilogue = state { true } else { false } }

    /// Adds what arrived; to be called when ``next()`` has nothing more to give, else bytes pile up.
    package mutating func feed(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// The next event.
    ///
    /// - Returns: Nil where more bytes are needed.
    /// - Throws: ``UploadError`` `badRequest` or `tooLarge`; the parser is of no use after that.
    package mutating func next() throws(UploadError) -> Event? {
        while true {
            switch state {
            case .preamble:
                guard try skipPreamble() else { return nil }
            case .delimiter:
                switch try readDelimiterLine() {
                case nil: return nil
                case .another:
                    state = .headers(searched: 0)
                case .last:
                    state = .epilogue
                    return .finished
                }
            case .headers(let searched):
                guard let header = try readHeader(searched: searched) else { return nil }
                state = .body
                return .partBegan(header)
            case .body:
                switch find() {
                case .found(at: 0):
                    buffer.moveReaderIndex(forwardBy: delimiter.count)
                    state = .delimiter
                    return .partEnded
                case .found(let count), .absent(before: let count):
                    return count == 0 ? nil : buffer.readSlice(length: count).map { .body($0) }
                }
            case .epilogue:
                try skip(buffer.readableBytes)
                return nil
            }
        }
    }

    /// Notes that nothing more comes.
    ///
    /// - Throws: ``UploadError`` `badRequest` where the form is not whole.
    package func finish() throws(UploadError) {
        guard isFinished else {
            throw UploadError(
                .badRequest,
                "The form ends before its last delimiter, so the upload was cut off; send it again."
            )
        }
    }

    // MARK: - Steps

    private enum DelimiterLine { case another, last }

    private mutating func skipPreamble() throws(UploadError) -> Bool {
        switch find() {
        case .found(let count):
            try skip(count)
            buffer.moveReaderIndex(forwardBy: delimiter.count)
            state = .delimiter
            return true
        case .absent(let count):
            try skip(count)
            return false
        }
    }

    private mutating func skip(_ count: Int) throws(UploadError) {
        surroundingCount += count
        buffer.moveReaderIndex(forwardBy: count)
        guard surroundingCount <= limits.surroundingBytes else {
            throw UploadError(.badRequest, "The body is no form: its boundary does not occur where it should.")
        }
    }

    private mutating func readDelimiterLine() throws(UploadError) -> DelimiterLine? {
        let line = buffer.readableBytesView
        let padding = line.prefix(Self.paddingLimit + 1).prefix(while: HeaderParameters.isBlank).count
        guard padding <= Self.paddingLimit, line.count >= padding + 2 else {
            if padding > Self.paddingLimit { throw Self.brokenDelimiter }
            return nil
        }
        let end = Array(line.dropFirst(padding).prefix(2))
        let isLast = padding == 0 && end == Array("--".utf8)
        guard isLast || end == Self.lineEnd else { throw Self.brokenDelimiter }
        buffer.moveReaderIndex(forwardBy: padding + 2)
        return isLast ? .last : .another
    }

    private static var brokenDelimiter: UploadError {
        UploadError(
            .badRequest,
            "The form's boundary is followed by other characters; choose a boundary that the file does not hold."
        )
    }

    private mutating func readHeader(searched: Int) throws(UploadError) -> PartHeader? {
        let view = buffer.readableBytesView
        // No headers at all: the line end of the delimiter is also that of the empty line.
        let blank = Self.lineEnd + Self.lineEnd
        let isBare = view.starts(with: Self.lineEnd)
        let place = isBare ? 0 : Self.firstIndex(of: blank, in: view, from: max(0, searched - blank.count + 1))
        guard (place ?? view.count) <= limits.headerBytes else {
            throw UploadError(
                .tooLarge,
                "A part's headers are longer than \(limits.headerBytes) bytes; shorten the file's name."
            )
        }
        guard let place else {
            state = .headers(searched: view.count)
            return nil
        }
        partCount += 1
        guard partCount <= limits.parts else {
            throw UploadError(.tooLarge, "The form has more than \(limits.parts) parts; send fewer at a time.")
        }
        let header = try PartHeader(parsing: Array(view.prefix(place)))
        buffer.moveReaderIndex(forwardBy: place + (isBare ? Self.lineEnd.count : blank.count))
        return header
    }

    private static func firstIndex(of pattern: [UInt8], in view: ByteBufferView, from start: Int) -> Int? {
        var index = view.startIndex + start
        while index + pattern.count <= view.endIndex {
            if view[index..<(index + pattern.count)].elementsEqual(pattern) { return index - view.startIndex }
            index += 1
        }
        return nil
    }

    // MARK: - Search

    private enum Search {
        /// The delimiter begins after so many bytes.
        case found(at: Int)
        /// So many bytes are content; the rest may begin a delimiter.
        case absent(before: Int)
    }

    private func find() -> Search {
        delimiter.withUnsafeBytes { pattern in
            buffer.withUnsafeReadableBytes { bytes in Self.find(pattern, in: bytes) }
        }
    }

    private static func find(_ pattern: UnsafeRawBufferPointer, in bytes: UnsafeRawBufferPointer) -> Search {
        guard let base = bytes.baseAddress, let first = pattern.baseAddress else { return .absent(before: bytes.count) }
        var place = 0
        while place < bytes.count {
            // A run of carriage returns is walked here; memchr is for the long ways between them.
            if bytes[place] != 0x0d {
                guard let hit = memchr(base + place, 0x0d, bytes.count - place) else { break }
                place = UnsafeRawPointer(hit) - base
            }
            let length = min(pattern.count, bytes.count - place)
            if length == 1 { return .absent(before: place) }
            if bytes[place + 1] == 0x0a, memcmp(base + place, first, length) == 0 {
                return length == pattern.count ? .found(at: place) : .absent(before: place)
            }
            place += 1
        }
        return .absent(before: bytes.count)
    }
}
