import Foundation
import HTTPTypes
import HypeCore
import HypeEvents
import HypeStore

extension RouteCatalogue {
    /// What was decided, what was deleted, and what happened.
    var historyRoutes: [Route] {
        [
            Route(.get, "/api/moments", .read) { [parts] request in
                var query = MomentQuery(page: try request.target.page())
                query.session = try request.target.text("session")
                query.decision = try request.target.choice("decision", of: Moment.Decision.self)
                let page = try await parts.store.moments(query)
                return try Wire.response(ListDocument(items: page.items, next: page.next))
            },
            Route(.get, "/api/deletions", .read) { [parts] request in
                let page = try await parts.store.deletions(try request.target.page())
                return try Wire.response(ListDocument(items: page.items, next: page.next))
            },
            Route(.get, "/api/events/log", .read) { [parts] request in
                let target = request.target
                let records = try await parts.store.events(
                    after: try target.integer("after", in: 0...Int64.max) ?? 0,
                    session: try target.text("session"),
                    limit: try target.integer("limit", in: 1...1000) ?? 100
                )
                let last = try await parts.store.lastEvent()
                // The payloads are JSON already.
                let items = try records.map { String(decoding: try EventDocument.encode($0), as: UTF8.self) }
                return Wire.json(Data(#"{"items":[\#(items.joined(separator: ","))],"last":\#(last)}"#.utf8))
            },
        ]
    }
}
