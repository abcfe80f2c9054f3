import HypeCore

/// Numbers and times for a person to read.
enum Format {
    /// A position as `m:ss`, or `h:mm:ss` from one hour on; before time zero with a minus.
    static func clock(_ time: MediaTime) -> String {
        let total = Int((time.nanoseconds.magnitude + 500_000_000) / 1_000_000_000)
        let (hours, minutes, seconds) = (total / 3_600, total / 60 % 60, total % 60)
        let sign = time < .zero && total > 0 ? "-" : ""
        return hours > 0
            ? "\(sign)\(hours):\(padded(minutes)):\(padded(seconds))" : "\(sign)\(minutes):\(padded(seconds))"
    }

    /// A span in words, such as `12.4 s`, `3 min 20 s` or `2 h 5 min`.
    static func span(_ span: Duration) -> String {
        let seconds = span.inSeconds
        if seconds < 60 { return "\(decimal(seconds, digits: 1)) s" }
        let total = Int(seconds.rounded())
        if total < 3_600 { return total % 60 == 0 ? "\(total / 60) min" : "\(total / 60) min \(total % 60) s" }
        return total / 60 % 60 == 0 ? "\(total / 3_600) h" : "\(total / 3_600) h \(total / 60 % 60) min"
    }

    /// A number with at most so many digits after the point, without zeros at the end.
    static func decimal(_ value: Double, digits: Int) -> String {
        guard value.isFinite else { return value > 0 ? "∞" : (value < 0 ? "-∞" : "?") }
        let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
        let rounded = (value * scale).rounded() / scale
        guard abs(rounded) < 1e15 else { return "\(rounded)" }
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    /// A score of 0…1 as a whole number of percent, without the sign.
    static func percent(_ score: Double) -> Int {
        score.isFinite ? Int((min(1, max(0, score)) * 100).rounded()) : 0
    }

    /// A number of bytes, such as `4.2 MB`.
    static func bytes(_ count: Int) -> String {
        switch count {
        case 1_000_000_000...: "\(decimal(Double(count) / 1e9, digits: 2)) GB"
        case 1_000_000...: "\(decimal(Double(count) / 1e6, digits: 1)) MB"
        case 1_000...: "\(decimal(Double(count) / 1e3, digits: 0)) kB"
        default: "\(count) bytes"
        }
    }

    /// A count with its noun.
    static func count(_ count: Int, _ one: String, _ many: String) -> String {
        "\(count) \(count == 1 ? one : many)"
    }

    private static func padded(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
