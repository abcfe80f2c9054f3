import HypeEvents
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(1)))
struct WebhookGuardTests {
    private func door(_ addresses: [String], allowsPrivate: Bool = false) -> WebhookGuard {
        var settings = WebhookSettings()
        settings.allowsPrivate = allowsPrivate
        return WebhookGuard(resolver: FixedResolver(addresses), settings: settings)
    }

    @Test
    func everyAddressOfANameMustBeAllowed() async throws {
        let address = try WebhookAddress("https://example.com/")
        #expect(try await door(["1.1.1.1", "2606:4700::1111"]).destinations(of: address).count == 2)
        let failure = await #expect(throws: WebhookFailure.self) {
            try await door(["1.1.1.1", "192.168.1.4"]).destinations(of: address)
        }
        #expect(failure?.code == .forbidden)
    }

    @Test(arguments: AddressReach.allCases)
    func privateAddressesNeedTheSettingAndOthersAreNeverAllowed(reach: AddressReach) {
        #expect(WebhookGuard.isAllowed(reach, allowsPrivate: false) == (reach == .global))
        #expect(WebhookGuard.isAllowed(reach, allowsPrivate: true) == [.global, .loopback, .private].contains(reach))
    }

    /// Ways to write this machine that the system understands although they do not look like it.
    @Test(arguments: ["localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1", "0"])
    func disguisesOfThisMachineAreSeenThrough(host: String) async throws {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let resolver = SystemResolver(threads: threads, group: MultiThreadedEventLoopGroup.singleton)
        let door = WebhookGuard(resolver: resolver, settings: WebhookSettings())
        let address = try WebhookAddress("http://\(host)/")
        let failure = await #expect(throws: WebhookFailure.self) { try await door.destinations(of: address) }
        #expect(failure?.code == .forbidden)
        try await threads.shutdownGracefully()
    }

    @Test
    func aNameThatCannotExistIsUnresolved() async throws {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        let resolver = SystemResolver(threads: threads, group: MultiThreadedEventLoopGroup.singleton)
        let failure = await #expect(throws: WebhookFailure.self) {
            // A label longer than 63 letters is refused without asking anybody.
            try await resolver.addresses(of: String(repeating: "a", count: 64) + ".invalid", within: .seconds(20))
        }
        #expect(failure?.code == .unresolved)
        try await threads.shutdownGracefully()
    }

    @Test
    func whoWaitsIsLetGoAtTheLimit() async throws {
        // No thread runs, so nobody ever answers.
        let resolver = SystemResolver(
            threads: NIOThreadPool(numberOfThreads: 1),
            group: MultiThreadedEventLoopGroup.singleton
        )
        let failure = await #expect(throws: WebhookFailure.self) {
            try await resolver.addresses(of: "example.invalid", within: .milliseconds(1))
        }
        #expect(failure?.code == .unresolved)
    }
}

/// Knows one answer.
struct FixedResolver: HostResolver {
    let answer: [IPAddress]

    init(_ addresses: [String]) { answer = addresses.compactMap { IPAddress($0) } }

    func addresses(of host: String, within limit: Duration) async throws(WebhookFailure) -> [IPAddress] {
        guard !answer.isEmpty else { throw WebhookFailure(.unresolved, "nobody knows \(host)") }
        return answer
    }
}
