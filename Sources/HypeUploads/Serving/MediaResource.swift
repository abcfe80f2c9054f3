package import Foundation

/// A file as HTTP sees it.
package struct MediaResource: Hashable, Sendable {
    /// Size in bytes, at least 0.
    package var size: Int64
    /// Its media type.
    package var mediaType: String
    /// A strong entity tag in its quotation marks, such as ``Upload/entityTag``; nil for none.
    package var entityTag: String?
    /// When it was last changed, nil where that is not known.
    package var modified: Date?
    /// Name under which a browser saves it, nil for none; see ``DisplayName``.
    package var name: String?
    /// Whether a browser saves it at once instead of showing it.
    package var isAttachment = false
    /// `Cache-Control` of the answer, nil for none.
    package var cacheControl: String?

    /// Describes a file.
    package init(size: Int64, mediaType: String, entityTag: String? = nil, modified: Date? = nil, name: String? = nil) {
        self.size = size
        self.mediaType = mediaType
        self.entityTag = entityTag
        self.modified = modified
        self.name = name
    }

    /// `Content-Disposition` (RFC 6266): a plain name for old clients, and the real one (RFC 8187).
    var disposition: String? {
        let kind = isAttachment ? "attachment" : "inline"
        guard let name else { return isAttachment ? kind : nil }
        let safe = DisplayName(name).description
        let plain = String(safe.map { $0.isASCII && $0 != "\"" && $0 != "\\" && $0 != "%" ? $0 : "_" })
        let signs = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ!#$&+-.^_`|~".utf8
        let extended = safe.utf8.map { byte in
            if signs.contains(byte) { return String(Unicode.Scalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "%0\(digits)" : "%\(digits)"
        }.joined()
        return "\(kind); filename=\"\(plain)\"; filename*=UTF-8''\(extended)"
    }
}
