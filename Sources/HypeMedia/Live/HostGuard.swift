import CFFmpeg
import Foundation

/// Keeps a libavformat context from opening addresses on private hosts, as a hostile playlist would have it do.
///
/// A server may still redirect a request to a private host: what comes back is then refused, but was asked for.
final class HostGuard {
    typealias Opener =
        @convention(c) (
            UnsafeMutablePointer<AVFormatContext>?, UnsafeMutablePointer<UnsafeMutablePointer<AVIOContext>?>?,
            UnsafePointer<CChar>?, Int32, UnsafeMutablePointer<OpaquePointer?>?
        ) -> Int32

    private let original: Opener?

    /// Stands between a context and what it opens; the caller keeps the guard as long as the context.
    init(watching context: UnsafeMutablePointer<AVFormatContext>) {
        original = context.pointee.io_open
        context.pointee.opaque = Unmanaged.passUnretained(self).toOpaque()
        context.pointee.io_open = { context, output, url, flags, options in
            guard let context, let url, let opaque = context.pointee.opaque else { return hype_averror(EINVAL) }
            let guardian = Unmanaged<HostGuard>.fromOpaque(opaque).takeUnretainedValue()
            guard HostGuard.isAllowed(String(cString: url)), let original = guardian.original else {
                return hype_averror(EACCES)
            }
            let code = original(context, output, url, flags, options)
            guard code >= 0, let opened = output?.pointee else { return code }
            // Where a redirection led to, as the HTTP protocol tells.
            var location: UnsafeMutablePointer<UInt8>?
            guard av_opt_get(opened, "location", AV_OPT_SEARCH_CHILDREN, &location) >= 0, let location else {
                return code
            }
            defer { av_free(location) }
            let target = String(cString: location)
            if target.isEmpty || HostGuard.isAllowed(target) { return code }
            avio_closep(output)
            return hype_averror(EACCES)
        }
    }

    /// Whether an address lies on a public host, directly or behind `crypto+` and the like.
    static func isAllowed(_ url: String) -> Bool {
        let address =
            url.range(of: "crypto[+:]", options: [.regularExpression, .anchored])
            .map { String(url[$0.upperBound...]) } ?? url
        guard let parts = AddressParts(address), LiveAddress.Kind(scheme: parts.scheme) != nil else { return false }
        do {
            try HostCheck.requirePublic(parts.host)
            return true
        } catch {
            return false
        }
    }
}
