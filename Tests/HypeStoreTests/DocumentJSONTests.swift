import Foundation
import HypeCore
import HypeStore
import Testing

@Suite
struct DocumentJSONTests {
    private struct Sample: Codable, Equatable {
        var text: String
        var numbers: [Double?]
        var keyed: [String: Double?] = [:]
    }

    @Test
    func instantsHaveMillisecondsAndKeysAreSorted() throws {
        struct Dated: Encodable {
            var zone = "/a"
            var at = Date(timeIntervalSince1970: 1_700_000_000.25)
        }
        let json = String(decoding: try DocumentJSON.encode(Dated()), as: UTF8.self)
        #expect(json == #"{"at":"2023-11-14T22:13:20.250Z","zone":"/a"}"#)
    }

    @Test(arguments: ["2023-11-14T22:13:20.250Z", "2023-11-14T22:13:20Z"])
    func instantsAreReadWithAndWithoutFraction(text: String) throws {
        let date = try #require(DocumentJSON.instant(of: text))
        #expect(abs(date.timeIntervalSince1970 - 1_700_000_000) < 0.3)
    }

    @Test
    func numbersThatJSONDoesNotKnowBecomeNull() throws {
        let sample = Sample(text: "x", numbers: [.nan, 1.5, .infinity, -.infinity], keyed: ["a": .nan])
        let json = String(decoding: try DocumentJSON.encode(sample), as: UTF8.self)
        #expect(json == #"{"keyed":{"a":null},"numbers":[null,1.5,null,null],"text":"x"}"#)
    }

    @Test
    func textsOfViewersAreNeverTakenForSuchNumbers() throws {
        let evil = DocumentJSON.placeholder
        let texts = ["\"\(evil)\"", ",\"\(evil)\"", "[\"\(evil)", "\(evil)\",", ":\"\(evil)\",\"", "\\\"\(evil)\\"]
        for text in texts {
            let sample = Sample(text: text, numbers: [.nan], keyed: [text: 1, evil: 2])
            let back = try DocumentJSON.decode(Sample.self, from: try DocumentJSON.encode(sample))
            #expect(back.text == text)
            #expect(back.keyed == [text: 1, evil: 2])
            #expect(back.numbers == [nil])
        }
    }

    @Test
    func anyTextSurvives() throws {
        var generator = SplitMix64(seed: 7)
        let evil = DocumentJSON.placeholder
        let pieces = ["\"", "\\", ",", ":", "[", "{", "}", "]", evil, "\"\(evil)\"", "ä", "\u{1}"]
        for _ in 0..<2000 {
            let text = (0..<generator.index(below: 9)).map { _ in pieces[generator.index(below: pieces.count)] }
                .joined()
            // The one text that cannot be told apart, and that nobody can know.
            guard text != evil else { continue }
            let sample = Sample(
                text: text,
                numbers: [generator.happens(0.5) ? .nan : 0.1],
                keyed: ["k" + text: .infinity]
            )
            let back = try DocumentJSON.decode(Sample.self, from: try DocumentJSON.encode(sample))
            #expect(back.text == text)
            #expect(back.keyed == ["k" + text: nil])
        }
    }
}
