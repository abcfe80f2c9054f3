import Foundation
import HypeCore
import HypeStore
import Testing

struct PagePositionTests {
    @Test func comesBackFromItsCursor() throws {
        var random = SplitMix64(seed: 3)
        let ids = ["", " ", "a b", "\u{301}x", "🏳️‍🌈", "zero\0", "\"", String(repeating: "é", count: 300)]
        for id in ids {
            for time in [Int64.min, -1, 0, 1_700_000_000_000, .max] {
                for list in PagePosition.List.allCases {
                    let position = PagePosition(time: time, id: id)
                    let query = PageQuery(cursor: position.cursor(of: list))
                    #expect(try PagePosition(of: query, in: list) == position)
                    let other = PagePosition.List.allCases.filter { $0 != list }.randomElement(using: &random) ?? .clips
                    #expect(throws: StoreError.self) { try PagePosition(of: query, in: other) }
                }
            }
        }
    }

    @Test func survivesAnyChangeOfItsLetters() throws {
        var random = SplitMix64(seed: 11)
        let cursor = Array(PagePosition(time: 1_700_000_000_000, id: "clip-1").cursor(of: .clips).utf8)
        var refused = 0
        for _ in 0..<20_000 {
            var letters = cursor
            for _ in 0...random.index(below: 3) {
                switch random.index(below: 3) {
                case 0 where !letters.isEmpty: letters.remove(at: random.index(below: letters.count))
                case 1:
                    letters.insert(UInt8(truncatingIfNeeded: random.next()), at: random.index(below: letters.count + 1))
                default:
                    guard !letters.isEmpty else { continue }
                    letters[random.index(below: letters.count)] = UInt8(truncatingIfNeeded: random.next())
                }
            }
            let text = String(decoding: letters, as: UTF8.self)
            do {
                let position = try PagePosition(of: PageQuery(cursor: text), in: .clips)
                #expect(position.cursor(of: .clips) == text)
            } catch {
                #expect(error.code == .badCursor)
                refused += 1
            }
        }
        #expect(refused > 10_000)
    }

    @Test func comparesIdentifiersByTheirBytes() {
        // Strings compare é and e with an accent as the same; databases do not.
        let left = PagePosition(time: 1, id: "e\u{301}")
        let right = PagePosition(time: 1, id: "\u{E9}")
        #expect(left < right)
        #expect(PagePosition(time: 0, id: "z") < left)
        #expect(!(left < left))
    }
}
