import HTTPTypes

extension RouteCatalogue {
    private struct State: Encodable {
        var required: Bool
        var authenticated: Bool
    }

    private struct LogIn: Decodable {
        var token: String
    }

    /// Logging a browser in and out.
    var logInRoutes: [Route] {
        [
            Route(.get, "/api/login", .open) { [gatekeeper] request in
                let isIn = !gatekeeper.needsToken || request.credential != .none
                return try Wire.response(State(required: gatekeeper.needsToken, authenticated: isIn))
            },
            Route(.post, "/api/login", .open) { [gatekeeper, measures] request in
                let logIn = try await request.document(LogIn.self)
                guard gatekeeper.needsToken else { return Wire.empty(.noContent) }
                guard let cookie = try gatekeeper.logIn(logIn.token, from: request.peer.address) else {
                    measures.count(.refusedLogIns)
                    throw Problem(401, "This is not the server's token.")
                }
                return Wire.empty(.noContent, headers: [.setCookie: cookie])
            },
            Route(.post, "/api/logout", .open) { [gatekeeper] request in
                Wire.empty(.noContent, headers: [.setCookie: gatekeeper.logOut(request.headers)])
            },
        ]
    }
}
