/// A time as a chat log writes it.
enum ClockReading: Hashable {
    /// Nanoseconds since the start of the recording.
    case recording(Int64)
    /// Nanoseconds since 1970-01-01 00:00 UTC.
    case unix(Int64)
    /// Nanoseconds since midnight of an unknown day.
    case timeOfDay(Int64)
}

/// Reads the ways in which chat logs write time.
enum ClockText {
    /// Times on the recording's clock beyond this many seconds on either side are refused: 60 days.
    static let longestRecording: Int64 = 60 * 86_400
    /// Wall-clock seconds that are believed: 2001-09-09 to 2100-01-01.
    static let believableUnix: ClosedRange<Int64> = 1_000_000_000...4_102_444_800

    /// Reads seconds, `mm:ss`, `h:mm:ss` (all with a fraction if there is one), a date with time, or a Unix time.
    ///
    /// Brackets round the time are ignored. A bare number of at least 10⁹ is a Unix time in seconds, milliseconds,
    /// microseconds or nanoseconds, whichever makes it a believable date.
    static func reading(_ text: ByteSlice) -> ClockReading? {
        var text = text.trimmed
        if let first = text.first, first == UInt8(ascii: "[") || first == UInt8(ascii: "(") {
            text = text.slice(1, text.count)
            if let last = text.last, last == UInt8(ascii: "]") || last == UInt8(ascii: ")") {
                text = text.slice(0, text.count - 1)
            }
            text = text.trimmed
        }
        guard let colon = text.firstOffset(of: UInt8(ascii: ":")) else { return number(text) }
        if text.count >= 16, text[4] == UInt8(ascii: "-") || text[4] == UInt8(ascii: "/") { return date(text) }
        return clock(text, firstColon: colon)
    }

    /// Reads a JSON or CSV number of seconds, or a Unix time.
    @inline(__always)
    static func number(_ text: ByteSlice) -> ClockReading? {
        if let whole = integer(text) {
            return whole < 1_000_000_000 ? recording(seconds: whole) : unix(whole)
        }
        guard let nanoseconds = nanoseconds(text), !nanoseconds.overflowed else { return nil }
        let seconds = nanoseconds.value / 1_000_000_000
        guard seconds < 1_000_000_000 else {
            return believableUnix.contains(seconds) ? .unix(nanoseconds.value) : nil
        }
        return abs(seconds) <= longestRecording ? .recording(nanoseconds.value) : nil
    }

    private static func recording(seconds: Int64) -> ClockReading? {
        seconds <= longestRecording ? .recording(seconds * 1_000_000_000) : nil
    }

    /// Reads a Unix time in seconds, milliseconds, microseconds or nanoseconds, whichever is a believable date.
    static func unix(_ value: Int64) -> ClockReading? {
        var unit: Int64 = 1_000_000_000
        while unit >= 1 {
            let (seconds, scale) = (value / (1_000_000_000 / unit), unit)
            if believableUnix.contains(seconds) { return .unix(value * scale) }
            unit /= 1000
        }
        return nil
    }

