import HTTPTypes
import HypeCore
import HypeStore

extension RouteCatalogue {
    private struct Triggered: Encodable {
        var clipId: String
    }

    /// Watching streams.
    var sessionRoutes: [Route] {
        [
            Route(.get, "/start-monitoring", .change) { [parts] request in
                let channel = try request.target.text("channel", longest: 65)
                if let channel { try Self.checkChannel(channel, "channel") }
                return try Wire.response(try await parts.sessions.startMonitoring(channel: channel))
            },
            Route(.post, "/api/sessions", .change) { [parts] request in
                let wanted = try await request.document(SessionRequest.self)
                if let channel = wanted.channel { try Self.checkChannel(channel, "channel") }
                guard wanted.sources == 1 else {
                    let detail = "name exactly one of upload, rtmp, url and capture"
                    throw Problem(400, "The source is not clear: \(detail).", errors: [.init("upload", detail)])
                }
                let session = try await parts.sessions.start(wanted)
                return try Wire.response(
                    session,
                    status: .created,
                    headers: [.location: "/api/sessions/\(session.id)"]
                )
            },
            Route(.get, "/api/sessions", .read) { [parts] request in
                let page = try await parts.store.sessions(try request.target.page())
                var items: [Session] = []
                for session in page.items {
                    items.append(session.state.isOver ? session : await parts.sessions.running(session.id) ?? session)
                }
                return try Wire.response(ListDocument(items: items, next: page.next))
            },
            Route(.get, "/api/sessions/{id}", .read) { [parts] request in
                let id = try request.identifier()
                if let session = await parts.sessions.running(id) { return try Wire.response(session) }
                guard let session = try await parts.store.session(id) else { throw Self.noSession }
                return try Wire.response(session)
            },
            Route(.get, "/api/sessions/{id}/signals", .read) { [parts] request in
                let signals = try await parts.sessions.signals(try request.identifier())
                return try Wire.response(ListDocument(items: signals, next: nil))
            },
            Route(.delete, "/api/sessions/{id}", .change) { [parts] request in
                try Wire.response(try await parts.sessions.stop(try request.identifier()))
            },
            Route(.post, "/api/sessions/{id}/trigger", .change) { [parts] request in
                let id = try request.identifier()
                let wanted = try await request.optionalDocument(TriggerRequest.self) ?? TriggerRequest()
                try Self.check(wanted)
                let clip = try await parts.sessions.trigger(id, wanted)
                return try Wire.response(Triggered(clipId: clip), status: .accepted)
            },
        ]
    }

    private static var noSession: Problem { Problem(404, "There is no such session.") }

    /// Refuses what cannot be the name of a channel.
    static func checkChannel(_ channel: String, _ field: String) throws(Problem) {
        let name = channel.hasPrefix("#") ? channel.dropFirst() : channel[...]
        let isName = (1...64).contains(name.count) && name.allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
        guard isName else {
            let detail = "must have 1 to 64 letters, digits and underscores"
            throw Problem(400, "The channel \(detail).", errors: [Problem.Mistake(field, detail)])
        }
    }

    private static func check(_ wanted: TriggerRequest) throws(Problem) {
        var mistakes: [Problem.Mistake] = []
        if let before = wanted.before, !(1...120).contains(before) {
            mistakes.append(.init("before", "must be in 1…120 s"))
        }
        if let after = wanted.after, !(0...60).contains(after) { mistakes.append(.init("after", "must be in 0…60 s")) }
        if let title = wanted.title { mistakes += ClipPatch.mistakes(title: title) }
        guard mistakes.isEmpty else { throw Problem(400, "The request has values out of range.", errors: mistakes) }
    }
}
