/// A request to one of Twitch's HTTP services, ready to be sent.
///
/// Its description names neither headers nor body: both carry secrets.
package struct TwitchCall: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The HTTP method.
    package enum Method: String, Hashable, Sendable {
        case get = "GET"
        case post = "POST"
    }

    /// A header.
    package struct Header: Hashable, Sendable {
        /// Its name.
        package let name: String
        /// Its value.
        package let value: TwitchSecret
    }

    /// The HTTP method.
    package let method: Method
    /// The address, with its query; holds no secret.
    package let url: String
    /// The headers.
    package private(set) var headers: [Header] = []
    /// The body; empty where there is none.
    package private(set) var body: [UInt8] = []

    /// Creates a request.
    ///
    /// - Parameters:
    ///   - method: The HTTP method.
    ///   - url: The address without a query.
    ///   - query: Names and values to be put behind the address.
    init(_ method: Method, _ url: String, query: [(String, String)] = []) {
        self.method = method
        self.url = query.isEmpty ? url : url + "?" + FormText.encoded(query)
    }

    /// The same with a form as body.
    func form(_ fields: [(String, String)]) -> TwitchCall {
        var call = self
        call.body = Array(FormText.encoded(fields).utf8)
        call.headers.append(Header(name: "Content-Type", value: TwitchSecret("application/x-www-form-urlencoded")))
        return call
    }

    /// The same with a JSON text as body.
    func json(_ text: [UInt8]) -> TwitchCall {
        var call = self
        call.body = text
        call.headers.append(Header(name: "Content-Type", value: TwitchSecret("application/json")))
        return call
    }

    /// The same with a header more.
    func header(_ name: String, _ value: String) -> TwitchCall {
        var call = self
        call.headers.append(Header(name: name, value: TwitchSecret(value)))
        return call
    }

    package var description: String { "\(method.rawValue) \(url)" }
    package var customMirror: Mirror { Mirror(self, children: ["method": method, "url": url]) }
}

/// Writes names and values as `application/x-www-form-urlencoded`.
enum FormText {
    /// The pairs as text; everything but unreserved characters (RFC 3986) is written as `%xx`.
    static func encoded(_ fields: [(String, String)]) -> String {
        fields.map { encoded($0.0) + "=" + encoded($0.1) }.joined(separator: "&")
    }

    private static func encoded(_ text: String) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                let digits = Array("0123456789ABCDEF".utf8)
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