    /// Reads a decimal number as thousand-millionths; digits after the ninth place are cut off.
    ///
    /// - Returns: Nil for anything that is not a finite decimal number; `overflowed` where it does not fit.
    @inline(__always)
    static func nanoseconds(_ text: ByteSlice) -> (value: Int64, overflowed: Bool)? {
        var index = 0
        var isNegative = false
        if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            index = 1
        }
        var value: Int64 = 0
        var digits = 0
        var places = -1
        while index < text.count {
            let byte = text[index]
            if byte.isDigit {
                digits += 1
                if places >= 0 { places += 1 }
                if places <= 9 {
                    guard value < 100_000_000_000_000_000 else { return (0, true) }
                    value = value * 10 + Int64(byte &- 0x30)
                }
            } else if byte == UInt8(ascii: "."), places < 0 {
                places = 0
            } else {
                return digits > 0 ? exponent(text, at: index) : nil
            }
            index += 1
        }
        guard digits > 0 else { return nil }
        for _ in min(9, max(0, places))..<9 {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            guard !overflow else { return (0, true) }
            value = product
        }
        return (isNegative ? -value : value, false)
    }

    private static func exponent(_ text: ByteSlice, at index: Int) -> (value: Int64, overflowed: Bool)? {
        guard text[index] | 0x20 == UInt8(ascii: "e"), text.count < 64,
            let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite
        else { return nil }
        return abs(value) < 9e9 ? (Int64(value * 1e9), false) : (0, true)
    }

    /// Reads `mm:ss` and `h:mm:ss`, on the recording's clock.
    private static func clock(_ text: ByteSlice, firstColon: Int) -> ClockReading? {
        var rest = text
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.slice(1, rest.count) }
        var total: Int64 = 0
        var parts = 0
        while let colon = rest.firstOffset(of: UInt8(ascii: ":")) {
            guard let whole = integer(rest.slice(0, colon)), whole < 10_000_000, parts < 2 else { return nil }
            total = total * 60 + whole
            parts += 1
            rest = rest.slice(colon + 1, rest.count)
        }
        guard rest.first?.isDigit == true, let seconds = nanoseconds(rest), !seconds.overflowed,
            total < longestRecording, seconds.value < 60_000_000_000
        else { return nil }
        let value = total * 60_000_000_000 + seconds.value
        return value <= longestRecording * 1_000_000_000 ? .recording(isNegative ? -value : value) : nil
    }

    /// Reads one to eighteen digits.
    @inline(__always)
    static func integer(_ text: ByteSlice) -> Int64? {
        guard (1...18).contains(text.count) else { return nil }
        var value: Int64 = 0
        for byte in text {
            guard byte.isDigit else { return nil }
            value = value * 10 + Int64(byte &- 0x30)
        }
        return value
    }

    /// Reads `2024-01-31T12:34:56.789Z` and its relatives; without a zone it is UTC.
    private static func date(_ text: ByteSlice) -> ClockReading? {
        guard let year = integer(text.slice(0, 4)), let month = integer(text.slice(5, 7)),
            let day = integer(text.slice(8, 10)), let hour = integer(text.slice(11, 13)),
            let minute = integer(text.slice(14, 16)), (1...12).contains(month), (1...31).contains(day), hour < 24,
            minute < 60
        else { return nil }
        var index = 16
        var nanosecondsOfMinute: Int64 = 0
        if index < text.count, text[index] == UInt8(ascii: ":") {
            index += 1
            let start = index
            while index < text.count, text[index].isDigit || text[index] == UInt8(ascii: ".") { index += 1 }
            guard let seconds = nanoseconds(text.slice(start, index)), !seconds.overflowed,
                seconds.value < 61_000_000_000
            else { return nil }
            nanosecondsOfMinute = seconds.value
        }
        guard let zone = zoneMinutes(text.slice(index, text.count).trimmed) else { return nil }
        let minutes = (daysSince1970(year: year, month: month, day: day) * 24 + hour) * 60 + minute - zone
        guard believableUnix.contains(minutes * 60) else { return nil }
        return .unix(minutes * 60_000_000_000 + nanosecondsOfMinute)
    }

    /// Reads `Z`, `UTC`, `+01:00`, `-0330` and nothing as minutes ahead of UTC.
    private static func zoneMinutes(_ text: ByteSlice) -> Int64? {
        guard let sign = text.first else { return 0 }
        if text.equals("Z") || text.equals("z") || text.equals("UTC") { return 0 }
        guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), let hours = integer(text.slice(1, 3)) else {
            return nil
        }
        let hasColon = text.count > 3 && text[3] == UInt8(ascii: ":")
        let minutes = integer(text.slice(hasColon ? 4 : 3, text.count)) ?? 0
        guard hours < 24, (0..<60).contains(minutes) else { return nil }
        return (hours * 60 + minutes) * (sign == UInt8(ascii: "-") ? -1 : 1)
    }

    /// Days from 1970-01-01 in the Gregorian calendar.
    ///
    /// Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = year / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}
