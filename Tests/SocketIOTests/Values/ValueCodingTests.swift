import NIOCore
import SocketIO
import Testing

@Suite
struct ValueCodingTests {
    struct Clip: Codable, Hashable {
        enum State: String, Codable { case queued, saved }

        var id: String
        var percent: Int
        var score: Double?
        var state: State
        var tags: [String]
        var evidence: [String: [Float]]
        var thumbnail: ByteBuffer?
        var nested: [[UInt8]]
        var raw: SocketIOValue
    }

    private let clip = Clip(
        id: "a",
        percent: 40,
        score: nil,
        state: .saved,
        tags: ["x", "y"],
        evidence: ["chat": [0.5]],
        thumbnail: ByteBuffer(bytes: [1, 2]),
        nested: [[1], []],
        raw: ["k": [1, .binary(ByteBuffer(bytes: [3]))]]
    )

    @Test
    func encodesAsJSONWouldAndKeepsBytes() throws {
        let value = try SocketIOValue(encoding: clip)
        #expect(
            value == [
                "id": "a", "percent": 40, "state": "saved", "tags": ["x", "y"], "evidence": ["chat": [0.5]],
                "thumbnail": .binary(ByteBuffer(bytes: [1, 2])), "nested": [[1], []],
                "raw": ["k": [1, .binary(ByteBuffer(bytes: [3]))]],
            ]
        )
        #expect(value.object?.members.map(\.name).prefix(2) == ["id", "percent"])
    }

    @Test
    func decodesWhatItEncoded() throws {
        #expect(try SocketIOValue(encoding: clip).decode(as: Clip.self) == clip)
    }

    @Test
    func scalarsAndListsNeedNoContainer() throws {
        #expect(try SocketIOValue(encoding: 5) == 5)
        #expect(try SocketIOValue(encoding: ["a", nil]) == ["a", nil])
        #expect(try SocketIOValue(encoding: UInt64.max) == .double(Double(UInt64.max)))
        #expect(try SocketIOValue.double(7).decode(as: Int8.self) == 7)
        #expect(try SocketIOValue.null.decode(as: Int?.self) == nil)
    }

    @Test
    func namesThePlaceThatDoesNotFit() throws {
        let value: SocketIOValue = ["id": "a", "percent": "many"]
        let error = #expect(throws: DecodingError.self) { try value.decode(as: Clip.self) }
        guard case .typeMismatch(_, let context) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(context.codingPath.map(\.stringValue) == ["percent"])
        #expect(throws: DecodingError.self) { try SocketIOValue.int(300).decode(as: UInt8.self) }
        #expect(throws: DecodingError.self) { try SocketIOValue.array([1]).decode(as: [String: Int].self) }
    }
}
