import Foundation
import HypeChat
import Testing

@Suite
struct TokenKeeperTests {
    private static let identity = TwitchIdentity(
        userID: "42",
        login: "ann",
        scopes: ["user:read:chat"],
        remaining: .seconds(14_000)
    )

    private static func tokens(_ number: Int, refresh: Bool = true) -> TwitchTokens {
        TwitchTokens(
            access: TwitchSecret("access\(number)"),
            refresh: refresh ? TwitchSecret("refresh\(number)") : nil,
            expires: Date(timeIntervalSince1970: 1_780_000_000),
            scopes: ["user:read:chat"]
        )
    }

    /// A keeper whose login Twitch has taken.
    private static func good() -> TokenKeeper {
        var keeper = TokenKeeper()
        _ = keeper.loaded(tokens(1), at: .zero)
        _ = keeper.validated(.success(identity), at: .zero)
        return keeper
    }

    @Test
    func validatesAtTheStartAndEveryHour() {
        var keeper = TokenKeeper()
        #expect(keeper.loaded(Self.tokens(1), at: .zero) == [.validate(TwitchSecret("access1"))])
        #expect(keeper.standing == .unchecked)
        #expect(keeper.validated(.success(Self.identity), at: .seconds(1)) == [.use(TwitchSecret("access1"))])
        #expect(keeper.standing == .good(Self.identity))
        #expect(keeper.nextDeadline == .seconds(3601))
        #expect(keeper.tick(at: .seconds(3600)) == [])
        #expect(keeper.tick(at: .seconds(3601)) == [.validate(TwitchSecret("access1"))])
        #expect(keeper.nextDeadline == nil)
    }

    @Test
    func validatesAgainWhenTheTokenEnds() {
        var keeper = TokenKeeper()
        _ = keeper.loaded(Self.tokens(1), at: .zero)
        let short = TwitchIdentity(userID: "42", login: "ann", scopes: [], remaining: .seconds(100))
        _ = keeper.validated(.success(short), at: .zero)
        #expect(keeper.nextDeadline == .seconds(100))
    }

    @Test
    func refreshesOnceForManyRefusals() {
        var keeper = Self.good()
        #expect(keeper.unauthorized(TwitchSecret("access1"), at: .zero) == [.refresh(TwitchSecret("refresh1"))])
        #expect(keeper.unauthorized(TwitchSecret("access1"), at: .zero) == [])
        #expect(keeper.wanted(at: .zero) == [])
        #expect(keeper.tick(at: .seconds(9999)) == [])
        #expect(keeper.refreshed(.success(Self.tokens(2)), at: .zero) == [.store(Self.tokens(2))])
        #expect(keeper.wanted(at: .zero) == [])
        #expect(keeper.stored(at: .zero) == [.validate(TwitchSecret("access2"))])
        #expect(keeper.validated(.success(Self.identity), at: .zero) == [.use(TwitchSecret("access2"))])
        #expect(keeper.unauthorized(TwitchSecret("access1"), at: .zero) == [])
    }

    @Test
    func isNotUsedBeforeItIsStored() {
        var keeper = Self.good()
        _ = keeper.unauthorized(TwitchSecret("access1"), at: .zero)
        let actions = keeper.refreshed(.success(Self.tokens(2)), at: .zero)
        #expect(actions == [.store(Self.tokens(2))])
        #expect(keeper.isBusy)
    }

    @Test
    func keepsTheRefreshTokenThatTwitchLeavesOut() {
        var keeper = Self.good()
        _ = keeper.unauthorized(TwitchSecret("access1"), at: .zero)
        var expected = Self.tokens(2)
        expected.refresh = TwitchSecret("refresh1")
        #expect(keeper.refreshed(.success(Self.tokens(2, refresh: false)), at: .zero) == [.store(expected)])
    }

