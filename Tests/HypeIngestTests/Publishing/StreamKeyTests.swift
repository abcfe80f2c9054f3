import HypeIngest
import Testing

struct StreamKeyTests {
    @Test(arguments: [
        ("abc", "abc", true), ("abc", "abc?token=1", true), ("abc", "abd", false), ("abc", "ab", false),
        ("abc", "abcabc", false), ("ab", "abab", false), ("", "", false), ("abc", "", false), ("", "abc", false),
    ])
    func comparesWhole(key: String, presented: String, fits: Bool) {
        #expect(StreamKey(key).matches(StreamKey(presented)) == fits)
    }

    @Test func isNeverPrinted() {
        let key = StreamKey("s3cret")
        let request = PublishRequest(app: "live", key: key, encoder: nil)
        var dumped = ""
        dump(request, to: &dumped)
        for text in ["\(key)", String(reflecting: key), "\(request)", dumped, "\(PublishSession.Action.ask(request))"] {
            #expect(!text.contains("s3cret"))
            #expect(!text.contains("115"))
        }
    }

    @Test func tableKnowsAppAndKey() async {
        let table = StreamKeyTable()
        table.set(StreamKey("one"), for: "a")
        table.set(StreamKey("two"), app: "studio", for: "b")
        #expect(await table.session(app: "live", key: StreamKey("one")) == .session("a"))
        #expect(await table.session(app: "live", key: StreamKey("two")) == .wrongKey)
        #expect(await table.session(app: "studio", key: StreamKey("two")) == .session("b"))
        table.set(StreamKey("three"), for: "a")
        #expect(await table.session(app: "live", key: StreamKey("one")) == .wrongKey)
        table.remove(session: "a")
        #expect(await table.session(app: "live", key: StreamKey("three")) == .wrongKey)
    }
}
