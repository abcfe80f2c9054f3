import Foundation
import HTTPTypes
import HypeServer
import Testing

@Suite
struct CredentialTests {
    @Test
    func aDigestMatchesItsSecretOnlyAndHidesIt() {
        let digest = TokenDigest("the secret of the server")
        #expect(digest.matches("the secret of the server"))
        for wrong in ["", "the secret of the serve", "the secret of the server ", "THE SECRET OF THE SERVER"] {
            #expect(!digest.matches(wrong))
        }
        #expect(!"\(digest)".contains("secret of"))
    }

    @Test
    func aLogInEndsWithItsTime() {
        var logIns = LoginSessions(lifetime: .seconds(60))
        let start = Date(timeIntervalSince1970: 0)
        logIns.add("key", at: start)
        #expect(logIns.contains("key", at: start.addingTimeInterval(59)))
        #expect(!logIns.contains("key", at: start.addingTimeInterval(60)))
        #expect(!logIns.contains("other", at: start))
    }

    @Test
    func loggingOutForgetsOneBrowser() {
        var logIns = LoginSessions(lifetime: .seconds(60))
        let start = Date(timeIntervalSince1970: 0)
        logIns.add("one", at: start)
        logIns.add("two", at: start)
        logIns.remove("one")
        #expect(!logIns.contains("one", at: start))
        #expect(logIns.contains("two", at: start))
    }

    @Test
    func theOldestLogInGoesWhenThereAreTooMany() {
        var logIns = LoginSessions(lifetime: .seconds(600), capacity: 3)
        let start = Date(timeIntervalSince1970: 0)
        for second in 0..<5 { logIns.add("key\(second)", at: start.addingTimeInterval(Double(second))) }
        #expect(logIns.count == 3)
        #expect(!logIns.contains("key1", at: start.addingTimeInterval(5)))
        #expect(logIns.contains("key4", at: start.addingTimeInterval(5)))
    }

    @Test
    func aBucketFillsAgain() {
        var limiter = RateLimiter(ServerSettings.Rate(burst: 3, perMinute: 60))
        let waits = (0..<4).map { _ in limiter.take("a", at: .zero) }
        #expect(waits == [nil, nil, nil, 1])
        #expect(limiter.take("b", at: .zero) == nil)
        #expect(limiter.take("a", at: .milliseconds(500)) == 1)
        #expect(limiter.take("a", at: .seconds(1)) == nil)
        #expect(limiter.take("a", at: .seconds(1)) == 1)
        for _ in 0..<3 { #expect(limiter.take("a", at: .seconds(3600)) == nil) }
        #expect(limiter.take("a", at: .seconds(3600)) == 1)
    }

    @Test
    func theTableOfAddressesIsBounded() {
        var limiter = RateLimiter(ServerSettings.Rate(burst: 2, perMinute: 1), capacity: 100)
        for number in 0..<10_000 { _ = limiter.take("\(number)", at: .milliseconds(number)) }
        #expect(limiter.count == 100)
    }

    @Test(
        arguments: [
            ("10.0.0.1", "10.0.0.1"), ("::ffff:10.0.0.1", "10.0.0.1"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
            ("2001:0db8::1", "2001:db8:0:0::/64"), ("::1", "0:0:0:0::/64"), ("fe80::1%eth0", "fe80:0:0:0::/64"),
        ]
    )
    func oneHouseholdIsOneBucket(address: String, bucket: String) {
        #expect(PeerAddress.bucket(address) == bucket)
    }

    @Test(arguments: ["127.0.0.1", "127.9.9.9", "localhost", "LocalHost", "::1", "[::1]"])
    func loopbackIsKnown(host: String) { #expect(PeerAddress.isLoopback(host)) }

    @Test(arguments: ["0.0.0.0", "::", "192.168.0.1", "127.0.0.1.evil.example", "127.0.0", "example.org", ""])
    func everythingElseIsNotLoopback(host: String) { #expect(!PeerAddress.isLoopback(host)) }
}
