import CFFmpeg
import HypeCore

/// What FFmpeg's C interface needs in order to be spoken to in Swift's terms.
enum LibAV {
    /// Stops FFmpeg from writing to the standard error stream; evaluated once by everyone who opens something.
    static let silenced: Void = av_log_set_level(AV_LOG_QUIET)

    /// Prepares the network protocols; evaluated once by everyone who opens an address.
    static let networked: Int32 = avformat_network_init()

    /// A tag of a stream or container, or nil.
    static func metadata(_ key: String, in dictionary: OpaquePointer?) -> String? {
        guard let entry = av_dict_get(dictionary, key, nil, 0), let value = entry.pointee.value else { return nil }
        return String(cString: value)
    }

    /// The words of an FFmpeg error code.
    static func text(_ code: Int32) -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        _ = av_strerror(code, &buffer, buffer.count)
        return string(buffer)
    }

    /// A C string in a buffer.
    static func string(_ buffer: [CChar]) -> String {
        String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether a code means that a disk is full.
    static func isDiskFull(_ code: Int32) -> Bool {
        code == hype_averror(ENOSPC) || code == hype_averror(EDQUOT)
    }

    /// The `AVIOInterruptCB` that asks a switch; the caller keeps the switch alive as long as the context.
    static func callback(asking interrupt: MediaInterrupt) -> AVIOInterruptCB {
        AVIOInterruptCB(
            callback: { opaque in
                guard let opaque else { return 0 }
                return Unmanaged<MediaInterrupt>.fromOpaque(opaque).takeUnretainedValue().isCancelled ? 1 : 0
            },
            opaque: Unmanaged.passUnretained(interrupt).toOpaque()
        )
    }

    /// A time stamp, or nil where FFmpeg has none or it lies more than 126 years from zero, as in damaged files.
    static func timestamp(_ ticks: Int64, in timebase: Timebase) -> Int64? {
        guard ticks != hype_nopts else { return nil }
        let time = MediaTime(pts: ticks, timebase: timebase).nanoseconds
        return abs(Double(time)) < 4e18 ? ticks : nil
    }
}

extension Timebase {
    /// Takes FFmpeg's fraction; what is not a positive fraction becomes 1 in its part.
    init(_ fraction: AVRational) {
        self.init(fraction.num, fraction.den)
    }

    /// The same fraction for FFmpeg.
    var rational: AVRational { AVRational(num: numerator, den: denominator) }
}

extension Timebase {
    /// FFmpeg's common timebase, microseconds.
    static let microseconds = Timebase(1, 1_000_000)
    /// The timebase of ``MediaTime``.
    static let nanoseconds = Timebase(1, 1_000_000_000)

    /// The number of ticks nearest to a span.
    func ticks(_ span: Duration) -> Int64 {
        MediaTime(nanoseconds: span.nanoseconds).pts(in: self)
    }

    /// The span of a number of ticks.
    func span(_ ticks: Int64) -> Duration {
        .nanoseconds(MediaTime(pts: ticks, timebase: self).nanoseconds)
    }
}
