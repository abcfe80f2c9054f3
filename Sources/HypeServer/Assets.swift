import CHypeAssets
import Crypto
import Foundation
package import NIOCore

/// A file that is part of the program.
package struct Asset: Sendable {
    /// Its content.
    package let bytes: ByteBuffer
    /// Media type.
    package let mediaType: String
    /// A strong entity tag, in its quotation marks.
    package let entityTag: String

    /// Whether it is a page, which may load other files.
    package var isPage: Bool { mediaType.hasPrefix("text/html") || mediaType == "image/svg+xml" }
}

/// The dashboard's files and the description of the API.
///
/// They are part of the binary, so the program needs no path of any source tree.
package enum Assets {
    private static let all: [String: Asset] = {
        var all: [String: Asset] = [:]
        for index in 0..<hype_asset_count() {
            let entry = hype_asset(index)
            guard let name = entry.name, let start = entry.bytes else { continue }
            let bytes = ByteBuffer(bytes: UnsafeRawBufferPointer(start: start, count: entry.count))
            let digest = SHA256.hash(data: Data(bytes.readableBytesView)).prefix(16)
            let hex = digest.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
            let text = String(cString: name)
            all[text] = Asset(bytes: bytes, mediaType: mediaType(text), entityTag: "\"\(hex)\"")
        }
        return all
    }()

    /// The names of all files.
    package static var names: [String] { all.keys.sorted() }

    /// The file with a name, or nil.
    package static func named(_ name: String) -> Asset? { all[name] }

    private static func mediaType(_ name: String) -> String {
        switch name.split(separator: ".").last {
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "json": "application/json"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "webmanifest": "application/manifest+json"
        default: "application/octet-stream"
        }
    }
}
