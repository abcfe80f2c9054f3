import HTTPTypes

extension RouteCatalogue {
    /// The streamer's account on Twitch.
    var accountRoutes: [Route] {
        [
            Route(.get, "/api/twitch", .read) { [parts] _ in
                try Wire.response(await parts.account.account(), headers: [.cacheControl: "no-store"])
            },
            Route(.post, "/api/twitch/login", .change) { [parts] _ in
                try Wire.response(try await parts.account.logIn(), headers: [.cacheControl: "no-store"])
            },
            Route(.delete, "/api/twitch/login", .change) { [parts] _ in
                try await parts.account.logOut()
                return Wire.empty(.noContent)
            },
        ]
    }
}
