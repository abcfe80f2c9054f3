package import NIOCore
package import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Finds the addresses of a host.
package protocol HostResolver: Sendable {
    /// The addresses of a name, or the one of an address that is written out.
    ///
    /// - Parameters:
    ///   - host: A name or an address, without brackets.
    ///   - limit: How long it may take.
    /// - Returns: At least one address, in the order in which they should be tried.
    /// - Throws: ``WebhookFailure`` with ``WebhookFailure/Code/unresolved``.
    func addresses(of host: String, within limit: Duration) async throws(WebhookFailure) -> [IPAddress]
}

/// Asks the system, as every other program on the machine does.
///
/// The system's function blocks and cannot be interrupted, so it runs on threads of its own; whoever waits is let go at
/// the limit.
package struct SystemResolver: HostResolver {
    private let threads: NIOThreadPool
    private let group: any EventLoopGroup

    /// Creates a resolver.
    ///
    /// - Parameters:
    ///   - threads: Threads that run and may be blocked for as long as a name server is silent.
    ///   - group: Where limits are watched.
    package init(threads: NIOThreadPool, group: any EventLoopGroup) {
        self.threads = threads
        self.group = group
    }

    package func addresses(of host: String, within limit: Duration) async throws(WebhookFailure) -> [IPAddress] {
        if let address = IPAddress(host) { return [address] }
        let loop = group.any()
        let promise = loop.makePromise(of: [IPAddress].self)
        let late = WebhookFailure(.unresolved, "the name \(host) was not resolved in time; try again later")
        let deadline = loop.scheduleTask(in: TimeAmount(limit)) { promise.fail(late) }
        threads.submit { state in
            // Completing the promise after the deadline has no effect.
            guard case .active = state else { return promise.fail(late) }
            promise.completeWith(Result { try Self.ask(host) })
        }
        defer { deadline.cancel() }
        do {
            return try await withTaskCancellationHandler {
                try await promise.futureResult.get()
            } onCancel: {
                promise.fail(late)
            }
        } catch let failure as WebhookFailure {
            throw failure
        } catch {
            throw WebhookFailure(.unresolved, "the name \(host) cannot be resolved", cause: error)
        }
    }

    private static func ask(_ host: String) throws -> [IPAddress] {
        var hints = addrinfo()
        #if canImport(Glibc)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else {
            let reason = String(cString: gai_strerror(code))
            throw WebhookFailure(
                .unresolved,
                "the name \(host) cannot be resolved (\(reason)); check how it is spelled"
            )
        }
        defer { freeaddrinfo(list) }
        var addresses: [IPAddress] = []
        var next = list
        while let entry = next {
            if let address = address(of: entry.pointee), !addresses.contains(address) { addresses.append(address) }
            next = entry.pointee.ai_next
        }
        guard !addresses.isEmpty else { throw WebhookFailure(.unresolved, "the name \(host) has no address") }
        return addresses
    }

    private static func address(of entry: addrinfo) -> IPAddress? {
        guard let socket = entry.ai_addr else { return nil }
        let raw = UnsafeRawPointer(socket)
        switch entry.ai_family {
        case AF_INET:
            let address = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            return withUnsafeBytes(of: address) { IPAddress(bytes: Array($0)) }
        case AF_INET6:
            let address = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return withUnsafeBytes(of: address) { IPAddress(bytes: Array($0)) }
        default: return nil
        }
    }
}
