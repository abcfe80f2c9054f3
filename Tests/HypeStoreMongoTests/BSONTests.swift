import Foundation
import HypeCore
import HypeStoreMongo
import Testing

struct BSONTests {
    private static let everything: BSONDocument = [
        "double": .double(-0.5), "nan": .double(.infinity), "string": "ä🏳️‍🌈\0z", "empty": "", "document": ["a": ["b": 1]],
        "array": [1, "two", [], .null], "binary": .binary(Data([0, 255, 7])), "nothing": .binary(Data()), "true": true,
        "false": false, "date": .date(-1), "null": .null, "int32": .int32(.min), "int64": .int64(.max), "": "no name",
    ]

    @Test func comesBackFromItsBytes() throws {
        #expect(try BSONDocument(bytes: Self.everything.encoded()) == Self.everything)
        #expect(try BSONDocument(bytes: BSONDocument().encoded()) == [:])
    }

    /// The two examples of https://bsonspec.org/faq.html, and one of each type as pymongo's bson module encodes it.
    @Test func writesTheBytesOfTheSpecification() throws {
        let cases: [(BSONDocument, String)] = [
            (["hello": "world"], "160000000268656c6c6f0006000000776f726c640000"),
            (
                ["BSON": ["awesome", .double(5.05), .int32(1986)]],
                "310000000442534f4e002600000002300008000000617765736f6d65000131003333333333331440103200c20700000000"
            ),
            (
                [
                    "a": .null, "b": true, "c": .date(1_700_000_000_123), "d": .binary(Data([1, 2])), "e": .int64(-2),
                    "f": ["g": 1],
                ],
                "3f0000000a6100086200010963007b68e5cf8b01000005640002000000000102126500feffffffffffffff"
                    + "0366001000000012670001000000000000000000"
            ),
        ]
        for (document, hexadecimal) in cases {
            let bytes = try document.encoded()
            let written = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
            #expect(written == hexadecimal)
            #expect(try BSONDocument(bytes: bytes) == document)
        }
    }

    @Test func leavesOutTypesItDoesNotKnow() throws {
        // Between two known fields, one of each type that is skipped.
        let skipped: [[UInt8]] = [
            [0x06], [0x07] + Array(repeating: 9, count: 12), [0x0B, 0x61, 0, 0x69, 0],
            [0x0C, 2, 0, 0, 0, 0x61, 0]
                + Array(repeating: 9, count: 12), [0x0D, 2, 0, 0, 0, 0x61, 0], [0x0E, 1, 0, 0, 0, 0],
            [0x0F, 15, 0, 0, 0, 2, 0, 0, 0, 0x61, 0, 5, 0, 0, 0, 0], [0x11] + Array(repeating: 9, count: 8),
            [0x13] + Array(repeating: 9, count: 16), [0x7F], [0xFF],
        ]
        for value in skipped {
            var bytes: [UInt8] = [0x08, 0x61, 0, 1, value[0], 0x78, 0] + value.dropFirst() + [0x08, 0x62, 0, 0, 0]
            let length = bytes.count + 4
            bytes = [UInt8(length), 0, 0, 0] + bytes
            #expect(try BSONDocument(bytes: bytes) == ["a": true, "b": false], "type \(value[0])")
        }
    }

    @Test func refusesWhatIsNoBSON() {
        let cases: [([UInt8], BSONError)] = [
            ([], .truncated), ([5, 0, 0], .truncated), ([5, 0, 0, 0], .truncated), ([4, 0, 0, 0], .malformed),
            ([5, 0, 0, 0, 1], .malformed), ([5, 0, 0, 0, 0, 0], .malformed), ([255, 255, 255, 255, 0], .malformed),
            ([255, 255, 255, 127, 0], .truncated), ([8, 0, 0, 0, 0x0A, 0x61, 0x62, 0], .truncated),
            ([8, 0, 0, 0, 0x20, 0x61, 0, 0], .malformed), ([9, 0, 0, 0, 0x08, 0x61, 0, 2, 0], .malformed),
            ([8, 0, 0, 0, 0x0A, 0xFF, 0, 0], .badText), ([14, 0, 0, 0, 2, 0x61, 0, 2, 0, 0, 0, 0xFF, 0, 0], .badText),
            ([14, 0, 0, 0, 2, 0x61, 0, 2, 0, 0, 0, 0x61, 0x62, 0], .malformed),
            ([14, 0, 0, 0, 2, 0x61, 0, 0, 0, 0, 0, 0x61, 0, 0], .malformed),
            ([14, 0, 0, 0, 2, 0x61, 0, 99, 0, 0, 0, 0x61, 0, 0], .truncated),
        ]
        for (bytes, wanted) in cases {
            #expect(throws: wanted, "\(bytes)") { try BSONDocument(bytes: bytes) }
        }
    }

    @Test func refusesToGoTooDeep() throws {
        var document: BSONDocument = ["a": 1]
        for _ in 0..<99 { document = ["a": .document(document)] }
        #expect(try BSONDocument(bytes: document.encoded()) == document)
        document = ["a": .document(document)]
        let bytes = try document.encoded()
        #expect(throws: BSONError.tooDeep) { try BSONDocument(bytes: bytes) }
    }

    @Test func refusesNamesWithAZeroByte() {
        #expect(throws: BSONError.zeroInName) { try (["a\0b": 1] as BSONDocument).encoded() }
        #expect(throws: BSONError.zeroInName) { try (["x": [["a\0b": 1]]] as BSONDocument).encoded() }
    }

    @Test func survivesAnyBytes() throws {
        var random = SplitMix64(seed: 17)
        let sound = try Self.everything.encoded()
        var understood = 0
        for round in 0..<30_000 {
            var bytes = sound
            for _ in 0...random.index(below: 4) {
                let place = random.index(below: bytes.count)
                switch random.index(below: 4) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes[place] ^= 1 << random.index(below: 8)
                case 2: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.index(below: 8)))
                default: bytes.insert(contentsOf: bytes.prefix(random.index(below: 20)), at: place)
                }
                if bytes.isEmpty { break }
            }
            if round.isMultiple(of: 3), bytes.count >= 4 {
                // With a length that fits, so that the inside is looked at.
                for index in 0..<4 { bytes[index] = UInt8(truncatingIfNeeded: bytes.count >> (8 * index)) }
            }
            guard let document = try? BSONDocument(bytes: bytes) else { continue }
            understood += 1
            // Compared as bytes, since a number that is none is not the same as itself.
            let encoded = try document.encoded()
            #expect(try BSONDocument(bytes: encoded).encoded() == encoded)
        }
        #expect(understood > 100)
    }

    @Test func bringsValuesThroughTheirJSON() throws {
        struct Value: Codable, Equatable {
            var text = "ä\0"
            var number = Int.max
            var fraction = 0.1
            var whole = 3.0
            var huge = 1e300
            var single: Float = 0.93
            var flag = true
            var nothing: Int?
            var list = [["a": 1], [:]]
            var time = Date(timeIntervalSince1970: 1_700_000_000.123)
        }
        let document = try BSONDocument(Value())
        #expect(document["flag"] == true)
        #expect(document["number"] == .int64(.max))
        #expect(document["time"] == .int64(1_700_000_000_123))
        let bytes = try document.encoded()
        #expect(try BSONDocument(bytes: bytes).value(Value.self) == Value())
    }
}
