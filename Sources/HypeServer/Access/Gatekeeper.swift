import Foundation
import HTTPTypes
import Synchronization

/// Knows the token, who is logged in, and who did something too often.
final class Gatekeeper: Sendable {
    /// The name of the cookie.
    static let cookie = "hypeclip"
    /// Random bytes of a log-in.
    private static let keyBytes = 32

    /// Whether a token is set.
    var needsToken: Bool { token != nil }

    private let token: TokenDigest?
    private let isSecure: Bool
    private let logIns: Mutex<LoginSessions>
    private let logInRate: Mutex<RateLimiter>
    private let uploadRate: Mutex<RateLimiter>
    private let elapsed: @Sendable () -> Duration

    /// Creates a gatekeeper.
    ///
    /// - Parameters:
    ///   - settings: The token and the rates.
    ///   - clock: Tells how much time passes.
    init(_ settings: ServerSettings, clock: some Clock<Duration>) {
        token = settings.token.map(TokenDigest.init)
        isSecure = settings.certificate != nil
        logIns = Mutex(LoginSessions(lifetime: settings.logInLifetime))
        logInRate = Mutex(RateLimiter(settings.logIns))
        uploadRate = Mutex(RateLimiter(settings.uploads))
        let start = clock.now
        elapsed = { start.duration(to: clock.now) }
    }

    /// What a request presents.
    func credential(_ headers: HTTPFields) -> AccessPolicy.Credential {
        if let presented = Self.bearer(headers), token?.matches(presented) ?? false { return .token }
        if let key = Self.key(headers), logIns.withLock({ $0.contains(key, at: now) }) { return .cookie }
        return .none
    }

    /// Logs a browser in.
    ///
    /// - Parameters:
    ///   - presented: What it says the token is.
    ///   - address: Where it is.
    /// - Returns: The `Set-Cookie` field; nil where it is not the token.
    /// - Throws: ``TooOften``.
    func logIn(_ presented: String, from address: String) throws(TooOften) -> String? {
        if let seconds = logInRate.withLock({ $0.take(PeerAddress.bucket(address), at: elapsed()) }) {
            throw TooOften(seconds: seconds)
        }
        guard let token, token.matches(presented) else { return nil }
        let key = RequestID.randomDigits(bytes: Self.keyBytes)
        let lifetime = logIns.withLock { logIns in
            logIns.add(key, at: now)
            return logIns.lifetime
        }
        return cookieField(key, seconds: Int(lifetime))
    }

    /// Logs a browser out.
    ///
    /// - Returns: The `Set-Cookie` field that makes it forget its key.
    func logOut(_ headers: HTTPFields) -> String {
        if let key = Self.key(headers) { logIns.withLock { $0.remove(key) } }
        return cookieField("", seconds: 0)
    }

    /// Asks whether an upload may begin.
    ///
    /// - Throws: ``TooOften``.
    func beginUpload(from address: String) throws(TooOften) {
        if let seconds = uploadRate.withLock({ $0.take(PeerAddress.bucket(address), at: elapsed()) }) {
            throw TooOften(seconds: seconds)
        }
    }

    /// A time that passes as the clock does; its zero means nothing.
    private var now: Date { Date(timeIntervalSinceReferenceDate: elapsed() / .seconds(1)) }

    private func cookieField(_ key: String, seconds: Int) -> String {
        "\(Self.cookie)=\(key); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }

    private static func bearer(_ headers: HTTPFields) -> String? {
        guard let field = headers[.authorization], field.count > 7, field.prefix(7).lowercased() == "bearer " else {
            return nil
        }
        return field.dropFirst(7).trimmingCharacters(in: .whitespaces)
    }

    private static func key(_ headers: HTTPFields) -> String? {
        for field in headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let sides = pair.split(separator: "=", maxSplits: 1)
                if sides.count == 2, sides[0].trimmingCharacters(in: .whitespaces) == cookie {
                    return sides[1].trimmingCharacters(in: .whitespaces)
                }
            }
        }
        return nil
    }
}
