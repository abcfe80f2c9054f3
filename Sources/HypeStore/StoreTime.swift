package import Foundation

/// Wall-clock times as stores keep them: whole milliseconds since 1970.
package enum StoreTime {
    /// The whole milliseconds since 1970 of a time, rounded to the nearest and clamped to ±9·10¹⁵ (about ±285,000 years).
    package static func milliseconds(_ time: Date) -> Int64 {
        let value = (time.timeIntervalSince1970 * 1000).rounded()
        return value.isNaN ? 0 : Int64(min(max(value, -9e15), 9e15))
    }

    /// The time of whole milliseconds since 1970.
    package static func date(_ milliseconds: Int64) -> Date {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// A time as it comes back from a store.
    package static func rounded(_ time: Date) -> Date { date(milliseconds(time)) }
}
