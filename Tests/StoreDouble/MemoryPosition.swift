import Foundation
import HypeCore
import HypeStore

/// A place in a list that is sorted by time and identifier, the newest first, and its cursor.
struct MemoryPosition: Hashable, Comparable {
    /// Whole milliseconds since 1970.
    var time: Int64
    var id: String

    init(time: Date, id: String) {
        self.time = Self.milliseconds(time)
        self.id = id
    }

    /// Reads a cursor.
    ///
    /// - Parameters:
    ///   - cursor: The text.
    ///   - list: The name of the list that it belongs to.
    /// - Throws: ``StoreError`` with ``StoreError/Code/badCursor`` where it is no cursor of this list.
    init(_ cursor: String, of list: String) throws(StoreError) {
        let padding = String(repeating: "=", count: (4 - cursor.utf8.count % 4) % 4)
        let base64 = cursor.replacing("-", with: "+").replacing("_", with: "/") + padding
        if let data = Data(base64Encoded: base64), let text = String(validating: data, as: UTF8.self) {
            let parts = text.unicodeScalars.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
            if parts.count == 3, !parts[2].isEmpty, String(parts[0]) == list, let time = Int64(String(parts[1])) {
                self.time = time
                id = String(parts[2])
                if self.cursor(of: list) == cursor { return }
            }
        }
        throw StoreError(.badCursor, "the cursor was not made for this list; begin with the first page")
    }

    /// The cursor of the page after this place.
    func cursor(of list: String) -> String {
        Data("\(list) \(time) \(id)".utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    static func < (left: MemoryPosition, right: MemoryPosition) -> Bool {
        left.time != right.time
            ? left.time < right.time : left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }

    static func milliseconds(_ time: Date) -> Int64 { Int64((time.timeIntervalSince1970 * 1000).rounded()) }

    /// A time to the millisecond, as databases keep it.
    static func rounded(_ time: Date) -> Date {
        Date(timeIntervalSince1970: Double(milliseconds(time)) / 1000)
    }
}
