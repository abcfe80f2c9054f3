package import NIOCore
import NIOHTTP1
import NIOPosix
package import NIOSSL
import Synchronization

/// Sends requests over HTTP/1.1, one connection each, to addresses that the guard has looked at.
///
/// Neither redirects nor proxies are followed, and no connection is kept: a receiver hears of something every few
/// minutes, so a kept connection would mostly be found dead.
package struct WebhookClient: WebhookTransport {
    /// Addresses of one host that are tried one after the other.
    private static let addresses = 3

    private let settings: WebhookSettings
    private let door: WebhookGuard
    private let group: any EventLoopGroup
    private let trust: LazyTrust

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - settings: Limits.
    ///   - resolver: Finds the addresses of names.
    ///   - group: Where connections are looked after.
    ///   - tls: Whom to believe; the system's certificate authorities where nothing is said.
    package init(
        settings: WebhookSettings,
        resolver: any HostResolver,
        group: any EventLoopGroup,
        tls: TLSConfiguration = .makeClientConfiguration()
    ) {
        self.settings = settings
        self.group = group
        door = WebhookGuard(resolver: resolver, settings: settings)
        trust = LazyTrust(configuration: tls)
    }

    package func send(_ request: WebhookRequest) async -> WebhookResult? {
        let addresses: [IPAddress]
        do {
            addresses = try await door.destinations(of: request.address)
        } catch {
            if Task.isCancelled { return nil }
            return error.code == .unresolved ? .unreachable(error.message) : .refused(error.message)
        }
        var failure: any Error = CancellationError()
        for address in addresses.prefix(Self.addresses) {
            do {
                return try await exchange(request, with: address)
            } catch let error as NotConnected {
                failure = error.cause
            } catch {
                return nil
            }
        }
        return .unreachable("cannot be reached: \(ReplyReader.words(for: failure))")
    }

    /// Sends to one address.
    ///
    /// - Throws: ``NotConnected`` where nothing was sent, or `CancellationError`.
    private func exchange(_ request: WebhookRequest, with address: IPAddress) async throws -> WebhookResult {
        let context = request.address.isSecure ? try trust.context() : nil
        // A certificate for a name is asked for by that name, one for an address is compared with the address.
        let name = IPAddress(request.address.host) == nil ? request.address.host : nil
        let loop = group.any()
        let reply = loop.makePromise(of: WebhookResult.self)
        let socket: SocketAddress
        do {
            socket = try SocketAddress(packedIPAddress: ByteBuffer(bytes: address.bytes), port: request.address.port)
        } catch {
            reply.fail(error)
            throw NotConnected(cause: error)
        }
        let bootstrap = ClientBootstrap(group: loop)
            .connectTimeout(TimeAmount(settings.connectLimit))
            .channelInitializer { [settings] channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    if let context {
                        try pipeline.addHandler(NIOSSLClientHandler(context: context, serverHostname: name))
                    }
                    try pipeline.addHTTPClientHandlers()
                    try pipeline.addHandler(ReplyReader(request: request, settings: settings, promise: reply))
                }
            }
        bootstrap.connect(to: socket).whenComplete { result in
            switch result {
            case .failure(let error): reply.fail(NotConnected(cause: error))
            case .success(let channel): reply.futureResult.whenComplete { _ in channel.close(promise: nil) }
            }
        }
        return try await withTaskCancellationHandler {
            try await reply.futureResult.get()
        } onCancel: {
            reply.fail(CancellationError())
        }
    }

    /// No connection came about, so another address may be tried.
    private struct NotConnected: Error {
        let cause: any Error
    }

    /// Reads the certificate authorities when the first `https` address needs them, not at the start of the program.
    private final class LazyTrust: Sendable {
        private let configuration: TLSConfiguration
        private let made = Mutex<NIOSSLContext?>(nil)

        init(configuration: TLSConfiguration) { self.configuration = configuration }

        func context() throws -> NIOSSLContext {
            do {
                return try made.withLock { made in
                    if let made { return made }
                    let context = try NIOSSLContext(configuration: configuration)
                    made = context
                    return context
                }
            } catch {
                throw NotConnected(cause: error)
            }
        }
    }
}