    @Test
    func losesALoginThatTwitchDoesNotRefresh() {
        var keeper = Self.good()
        _ = keeper.unauthorized(TwitchSecret("access1"), at: .zero)
        let failure = TwitchFailure(.unauthorized, "Invalid refresh token")
        #expect(keeper.refreshed(.failure(failure), at: .zero) == [.forget, .fail(failure)])
        #expect(keeper.standing == .lost(reason: "Invalid refresh token"))
        #expect(keeper.wanted(at: .zero) == [.fail(failure)])
        #expect(keeper.nextDeadline == nil)
    }

    @Test
    func keepsALoginWhileTwitchIsOutOfReach() {
        var keeper = Self.good()
        _ = keeper.unauthorized(TwitchSecret("access1"), at: .zero)
        let failure = TwitchFailure(.network, "no route to host")
        #expect(keeper.refreshed(.failure(failure), at: .zero) == [.fail(failure)])
        #expect(keeper.nextDeadline == .seconds(30))
        #expect(keeper.tick(at: .seconds(30)) == [.validate(TwitchSecret("access1"))])
        #expect(keeper.validated(.failure(failure), at: .seconds(30)) == [.fail(failure)])
        #expect(keeper.tick(at: .seconds(60)) == [.validate(TwitchSecret("access1"))])
        #expect(
            keeper.validated(.failure(TwitchFailure(.unauthorized, "")), at: .seconds(60)) == [
                .refresh(TwitchSecret("refresh1"))
            ]
        )
    }

    @Test
    func doesNotRefreshForEver() {
        var keeper = Self.good()
        _ = keeper.unauthorized(TwitchSecret("access1"), at: .zero)
        _ = keeper.refreshed(.success(Self.tokens(2)), at: .zero)
        _ = keeper.stored(at: .zero)
        let failure = TwitchFailure(.unauthorized, "the login was made for another client ID")
        #expect(keeper.validated(.failure(failure), at: .zero) == [.forget, .fail(failure)])
    }

    @Test
    func refreshesAgainWhenTheReplacementEndsHoursLater() {
        var keeper = Self.good()
        _ = keeper.unauthorized(TwitchSecret("access1"), at: .zero)
        _ = keeper.refreshed(.success(Self.tokens(2)), at: .zero)
        _ = keeper.stored(at: .zero)
        _ = keeper.validated(.success(Self.identity), at: .zero)
        #expect(keeper.tick(at: .seconds(3600)) == [.validate(TwitchSecret("access2"))])
        let refusal = TwitchFailure(.unauthorized, "invalid access token")
        #expect(keeper.validated(.failure(refusal), at: .seconds(3600)) == [.refresh(TwitchSecret("refresh2"))])
    }

    @Test
    func losesALoginWithoutRefreshToken() {
        var keeper = TokenKeeper()
        _ = keeper.loaded(Self.tokens(1, refresh: false), at: .zero)
        let actions = keeper.validated(.failure(TwitchFailure(.unauthorized, "invalid access token")), at: .zero)
        #expect(actions.first == .forget)
    }

    @Test
    func saysThatNobodyIsLoggedIn() {
        var keeper = TokenKeeper()
        #expect(keeper.loaded(nil, at: .zero) == [])
        guard case .fail(let failure)? = keeper.wanted(at: .zero).first else {
            Issue.record("no failure")
            return
        }
        #expect(failure.code == .unauthorized)
        #expect(keeper.standing == .none)
    }

    @Test
    func showsNoSecretInDescriptions() {
        var keeper = Self.good()
        var texts = ["\(keeper)", String(reflecting: keeper), "\(Self.tokens(1))"]
        let actions = keeper.unauthorized(TwitchSecret("access1"), at: .zero)
        let more = keeper.refreshed(.success(Self.tokens(2)), at: .zero)
        texts += ["\(actions)", String(reflecting: more), "\(keeper)"]
        _ = keeper.stored(at: .zero)
        var dumped = ""
        dump(keeper, to: &dumped)
        dump(more, to: &dumped)
        texts.append(dumped)
        for text in texts {
            #expect(!text.contains("access1") && !text.contains("refresh1"), "\(text)")
            #expect(!text.contains("access2") && !text.contains("refresh2"), "\(text)")
        }
    }
}
