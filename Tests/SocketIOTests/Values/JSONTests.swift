import SocketIO
import Testing

@Suite
struct JSONTests {
    @Test(
        arguments: [
            ("null", SocketIOValue.null), ("true", true), ("[]", []), ("{}", [:]), ("-0", 0), ("12", 12),
            ("9223372036854775807", .int(.max)), ("9223372036854775808", .double(0x1p63)), ("1.5e3", 1500.0),
            ("-2.5E-1", -0.25), (#""a\"\\\/\b\f\n\r\t""#, "a\"\\/\u{8}\u{C}\n\r\t"), (#""\u00e9\uD83D\uDE00""#, "é😀"),
            (#""\ud83d""#, "\u{FFFD}"), (#""\ud83dx""#, "\u{FFFD}x"), (#""\ud83d\u0041""#, "\u{FFFD}A"),
            (#""é😀""#, "é😀"),
            (" [ 1 , {\"a\" : [ null ] } ] ", [1, ["a": [nil]]]), (#"{"a":1,"a":2}"#, ["a": 2]),
        ] as [(String, SocketIOValue)]
    )
    func reads(text: String, value: SocketIOValue) throws {
        #expect(try SocketIOValue(json: text) == value)
    }

    @Test(
        arguments: [
            "", " ", "nul", "tru", "[", "[1", "[1,", "[1,]", "[,1]", "{", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}",
            "{a:1}",
            "{1:1}", "01", "-", "+1", "1.", ".5", "1e", "1e+", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"",
            "\"\n\"",
            "1 2", "[] x", "NaN", "'a'", "\u{FEFF}1",
        ]
    )
    func refuses(text: String) {
        #expect(throws: SocketIOJSONError.self) { try SocketIOValue(json: text) }
    }

    @Test
    func nestingIsLimited() throws {
        let deep = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
        _ = try SocketIOValue(json: deep)
        #expect(throws: SocketIOJSONError.tooDeep) { try SocketIOValue(json: "[" + deep + "]") }
        #expect(throws: SocketIOJSONError.tooDeep) {
            try SocketIOValue(json: String(repeating: "{\"a\":", count: 100_000))
        }
    }

    @Test
    func namesTheByteThatDoesNotBelong() {
        #expect(throws: SocketIOJSONError.unexpectedByte(UInt8(ascii: "x"), offset: 3)) {
            try SocketIOValue(json: "[1 x]")
        }
    }

    @Test(
        arguments: [
            (SocketIOValue.null, "null"), (.double(.nan), "null"), (.double(-.infinity), "null"), (1500.0, "1500"),
            (0.1, "0.1"), (.double(1e300), "1e+300"), (-5, "-5"), ("a\"\\\n\u{1}é/", #""a\"\\\n\u0001é/""#),
            (["b": 1, "a": [true, nil]], #"{"b":1,"a":[true,null]}"#),
        ] as [(SocketIOValue, String)]
    )
    func writes(value: SocketIOValue, text: String) {
        #expect(value.json == text)
    }

    @Test
    func damagedTextNeverCrashesAndWhatIsReadSurvivesARoundTrip() throws {
        let whole = Array(#"{"name":"é\u00e9","list":[1,-2.5e3,true,null,{"deep":[[["x"]]]}],"text":"a\\b\"c"}"#.utf8)
        var random = SeededRandom(seed: 51)
        var readable = 0
        for _ in 0..<20_000 {
            let text = String(decoding: random.damage(whole), as: UTF8.self)
            guard let value = try? SocketIOValue(json: text) else { continue }
            readable += 1
            #expect(try SocketIOValue(json: value.json).json == value.json)
        }
        #expect(readable > 100)
    }
}
