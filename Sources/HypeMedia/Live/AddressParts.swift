import Foundation

/// The parts of a network address that decide whether it may be opened.
///
/// Reads the address as libavformat does, which is not how a browser would: the host begins behind the last `@` before
/// the path, and ends at the port.
struct AddressParts: Hashable, Sendable {
    /// Scheme in small letters.
    let scheme: String
    /// Host without brackets and port; may be empty.
    let host: String
    /// The address without user name, password, query and stream key, for messages.
    let name: String

    /// Takes an address apart; nil where it has no scheme, or characters that no address has.
    init?(_ text: String) {
        guard text.utf8.count <= 4096,
            text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 32 && $0.value != 127 }),
            let mark = text.range(of: "://")
        else { return nil }
        scheme = text[..<mark.lowerBound].lowercased()
        guard !scheme.isEmpty, scheme.allSatisfy({ $0.isLetter }) else { return nil }
        let rest = text[mark.upperBound...]
        let authority = rest.prefix { !"/?#\\".contains($0) }
        let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        if place.first == "[" {
            host = String(place.dropFirst().prefix { $0 != "]" })
        } else {
            host = String(place.prefix { $0 != ":" })
        }
        name = "\(scheme)://\(place)/…"
    }
}
