import HTTPTypes
import HypeCore
import HypeEvents
import HypeStore

extension RouteCatalogue {
    /// Clips as documents.
    var clipRoutes: [Route] {
        [
            Route(.get, "/api/clips", .read) { [parts] request in
                let target = request.target
                var query = ClipQuery(page: try target.page())
                query.session = try target.text("session")
                query.channel = try target.text("channel")
                query.keep = try target.flag("keep")
                query.kind = try target.choice("kind", of: SignalKind.self)
                query.since = try target.date("since")
                query.until = try target.date("until")
                query.title = try target.text("title")
                let page = try await parts.store.clipDocuments(query)
                return Wire.list(page.items, next: page.next)
            },
            Route(.get, "/api/clip/{id}", .read) { [parts] request in
                guard let clip = try await parts.store.clip(try request.identifier()) else { throw Self.noClip }
                return try Wire.response(clip)
            },
            Route(.patch, "/api/clip/{id}", .change) { [parts] request in
                let id = try request.identifier()
                let change = try await request.document(ClipPatch.self).change()
                let clip = try await parts.store.update(id, change)
                await parts.events.publish(.clip, session: clip.sessionId, clip)
                return try Wire.response(clip)
            },
            Route(.delete, "/api/clip/{id}", .change) { [parts] request in
                try Wire.response(try await parts.clips.delete(try request.identifier(), cause: .request))
            },
        ]
    }

    /// The answer where a clip is asked for that is not there.
    static var noClip: Problem { Problem(404, "There is no such clip.") }
}
