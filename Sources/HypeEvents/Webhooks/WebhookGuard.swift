/// Decides which addresses may be sent to.
///
/// The name is resolved here, every address that it has must be allowed, and the connection is made to the addresses that
/// were looked at, so a name server that answers differently the second time gains nothing.
package struct WebhookGuard: Sendable {
    private let resolver: any HostResolver
    private let allowsPrivate: Bool
    private let limit: Duration

    /// Creates a guard.
    ///
    /// - Parameters:
    ///   - resolver: Finds the addresses of names.
    ///   - settings: Whether private addresses are allowed, and how long resolving may take.
    package init(resolver: any HostResolver, settings: WebhookSettings) {
        self.resolver = resolver
        allowsPrivate = settings.allowsPrivate
        limit = settings.resolveLimit
    }

    /// Whether a place may be sent to.
    package static func isAllowed(_ reach: AddressReach, allowsPrivate: Bool) -> Bool {
        switch reach {
        case .global: true
        case .loopback, .private: allowsPrivate
        case .linkLocal, .multicast, .reserved: false
        }
    }

    /// Where to connect to for an address.
    ///
    /// - Parameter address: Where events are to be sent.
    /// - Returns: At least one IP address, in the order in which they should be tried.
    /// - Throws: ``WebhookFailure``: unresolved, or forbidden where any of the addresses is.
    package func destinations(of address: WebhookAddress) async throws(WebhookFailure) -> [IPAddress] {
        let addresses = try await resolver.addresses(of: address.host, within: limit)
        for candidate in addresses {
            let reach = AddressReach(candidate)
            guard Self.isAllowed(reach, allowsPrivate: allowsPrivate) else {
                let remedy =
                    reach == .loopback || reach == .private
                    ? "; allow private addresses in the settings if the receiver is yours" : ""
                throw WebhookFailure(
                    .forbidden,
                    "\(address.host) leads to a place that events are not sent to (\(reach.rawValue))\(remedy)"
                )
            }
        }
        return addresses
    }
}
