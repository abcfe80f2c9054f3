package import HTTPTypes

/// Decides who may send which request: the host it names, the page it comes from, and what it presents.
///
/// Pure; see `docs/api.md` for the rules in words.
package struct AccessPolicy: Sendable {
    /// What a route does to the world.
    package enum Effect: Hashable, Sendable {
        /// Open to everyone who reaches the server.
        case open
        /// Tells something.
        case read
        /// Changes something.
        case change
    }

    /// What a request presents.
    package enum Credential: Hashable, Sendable {
        /// Nothing, or something that is worth nothing.
        case none
        /// The token itself, in a header field that no other page can set.
        case token
        /// The cookie of a browser that is logged in.
        case cookie
    }

    /// Why a request is refused.
    package enum Refusal: Error, Hashable, Sendable {
        /// The request names a host that is not ours (421).
        case host
        /// A credential is needed (401).
        case credential
        /// Another page's doing (403).
        case foreignPage
    }

    private let needsToken: Bool
    private let scheme: String
    private let hosts: Set<String>?
    private let origins: Set<Origin>

    /// Creates the policy that follows from settings.
    package init(_ settings: ServerSettings) {
        needsToken = settings.token != nil
        scheme = settings.certificate == nil ? "http" : "https"
        let extra = Set(settings.allowedHosts.map { $0.lowercased() })
        let own: Set = ["localhost", "127.0.0.1", "[::1]", settings.host.lowercased()]
        hosts = settings.isLoopback ? own.union(extra) : extra.isEmpty ? nil : extra
        origins = Set(settings.allowedOrigins.compactMap(Origin.init))
    }

    /// Checks the name under which the server was addressed.
    ///
    /// A page whose name was pointed at this machine after it was loaded (DNS rebinding) still sends its own name.
    ///
    /// - Parameter authority: The `Host` field.
    /// - Throws: ``Refusal/host``.
    package func checkHost(_ authority: String?) throws(Refusal) {
        guard let authority, let (host, _) = HostName.split(authority) else { throw .host }
        guard hosts?.contains(host) ?? true else { throw .host }
    }

    /// Checks one request.
    ///
    /// - Parameters:
    ///   - effect: What the route does.
    ///   - method: The request's method.
    ///   - authority: The `Host` field.
    ///   - headers: The other fields.
    ///   - credential: What the request presents.
    /// - Throws: ``Refusal``.
    package func check(
        _ effect: Effect,
        method: HTTPRequest.Method,
        authority: String?,
        headers: HTTPFields,
        credential: Credential
    ) throws(Refusal) {
        guard effect != .open else { return }
        if needsToken, credential == .none { throw .credential }
        guard effect == .change, credential != .token else { return }
        guard isOwnPage(authority: authority, headers: headers, isAddress: method == .get) else { throw .foreignPage }
    }

    /// Whether a page of this origin may open a WebSocket or read answers: our own, or one that is listed.
    ///
    /// - Parameters:
    ///   - origin: The `Origin` field; nil where the client is no browser.
    ///   - authority: The `Host` field.
    /// - Returns: Whether it may.
    package func allows(origin: String?, authority: String?) -> Bool {
        guard let origin else { return true }
        guard let named = Origin(origin) else { return false }
        return origins.contains(named) || named == authority.flatMap { Origin(scheme: scheme, authority: $0) }
    }

    /// The listed origin of another page, which may read the answer (CORS); nil for all others.
    package func foreignOrigin(_ origin: String?) -> String? {
        guard let origin, let named = Origin(origin), origins.contains(named) else { return nil }
        return origin
    }

    /// Whether a request that changes something comes from our own page or from no page at all.
    ///
    /// Browsers tell with `Sec-Fetch-Site`, older ones with `Origin`; an address that a person typed is `none`. A GET of an older
    /// browser tells neither, only who referred to it; so one that calls itself a browser must have been referred by us.
    private func isOwnPage(authority: String?, headers: HTTPFields, isAddress: Bool) -> Bool {
        if let origin = headers[.origin] { return allows(origin: origin, authority: authority) }
        if let site = headers[.secFetchSite] { return site == "same-origin" || site == "none" }
        guard isAddress, headers[.userAgent]?.hasPrefix("Mozilla/") ?? false else { return true }
        guard let referrer = headers[.referer].flatMap(Origin.init) else { return false }
        return referrer == authority.flatMap { Origin(scheme: scheme, authority: $0) }
    }
}

extension HTTPField.Name {
    static let secFetchSite = known("Sec-Fetch-Site")
    static let prefer = known("Prefer")
    static let preferenceApplied = known("Preference-Applied")
    static let requestID = known("X-Request-Id")
    static let lastEventID = known("Last-Event-ID")
    static let contentSecurityPolicy = known("Content-Security-Policy")
    static let contentTypeOptions = known("X-Content-Type-Options")
    static let frameOptions = known("X-Frame-Options")
    static let referrerPolicy = known("Referrer-Policy")
    static let resourcePolicy = known("Cross-Origin-Resource-Policy")
    static let openerPolicy = known("Cross-Origin-Opener-Policy")

    /// A name that this program spells itself, so it is well formed.
    static func known(_ name: String) -> HTTPField.Name {
        guard let made = HTTPField.Name(name) else { preconditionFailure("“\(name)” is no name of a header field") }
        return made
    }
}
