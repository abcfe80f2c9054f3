/// Where the server listens, who may use it and how much a client may ask for.
package struct ServerSettings: Sendable {
    /// Paths of PEM files that make the server speak TLS.
    package struct Certificate: Hashable, Sendable {
        /// Path of the certificate chain, the server's own first.
        package var chain: String
        /// Path of the private key.
        package var key: String

        /// Creates a pair of paths.
        package init(chain: String, key: String) {
            self.chain = chain
            self.key = key
        }
    }

    /// How often something may be done from one address.
    package struct Rate: Hashable, Sendable {
        /// How often at once, at least 1.
        package var burst: Int
        /// How often in the long run, per minute; above 0.
        package var perMinute: Double

        /// Creates a rate.
        package init(burst: Int, perMinute: Double) {
            self.burst = burst
            self.perMinute = perMinute
        }
    }

    /// The shortest token that is taken, in characters.
    package static let shortestToken = 16

    /// Address to listen on; anything but a loopback address needs ``token``.
    package var host = "127.0.0.1"
    /// Port to listen on, 0…65535; 0 takes any free one.
    package var port = 3000
    /// What a client must present; nil lets everyone on this machine in.
    package var token: String?
    /// Makes the server speak TLS; nil for plain HTTP.
    package var certificate: Certificate?
    /// Origins of other pages that may call the API from a browser, such as `https://example.org`.
    package var allowedOrigins: [String] = []
    /// Further host names under which the server may be addressed, without port.
    package var allowedHosts: [String] = []
    /// How often a log-in may be tried.
    package var logIns = Rate(burst: 5, perMinute: 5)
    /// How often an upload may be begun.
    package var uploads = Rate(burst: 30, perMinute: 60)
    /// What may be asked about emotions, and how long answers are kept.
    package var predictions = PredictionSettings()
    /// Bytes of all header fields of a request, 1024…1,048,576.
    package var headerBytes = 32 << 10
    /// Bytes of a JSON document in a request, 1024…16,777,216.
    package var documentBytes = 64 << 10
    /// Connections at the same time, at least 8; more wait in the backlog.
    package var connections = 4096
    /// Seconds without a request, or in the middle of one without a byte, after which a connection ends; 1…3600.
    package var idle = Duration.seconds(60)
    /// Seconds in which a client that is sent something must take some of it; 1…3600.
    package var stall = Duration.seconds(30)
    /// Seconds between two comments on a quiet event stream, 1…300.
    package var keepAlive = Duration.seconds(15)
    /// Seconds that running requests have after the server was told to end, 0…60.
    package var drain = Duration.seconds(8)
    /// How long a log-in of the dashboard lasts; one minute…one year.
    package var logInLifetime = Duration.seconds(7 * 24 * 3600)

    /// The settings that are right for one streamer's machine.
    package init() {}

    /// Whether only this machine can reach the server.
    package var isLoopback: Bool { PeerAddress.isLoopback(host) }

    /// Checks every setting.
    ///
    /// - Throws: ``ServerFailure`` with ``ServerFailure/Code/settings`` that names all mistakes, one per line.
    package func validate() throws(ServerFailure) {
        var mistakes: [String] = []
        func check(_ isRight: Bool, _ mistake: @autoclosure () -> String) {
            if !isRight { mistakes.append(mistake()) }
        }
        check(!host.isEmpty, "The host to listen on is empty.")
        check((0...65535).contains(port), "Port \(port) is not in 0…65535.")
        check(
            isLoopback || token != nil,
            "Listening on \(host) lets others reach the server: set a token, or listen on 127.0.0.1."
        )
        if let token {
            check(
                token.utf8.count >= Self.shortestToken && token.utf8.allSatisfy { (0x21...0x7E).contains($0) },
                "The token must have at least \(Self.shortestToken) characters, printable ASCII without blanks."
            )
        }
        for rate in [logIns, uploads] {
            check(rate.burst >= 1 && rate.perMinute > 0, "A rate must allow at least one, more than zero per minute.")
        }
        check(
            predictions.parallel >= 1 && predictions.waiting >= 1 && predictions.kept >= 1,
            "At least one prediction must be read, wait and be kept."
        )
        for origin in allowedOrigins {
            check(
                Origin(origin).map { $0.description == origin } ?? false,
                "The origin “\(origin)” must read like https://example.org, without a path."
            )
        }
        check((1 << 10...1 << 20).contains(headerBytes), "\(headerBytes) header bytes are not in 1024…1048576.")
        check((1 << 10...1 << 24).contains(documentBytes), "\(documentBytes) document bytes are not in 1024…16777216.")
        check(connections >= 8, "At least 8 connections must be allowed.")
        for (name, span, longest) in [("idle", idle, 3600), ("stall", stall, 3600), ("keep-alive", keepAlive, 300)] {
            check(span >= .seconds(1) && span <= .seconds(longest), "The \(name) time is not in 1…\(longest) s.")
        }
        check(drain >= .zero && drain <= .seconds(60), "The drain time is not in 0…60 s.")
        check(
            logInLifetime >= .seconds(60) && logInLifetime <= .seconds(366 * 24 * 3600),
            "The lifetime of a log-in is not in a minute…a year."
        )
        guard mistakes.isEmpty else { throw ServerFailure(.settings, mistakes.joined(separator: "\n")) }
    }
}

extension ServerSettings: CustomStringConvertible, CustomReflectable {
    package var description: String { "ServerSettings(\(host):\(port), token: \(token == nil ? "none" : "<secret>"))" }
    package var customMirror: Mirror { Mirror(self, children: ["host": host, "port": port]) }
}
