internal import NIOHTTP1

/// Which web pages may connect, by the `Origin` that browsers send with WebSockets and cross-origin requests.
///
/// Pages of the server's own host always may, and so do clients that send no origin: they are no browsers, and hold
/// no one else's credentials.
public struct SocketIOOrigins: Sendable, Hashable {
    /// Origins such as `https://example.org` that may connect.
    public var allowed: Set<String>
    /// Whether all origins may connect.
    public var allowsAll: Bool
    /// Whether browsers may send cookies along; never together with ``allowsAll``.
    public var allowsCredentials: Bool

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - allowed: Origins beside the server's own.
    ///   - allowsAll: Whether all origins may connect.
    ///   - allowsCredentials: Whether browsers may send cookies along; has no effect together with `allowsAll`.
    public init(allowed: Set<String> = [], allowsAll: Bool = false, allowsCredentials: Bool = false) {
        self.allowed = allowed
        self.allowsAll = allowsAll
        self.allowsCredentials = allowsCredentials
    }

    /// Whether a request may come in.
    func admits(_ headers: HTTPHeaders) -> Bool {
        let origins = headers["origin"]
        guard let origin = origins.first else { return true }
        guard origins.count == 1 else { return false }
        return allowsAll || allowed.contains(origin) || isSameHost(origin, headers)
    }

    private func isSameHost(_ origin: String, _ headers: HTTPHeaders) -> Bool {
        let hosts = headers["host"]
        guard hosts.count == 1, let host = hosts.first, let mark = origin.range(of: "://") else { return false }
        let scheme = origin[..<mark.lowerBound].lowercased()
        guard let port = ["http": ":80", "https": ":443"][scheme] else { return false }
        func bare(_ text: some StringProtocol) -> String {
            let text = text.lowercased()
            return text.hasSuffix(port) ? String(text.dropLast(port.count)) : text
        }
        return !host.isEmpty && bare(origin[mark.upperBound...]) == bare(host)
    }

    /// What a cross-origin answer must carry so that the page may read it.
    func headers(for request: HTTPHeaders) -> [(String, String)] {
        guard let origin = request.first(name: "origin"), allowsAll || allowed.contains(origin) else { return [] }
        if allowsAll { return [("Access-Control-Allow-Origin", "*")] }
        var headers = [("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]
        if allowsCredentials { headers.append(("Access-Control-Allow-Credentials", "true")) }
        return headers
    }

    /// What the answer to a preflight carries besides.
    func preflightHeaders(for request: HTTPHeaders) -> [(String, String)] {
        var headers = [("Access-Control-Allow-Methods", "GET,POST"), ("Access-Control-Max-Age", "600")]
        let wanted = request["access-control-request-headers"].joined(separator: ", ")
        if !wanted.isEmpty { headers.append(("Access-Control-Allow-Headers", wanted)) }
        return headers
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
            start = index(after: start)
        }
        return nil
    }
}
