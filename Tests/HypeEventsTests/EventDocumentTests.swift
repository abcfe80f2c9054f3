import Foundation
import HypeCore
import HypeEvents
import HypeStore
import Testing

@Suite
struct EventDocumentTests {
    @Test
    func theDocumentHoldsThePayloadByteForByte() throws {
        let payload = Data(#"{"score":0.1000,"b":[1]}"#.utf8)
        let time = Date(timeIntervalSince1970: 1_700_000_000)
        let record = EventRecord(id: 42, time: time, kind: .newClip, sessionId: "s1", payload: payload)
        let json = String(decoding: try EventDocument.encode(record), as: UTF8.self)
        #expect(
            json
                == #"{"id":42,"kind":"new_clip","sessionId":"s1","time":"2023-11-14T22:13:20.000Z","payload":{"score":0.1000,"b":[1]}}"#
        )
    }
}
