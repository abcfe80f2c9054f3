import AsyncHTTPClient
import HypeChat
import NIOCore
import NIOHTTP1

/// Sends requests to Twitch's HTTP services.
///
/// Neither redirects nor compressed answers are asked for; answers above ``TwitchReply/longestBody`` are refused.
struct TwitchHTTP: Sendable {
    /// One client for the whole program; it lives as long as the process, so nobody has to shut it down.
    private static let client = HTTPClient(
        eventLoopGroupProvider: .singleton,
        configuration: configuration
    )

    private static var configuration: HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout = .init(connect: .seconds(10), read: .seconds(10))
        configuration.httpVersion = .http1Only
        return configuration
    }

    private let limit: TimeAmount

    /// Creates a sender.
    ///
    /// - Parameter limit: How long a request may take with its answer.
    init(limit: Duration) {
        self.limit = TimeAmount(limit)
    }

    /// Sends a request and reads the answer, whatever its status.
    ///
    /// - Parameter call: The request.
    /// - Returns: The answer.
    /// - Throws: ``TwitchFailure`` where no whole answer came.
    func send(_ call: TwitchCall) async throws(TwitchFailure) -> TwitchReply {
        var request = HTTPClientRequest(url: call.url)
        request.method = HTTPMethod(rawValue: call.method.rawValue)
        request.headers.add(name: "User-Agent", value: "Hypeclip")
        request.headers.add(name: "Accept", value: "application/json")
        for header in call.headers { request.headers.add(name: header.name, value: header.value.revealed) }
        if !call.body.isEmpty { request.body = .bytes(ByteBuffer(bytes: call.body)) }
        do {
            let response = try await Self.client.execute(request, timeout: limit)
            let body = try await response.body.collect(upTo: TwitchReply.longestBody)
            return TwitchReply(status: Int(response.status.code), body: Array(body.readableBytesView))
        } catch let error as HTTPClientError where Self.isTimeout(error) {
            throw TwitchFailure(.timeout, "Twitch did not answer in time", cause: error)
        } catch is NIOTooManyBytesError {
            throw TwitchFailure(.badReply, "Twitch's answer is larger than any answer can be")
        } catch {
            throw TwitchFailure(.network, "Twitch cannot be reached; check the network", cause: error)
        }
    }

    private static func isTimeout(_ error: HTTPClientError) -> Bool {
        [.connectTimeout, .readTimeout, .writeTimeout, .deadlineExceeded, .getConnectionFromPoolTimeout].contains(error)
    }
}
