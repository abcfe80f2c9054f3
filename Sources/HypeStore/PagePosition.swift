import Foundation

/// A place in a list that is sorted by time and identifier, the newest first: just before it the next page begins.
package struct PagePosition: Hashable, Comparable, Sendable {
    /// Which list a cursor belongs to, so that a cursor of another list is refused.
    package enum List: String, Sendable, CaseIterable {
        case clips = "c"
        case deletions = "d"
        case sessions = "s"
        case moments = "m"
        case deliveries = "w"
    }

    /// Longest cursor that is looked at, in bytes.
    static let longestCursor = 16_384

    /// Whole milliseconds since 1970.
    package var time: Int64
    /// The identifier; of several entries with the same time, the one with the smaller identifier comes later.
    package var id: String

    /// Creates a position.
    package init(time: Int64, id: String) {
        self.time = time
        self.id = id
    }

    /// After this comes the whole list.
    package static let beginning = PagePosition(time: .max, id: "")

    /// Identifiers are compared by their UTF-8 bytes, as both databases do.
    package static func < (left: PagePosition, right: PagePosition) -> Bool {
        if left.time != right.time { return left.time < right.time }
        return left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }

    /// The cursor of the page after this position: base64url without padding.
    package func cursor(of list: List) -> String {
        let content = Data("1\(list.rawValue)\(time) \(id)".utf8)
        return (content + Self.checksum(content)).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads where a page begins.
    ///
    /// - Parameters:
    ///   - query: The page that is wanted.
    ///   - list: The list it belongs to.
    /// - Throws: ``StoreError`` with ``StoreError/Code/badCursor`` where the cursor was not made for this list.
    package init(of query: PageQuery, in list: List) throws(StoreError) {
        guard let cursor = query.cursor else {
            self = .beginning
            return
        }
        guard let position = Self.parse(cursor, list) else {
            throw StoreError(
                .badCursor,
                "The cursor is not one of this list. Take the `next` of the page before, or leave it out to begin anew."
            )
        }
        self = position
    }

    /// Four bytes by which a cursor that was cut off or mistyped is recognised (FNV-1a); no protection against forgery,
    /// since a forged cursor shows nothing that a list does not show anyway.
    private static func checksum(_ content: Data) -> Data {
        let hash = content.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
        return Data((0..<4).map { UInt8(truncatingIfNeeded: hash >> (8 * $0)) })
    }

    private static func parse(_ cursor: String, _ list: List) -> PagePosition? {
        let letters = Array(cursor.utf8)
        let isPlain = letters.allSatisfy { letter in
            switch letter {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard isPlain, letters.count <= longestCursor else { return nil }
        var base64 = cursor.replacing("-", with: "+").replacing("_", with: "/")
        base64 += String(repeating: "=", count: (4 - letters.count % 4) % 4)
        // Byte by byte, since a blank and an accent at the beginning of an identifier would be one letter.
        let prefix = "1\(list.rawValue)".utf8
        guard let whole = Data(base64Encoded: base64), whole.count >= 4, case let data = whole.dropLast(4),
            checksum(data) == whole.suffix(4), data.starts(with: prefix),
            let blank = data.firstIndex(of: UInt8(ascii: " ")),
            let time = Int64(String(decoding: data[data.startIndex..<blank].dropFirst(prefix.count), as: UTF8.self)),
            let id = String(validating: data[(blank + 1)...], as: UTF8.self)
        else { return nil }
        let position = PagePosition(time: time, id: id)
        // What this store made comes out the same; anything else was tampered with.
        return position.cursor(of: list) == cursor ? position : nil
    }
}
