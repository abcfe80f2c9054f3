import HTTPTypes

extension RouteCatalogue {
    private struct Wanted: Decodable {
        var name: String
        var channel: String?
    }

    private struct Change: Decodable {
        var channel: String?
    }

    /// Where encoders send streams, and by which keys.
    var ingestRoutes: [Route] {
        [
            Route(.get, "/api/ingest", .change) { [parts] _ in
                try Wire.response(try await parts.ingest.ingest(), headers: [.cacheControl: "no-store"])
            },
            Route(.post, "/api/ingest/keys", .change) { [parts] request in
                let wanted = try await request.document(Wanted.self)
                try Self.checkName(wanted.name)
                let channel = try wanted.channel.map { try Self.channelName($0) }
                let key = try await parts.ingest.makeKey(wanted.name, channel: channel ?? nil)
                return try Wire.response(key, status: .created, headers: [.location: "/api/ingest/keys/\(key.name)"])
            },
            Route(.patch, "/api/ingest/keys/{id}", .change) { [parts] request in
                let name = try request.identifier()
                let change = try await request.document(Change.self)
                let channel = try change.channel.map { try Self.channelName($0) }
                return try Wire.response(try await parts.ingest.setChannel(channel ?? nil, ofKey: name))
            },
            Route(.post, "/api/ingest/keys/{id}/renew", .change) { [parts] request in
                try Wire.response(try await parts.ingest.renewKey(try request.identifier()))
            },
            Route(.delete, "/api/ingest/keys/{id}", .change) { [parts] request in
                try await parts.ingest.removeKey(try request.identifier())
                return Wire.empty(.noContent)
            },
        ]
    }

    private static func checkName(_ name: String) throws(Problem) {
        let isName =
            (1...32).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
        guard isName else {
            let detail = "must have 1 to 32 letters, digits, hyphens and underscores"
            throw Problem(400, "The name \(detail).", errors: [Problem.Mistake("name", detail)])
        }
    }

    /// The channel without its sign; nil for an empty text, which takes the channel away.
    private static func channelName(_ text: String) throws(Problem) -> String? {
        guard !text.isEmpty else { return nil }
        try checkChannel(text, "channel")
        return text.hasPrefix("#") ? String(text.dropFirst()) : text
    }
}
